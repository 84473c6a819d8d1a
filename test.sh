#!/usr/bin/env bash
# Sets up everything from Debian, builds and tests.
#
#   ./test.sh             the default suite: unit, integration with real parts, rules, dashboards, docs
#   ./test.sh asan|tsan   the C++ tests under AddressSanitizer+UBSan or ThreadSanitizer
#   ./test.sh scenarios   the demo's scenarios against running stacks, three at a time
#   ./test.sh TARGET -R REGEX ...   further arguments go to ctest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. deploy/setup/packages.sh

run_ctest() {
  local preset=$1
  shift
  install_build_packages
  unpack_tools
  build_preset "$preset"
  say "testing ($preset)"
  ctest --preset "$preset" --parallel 2 "$@"
}

target=${1:-default}
[ $# = 0 ] || shift
case $target in
  default) run_ctest dev "$@" ;;
  asan)
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    run_ctest asan --label-exclude tools "$@"
    ;;
  tsan)
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
    run_ctest tsan --label-exclude tools "$@"
    ;;
  scenarios) ./demo.sh all --parallel 3 "$@" ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0" ;;
  *) die "unknown target '$target': expected default, asan, tsan or scenarios" ;;
esac
