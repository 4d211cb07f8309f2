# What a program needs that links the core: used by its own build, and installed with it. REQUIRED
# there too: without one of these there is no apiwright, and its name says more than ours.

find_package(Threads REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation Data DataSQLite)
find_package(SQLite3 REQUIRED)

# These ship no CMake package on Debian 12.
find_package(PkgConfig REQUIRED)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

include("${CMAKE_CURRENT_LIST_DIR}/StaticArchives.cmake")
