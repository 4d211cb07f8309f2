# Warnings for our own targets, as errors. `cmake --compile-no-warning-as-error` lets them pass.

function(apiwright_warnings target)
  set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
  target_compile_options(
    ${target}
    PRIVATE
      -Wall
      -Wextra
      -Wpedantic
      -Wshadow
      -Wconversion
      -Wsign-conversion
      -Wold-style-cast
      -Wcast-align
      -Wcast-qual
      -Wnon-virtual-dtor
      -Woverloaded-virtual
      -Wextra-semi
      -Wformat=2
      -Wdouble-promotion
      -Wimplicit-fallthrough
      -Wundef
      # Leaving out members that have defaults is what designated initialisers are for.
      -Wno-missing-field-initializers
      $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op>)

  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105651: false alarms from inlined std::string concatenation.
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND APIWRIGHT_SANITIZERS)
    # GCC's manual: instrumentation causes false alarms of this warning.
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
endfunction()
