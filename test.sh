#!/usr/bin/env bash
# Sets up everything from Debian, builds and tests.
#
#   ./test.sh             the default suite: unit, integration with real parts, rules, dashboards, docs
#   ./test.sh asan|tsan   the C++ tests under AddressSanitizer+UBSan or ThreadSanitizer
#   ./test.sh fuzz        each fuzzer for FUZZ_SECONDS (20)
#   ./test.sh scenarios   the demo's scenarios against running stacks, four at a time
#   ./test.sh compose     docker-compose.yml on a private Docker engine: builds images, breaks things (as root)
#   ./test.sh TARGET -R REGEX ...   passes further arguments to ctest (scenarios: demo.sh, compose: unittest)
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

# Seeds are the files of tests/fuzz/seeds, and for configurations the shipped example files. A finding is
# written to build/fuzz/findings and ends the run.
run_fuzzers() {
  install_build_packages
  install_packages clang llvm
  build_preset fuzz
  mkdir -p build/fuzz/findings
  local fuzzer name
  for fuzzer in build/fuzz/bin/*_fuzzer; do
    name=${fuzzer##*/}
    local corpus=build/fuzz/corpus/$name seeds=()
    mkdir -p "$corpus"
    [ -d "tests/fuzz/seeds/$name" ] && seeds+=("tests/fuzz/seeds/$name")
    if [ "$name" = configuration_fuzzer ]; then
      cp exporter/exporter.example.yml webhook/healing.example.yml "$corpus"
    fi
    say "$name for ${FUZZ_SECONDS:-20} s"
    "$fuzzer" -max_total_time="${FUZZ_SECONDS:-20}" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
      -artifact_prefix=build/fuzz/findings/ "$corpus" "${seeds[@]}" >"build/fuzz/$name.log" 2>&1 ||
      { tail -n 60 "build/fuzz/$name.log"; die "$name found something, see build/fuzz/findings"; }
    grep -E 'number_of_executed_units|average_exec_per_sec' "build/fuzz/$name.log"
  done
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
  fuzz) run_fuzzers ;;
  scenarios) ./demo.sh all --parallel 4 "$@" ;;
  compose)
    install_engine_packages
    # The images are made of Debian 12. On Debian 12 the programs are compiled here, because the build may already
    # exist. PROMHEAL_IMAGES=compile compiles them in the image, as users do.
    if [ "${PROMHEAL_IMAGES:-}" != compile ] && [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ]; then
      install_build_packages
      build_preset dev anomaly_exporter healing_webhook shop_orders shop_payments shop_auth shop_load
      export PROMHEAL_BINARIES=$PWD/build/dev/bin
    fi
    status=0
    trap 'exit 143' TERM # Runs after the test has stopped its engine; without a trap bash would not wait for it.
    python3 tests/compose/compose_loop_test.py "$@" || status=$?
    [ $status != 77 ] || { say 'compose: SKIPPED, at least in part (see the reasons above)'; status=0; }
    exit $status
    ;;
  -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0" ;;
  *) die "unknown target '$target': expected default, asan, tsan, fuzz, scenarios or compose" ;;
esac
