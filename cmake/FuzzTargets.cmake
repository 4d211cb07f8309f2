# One libFuzzer program for each tests/fuzz/*_fuzz.cpp, and the parts of the core that they try: built
# once, with coverage, by clang. The target `fuzz_targets` builds all of it and nothing else.

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "libFuzzer comes with clang: use the preset `fuzz`.")
endif()

find_package(nlohmann_json REQUIRED) # what the core's own reader is compared with

file(GLOB_RECURSE fuzzed_sources CONFIGURE_DEPENDS cpp_core/src/base/*.cpp cpp_core/src/json/*.cpp
     cpp_core/src/passwords/*.cpp cpp_core/src/tasks/*.cpp cpp_core/src/tokens/*.cpp
     cpp_core/src/validation/*.cpp)
add_library(fuzzed STATIC ${fuzzed_sources})
target_include_directories(fuzzed PUBLIC cpp_core/include cpp_core/src)
target_link_libraries(fuzzed PUBLIC Threads::Threads sodium::sodium xcrypt::xcrypt
                                    PkgConfig::idn2 PkgConfig::re2 PkgConfig::utf8proc)
target_compile_options(fuzzed PRIVATE -fsanitize=fuzzer-no-link)
apiwright_warnings(fuzzed)

add_custom_target(fuzz_targets)
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*_fuzz.cpp)
foreach(source IN LISTS fuzz_sources)
  cmake_path(GET source STEM target)
  add_executable(${target} EXCLUDE_FROM_ALL ${source})
  target_include_directories(${target} PRIVATE tests/cpp)
  target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE fuzzed nlohmann_json::nlohmann_json)
  apiwright_warnings(${target})
  add_dependencies(fuzz_targets ${target})
endforeach()
