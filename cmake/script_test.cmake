find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

# promheal_script_test(NAME script.py [TIMEOUT seconds] [ARGUMENTS ...]): one Python program, one ctest
# entry, labelled "tools" because it runs real programs (promtool, amtool, haproxy) found through
# PROMHEAL_TOOLS. Exit status 77 means that a program is missing.
function(promheal_script_test name script)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "TIMEOUT" "ARGUMENTS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARG_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} SKIP_RETURN_CODE 77 LABELS tools)
endfunction()
