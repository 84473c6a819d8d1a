# PROMHEAL_SANITIZE is a list for -fsanitize=, set by the presets asan, tsan and fuzz.
set(PROMHEAL_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
if(PROMHEAL_SANITIZE)
  add_compile_options(-fsanitize=${PROMHEAL_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PROMHEAL_SANITIZE})
endif()

# All code reports coverage to the fuzzers, not only the fuzzers' own code.
if(PROMHEAL_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
