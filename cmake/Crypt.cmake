# libxcrypt, linked in as a static library so that a wheel carries it: bcrypt of other systems
# (docs/decisions/0021-importing-password-hashes.md).

pkg_check_modules(xcrypt REQUIRED libxcrypt)
find_library(CRYPT_ARCHIVE libcrypt.a HINTS ${xcrypt_LIBRARY_DIRS} REQUIRED)

add_library(xcrypt::xcrypt STATIC IMPORTED)
set_target_properties(
  xcrypt::xcrypt
  PROPERTIES IMPORTED_LOCATION "${CRYPT_ARCHIVE}"
             INTERFACE_INCLUDE_DIRECTORIES "${xcrypt_INCLUDE_DIRS}"
             # Hidden, so that the host process's own crypt(3) and this one never meet.
             INTERFACE_LINK_OPTIONS "LINKER:--exclude-libs,libcrypt.a")
