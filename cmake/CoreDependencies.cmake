# What a program needs that links the core: used by its own build, and installed with it. REQUIRED
# there too: without one of these there is no apiwright, and its name says more than ours.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Poco's target names it without saying where it is.
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
if(NOT TARGET PostgreSQL::client)
  add_library(PostgreSQL::client ALIAS PkgConfig::pq)
endif()
find_package(Poco REQUIRED COMPONENTS Foundation Data DataPostgreSQL DataSQLite)
find_package(SQLite3 REQUIRED)

# These ship no CMake package on Debian 12.
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

include("${CMAKE_CURRENT_LIST_DIR}/StaticArchives.cmake")
