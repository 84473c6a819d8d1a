# PROMHEAL_SANITIZE is a list for -fsanitize=, set by the presets asan, tsan and fuzz.
set(PROMHEAL_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
if(PROMHEAL_SANITIZE)
  add_compile_options(-fsanitize=${PROMHEAL_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PROMHEAL_SANITIZE})
endif()
