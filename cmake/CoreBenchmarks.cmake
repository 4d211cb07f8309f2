# One Google Benchmark program of all bench/cpp/*_bench.cpp.

find_package(benchmark REQUIRED)

file(GLOB bench_sources CONFIGURE_DEPENDS bench/cpp/*_bench.cpp)
add_executable(core_bench ${bench_sources})
target_include_directories(core_bench PRIVATE bench/cpp)
target_compile_definitions(
  core_bench PRIVATE "APIWRIGHT_MIGRATIONS_DIR=\"${CMAKE_CURRENT_SOURCE_DIR}/migrations\"")
target_link_libraries(core_bench PRIVATE apiwright::core sodium::sodium benchmark::benchmark_main)
apiwright_warnings(core_bench)
