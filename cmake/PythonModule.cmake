# The extension module apiwright._core and the data files that are installed beside it.

find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
if(NOT pybind11_DIR)
  execute_process(
    COMMAND "${Python_EXECUTABLE}" -m pybind11 --cmakedir
    OUTPUT_VARIABLE pybind11_DIR
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
set(PYBIND11_FINDPYTHON ON)
find_package(pybind11 3 REQUIRED CONFIG)

file(GLOB binding_sources CONFIGURE_DEPENDS bindings/*.cpp)
# NO_EXTRAS: link-time optimisation of the bindings alone only costs build time.
pybind11_add_module(_core MODULE NO_EXTRAS ${binding_sources})
target_link_libraries(_core PRIVATE apiwright::core)
apiwright_warnings(_core)

# The wheel is made of this component alone; `cmake --install` leaves it out.
install(
  TARGETS _core
  DESTINATION .
  COMPONENT python
  EXCLUDE_FROM_ALL)
install(
  DIRECTORY migrations/
  DESTINATION _migrations
  COMPONENT python
  EXCLUDE_FROM_ALL
  FILES_MATCHING
  PATTERN "*.sql")

include(DocsAssets)
