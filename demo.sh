#!/usr/bin/env bash
# Sets up everything from Debian, starts the whole loop on this machine, breaks a service, and shows
# how promheal detects, alerts, heals and verifies.
#
#   ./demo.sh [SCENARIO|all]   run one scenario (default: crash) or all; exit status 0 if it held
#   ./demo.sh start            start the stack and leave it running
#   ./demo.sh status           show the running processes and their addresses
#   ./demo.sh stop             stop the stack
#   ./demo.sh list             list the scenarios
#
#   --keep                     leave the stack running afterwards
#   --port-base N              the first port (default 3000: the gateway; the other ports follow)
#   --load steady|wave         the traffic of the demo's users (default steady)
#   --runs N                   run the scenario N times and print a table
#   --parallel N               N runs at a time, each on ports 1000 above the previous
#   --again                    run each missed scenario once more, alone; the table shows both
#   --markdown FILE            also write the table to FILE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. deploy/setup/packages.sh

case "${1:-}" in
  -h | --help) sed -n '2,18s/^# \{0,1\}//p' "$0"; exit 0 ;;
  stop | status | list) ;;
  *)
    install_build_packages
    build_preset release
    ;;
esac
unpack_tools
exec /usr/bin/python3 deploy/demo/demo.py --tools "$PROMHEAL_TOOLS" --binaries "$PWD/build/release/bin" "$@"
