# libsodium, linked in as a static library: its calls of mmap and munmap then come to
# cpp_core/src/passwords/hashing_memory.cpp, which says why.

pkg_check_modules(sodium REQUIRED libsodium)
find_library(SODIUM_ARCHIVE libsodium.a HINTS ${sodium_LIBRARY_DIRS} REQUIRED)

add_library(sodium::sodium STATIC IMPORTED)
set_target_properties(
  sodium::sodium
  PROPERTIES IMPORTED_LOCATION "${SODIUM_ARCHIVE}"
             INTERFACE_INCLUDE_DIRECTORIES "${sodium_INCLUDE_DIRS}"
             # Hidden in a shared object: the archive is not position-independent towards symbols that are not.
             INTERFACE_LINK_OPTIONS
               "LINKER:--wrap=mmap,--wrap=munmap,--undefined=__wrap_mmap,--exclude-libs,libsodium.a")
