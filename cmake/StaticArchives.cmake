# Libraries that are linked in as static archives, so that a wheel carries them.

# The target PACKAGE::PACKAGE of an archive whose place pkg_check_modules(PACKAGE …) has found, with
# the link options that follow.
function(apiwright_import_archive package archive)
  find_library(${package}_ARCHIVE ${archive} HINTS ${${package}_LIBRARY_DIRS} REQUIRED)
  add_library(${package}::${package} STATIC IMPORTED)
  set_target_properties(
    ${package}::${package} PROPERTIES IMPORTED_LOCATION "${${package}_ARCHIVE}"
                                      INTERFACE_INCLUDE_DIRECTORIES "${${package}_INCLUDE_DIRS}")
  # Hidden in a shared object: the host process's own copy and this one never meet, and libsodium's
  # archive is not position-independent towards symbols that are not.
  target_link_options(${package}::${package} INTERFACE ${ARGN} "LINKER:--exclude-libs,${archive}")
endfunction()

# Its calls of mmap and munmap come to cpp_core/src/passwords/hashing_memory.cpp, which says why.
pkg_check_modules(sodium REQUIRED libsodium)
apiwright_import_archive(sodium libsodium.a "LINKER:--wrap=mmap,--wrap=munmap,--undefined=__wrap_mmap")

# bcrypt of other systems (docs/decisions/0021-importing-password-hashes.md).
pkg_check_modules(xcrypt REQUIRED libxcrypt)
apiwright_import_archive(xcrypt libcrypt.a)
