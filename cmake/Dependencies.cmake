# Everything the core links. All of it comes from the system's packages; see `./dev` for their names.

find_package(Threads REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation Data DataSQLite)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)

# These ship no CMake package on Debian 12.
find_package(PkgConfig REQUIRED)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

include(Sodium)
include(Crypt)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
