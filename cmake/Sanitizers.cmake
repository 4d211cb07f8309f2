# Whole-program instrumentation (APIWRIGHT_SANITIZERS), or hardening of what is released.

if(APIWRIGHT_SANITIZERS)
  add_compile_options(-fsanitize=${APIWRIGHT_SANITIZERS} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${APIWRIGHT_SANITIZERS})
else()
  add_compile_options(-fstack-protector-strong "$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>")
endif()

# Checks of preconditions inside the standard library: cheap, and a crash beats a silent overrun.
add_compile_definitions(_GLIBCXX_ASSERTIONS)
