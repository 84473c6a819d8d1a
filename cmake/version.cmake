# The revision that `--version` and *_build_info print; "unknown" outside a checkout.
execute_process(COMMAND git rev-parse --short HEAD
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE PROMHEAL_REVISION
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT PROMHEAL_REVISION)
  set(PROMHEAL_REVISION unknown)
endif()
