# One GoogleTest program, and one ctest entry, for each folder of tests/cpp that has *_test.cpp files.

find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED) # what the core's own reader and writer are compared with

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS tests/cpp/*_test.cpp)
set(test_modules "")
foreach(source IN LISTS test_sources)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET folder FILENAME module)
  list(APPEND test_modules "${module}")
  list(APPEND "${module}_test_sources" "${source}")
endforeach()
list(REMOVE_DUPLICATES test_modules)

# What runs a program beside a private server, its URL in the environment.
set(data_test_server python3 "${CMAKE_CURRENT_SOURCE_DIR}/tests/support/postgresql.py")

set(test_support "")
if(APIWRIGHT_SANITIZERS STREQUAL "thread")
  list(APPEND test_support cmake/tsan_exceptions.cpp)
endif()

foreach(module IN LISTS test_modules)
  set(test "${module}_test")
  add_executable(${test} ${${module}_test_sources} ${test_support})
  # Tests may use what the core itself links.
  target_include_directories(${test} PRIVATE tests/cpp cpp_core/src)
  target_compile_definitions(
    ${test} PRIVATE "APIWRIGHT_MIGRATIONS_DIR=\"${CMAKE_CURRENT_SOURCE_DIR}/migrations\"")
  target_link_libraries(
    ${test} PRIVATE apiwright::core GTest::gmock_main PostgreSQL::client SQLite::SQLite3
                    sodium::sodium nlohmann_json::nlohmann_json)
  apiwright_warnings(${test})
  add_test(NAME ${test} COMMAND ${${module}_test_server} $<TARGET_FILE:${test}> --gtest_brief=1)
  set_tests_properties(${test} PROPERTIES TIMEOUT 300)
endforeach()
