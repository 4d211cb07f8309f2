# `cmake --install`: headers, the static library and a package for find_package(apiwright).

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/apiwright")

set_target_properties(apiwright_core PROPERTIES EXPORT_NAME core)
install(
  TARGETS apiwright_core
  EXPORT apiwright
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
  INCLUDES
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  DIRECTORY cpp_core/include/
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT development)
install(
  DIRECTORY migrations/
  DESTINATION "${CMAKE_INSTALL_DATADIR}/apiwright/migrations"
  COMPONENT development)
install(
  FILES LICENSE
  DESTINATION "${CMAKE_INSTALL_DOCDIR}"
  COMPONENT development)
install(
  EXPORT apiwright
  NAMESPACE apiwright::
  FILE apiwright-targets.cmake
  DESTINATION "${package_dir}"
  COMPONENT development)

configure_package_config_file(
  cmake/apiwright-config.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/apiwright-config.cmake"
  INSTALL_DESTINATION "${package_dir}"
  PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/apiwright-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/apiwright-config.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/apiwright-config-version.cmake" cmake/CoreDependencies.cmake
        cmake/StaticArchives.cmake
  DESTINATION "${package_dir}"
  COMPONENT development)
