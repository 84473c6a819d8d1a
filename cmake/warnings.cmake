# One interface target carries the warnings; every promheal target links it privately.
add_library(promheal_warnings INTERFACE)
add_library(promheal::warnings ALIAS promheal_warnings)
target_compile_options(promheal_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  # Designated initializers name only the fields that differ from the defaults.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own headers and Eigen's at -O2 (false positives, GCC bugs 105329, 106247).
  target_compile_options(promheal_warnings INTERFACE
    -Wno-error=restrict -Wno-error=maybe-uninitialized -Wno-error=stringop-overflow
    -Wno-error=array-bounds)
endif()
