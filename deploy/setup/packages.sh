# Sourced by demo.sh and test.sh: gets their tools from Debian, without touching running services.
#
#   install_build_packages     installs compilers and libraries with apt (none of them starts a service)
#   install_engine_packages    installs a Docker engine for ./test.sh compose; its services are neither started
#                              nor enabled
#   unpack_tools               Prometheus, Alertmanager, HAProxy and supervisor. Installing their packages would
#                              start services, so they are only downloaded and unpacked into $PROMHEAL_TOOLS;
#                              nothing is registered with dpkg or systemd.

BUILD_PACKAGES=(
  g++ cmake ninja-build git ca-certificates
  libboost-program-options-dev libcivetweb-dev libcrypt-dev libcurl4-openssl-dev libeigen3-dev
  libexpected-dev libfmt-dev libgmock-dev libgtest-dev libsimdjson-dev libspdlog-dev libsqlite3-dev
  libssl-dev
  libyaml-cpp-dev nlohmann-json3-dev prometheus-cpp-dev tzdata zlib1g-dev
  python3 python3-distutils python3-pkg-resources curl
)
ENGINE_PACKAGES=(docker.io docker-compose iptables debootstrap python3 curl)
TOOL_PACKAGES=(prometheus prometheus-alertmanager haproxy supervisor docker-compose)
# Scripts and fonts that the pages of Prometheus load.
PAGE_PACKAGES=(
  fonts-glyphicons-halflings libjs-bootstrap libjs-bootstrap4 libjs-d3
  libjs-eonasdan-bootstrap-datetimepicker libjs-jquery libjs-jquery-hotkeys libjs-moment
  libjs-moment-timezone libjs-mustache libjs-popper.js libjs-rickshaw
)

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "need root (or sudo) for: $*"
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

# A mirror often fails for a moment: three tries.
retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    sleep $((attempt * 3))
  done
  return 1
}

refresh_package_lists() {
  [ -n "${PACKAGE_LISTS_FRESH:-}" ] && return 0
  say 'refreshing the package lists'
  retry as_root apt-get update -qq || die 'apt-get update failed: is a Debian mirror configured and reachable?'
  PACKAGE_LISTS_FRESH=1
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] && return 0
  refresh_package_lists
  say "installing ${#missing[@]} packages from Debian: ${missing[*]}"
  retry as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "installing failed; try by hand: apt-get install ${missing[*]}"
}

install_build_packages() { install_packages "${BUILD_PACKAGES[@]}"; }

# The packages with which tests/compose starts a private engine. None of their services starts, neither now nor
# at boot; packages that were already installed are left as they are.
install_engine_packages() {
  allow_services # An earlier run may have been killed.
  local missing
  mapfile -t missing < <(missing_packages "${ENGINE_PACKAGES[@]}")
  [ ${#missing[@]} = 0 ] && return 0
  (install_without_services "${missing[@]}")
}

# Runs in a subshell: however it ends, the machine is left as it was, except for the packages.
install_without_services() {
  links_before=$(links_to_services)
  trap 'drop_links_but "$links_before"; allow_services' EXIT
  trap 'exit 130' INT TERM HUP
  forbid_services
  install_packages "$@"
}

# Debian runs this file before it starts a service; 101 means no. A comment marks promheal's file. An
# administrator's own file is kept beside it and moved back afterwards.
SERVICE_POLICY=${PROMHEAL_ROOT:-}/usr/sbin/policy-rc.d

forbid_services() {
  [ ! -e "$SERVICE_POLICY" ] || as_root mv "$SERVICE_POLICY" "$SERVICE_POLICY.promheal"
  printf '#!/bin/sh\n# promheal\nexit 101\n' | as_root tee "$SERVICE_POLICY" >/dev/null
  as_root chmod +x "$SERVICE_POLICY"
}

# Does nothing if services were not forbidden.
allow_services() {
  if grep -qsx '# promheal' "$SERVICE_POLICY"; then as_root rm -f "$SERVICE_POLICY"; fi
  if [ -e "$SERVICE_POLICY.promheal" ] && [ ! -e "$SERVICE_POLICY" ]; then
    as_root mv "$SERVICE_POLICY.promheal" "$SERVICE_POLICY"
  fi
}

links_to_services() {
  { find "${PROMHEAL_ROOT:-}"/etc/systemd/system "${PROMHEAL_ROOT:-}"/etc/rc?.d -type l 2>/dev/null || true; } | sort
}

# Removes new links: Debian also lets new services start at boot.
drop_links_but() {
  comm -13 <(echo "$1") <(links_to_services) | while read -r link; do as_root rm -f "$link"; done
}

tools_directory() { echo "${PROMHEAL_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/promheal/tools}"; }

# Sets and exports PROMHEAL_TOOLS; $PROMHEAL_TOOLS/bin then holds prometheus, promtool, alertmanager,
# amtool, haproxy, supervisord, supervisorctl and docker-compose, ready to run.
unpack_tools() {
  PROMHEAL_TOOLS=$(tools_directory)
  export PROMHEAL_TOOLS
  [ -x "$PROMHEAL_TOOLS/bin/docker-compose" ] && return 0
  refresh_package_lists
  say "unpacking ${TOOL_PACKAGES[*]} into $PROMHEAL_TOOLS (nothing is installed or started)"
  mkdir -p "$(dirname "$PROMHEAL_TOOLS")"
  local staging packages
  staging=$(mktemp -d "$(dirname "$PROMHEAL_TOOLS")/unpack.XXXXXX")
  # The tools, and their libraries that this machine lacks.
  mapfile -t packages < <({
    printf '%s\n' "${TOOL_PACKAGES[@]}" "${PAGE_PACKAGES[@]}"
    apt-get -s install --no-install-recommends "${TOOL_PACKAGES[@]}" 2>/dev/null |
      awk '$1 == "Inst" && $2 ~ /^(lib|python3-)/ && $2 !~ /^libjs-/ {print $2}'
  } | sort -u)
  (cd "$staging" && mkdir -p debs root && cd debs &&
    retry apt-get -qq -o APT::Sandbox::User="$(id -un)" download "${packages[@]}") ||
    die "downloading failed: ${packages[*]}"
  local deb
  for deb in "$staging"/debs/*.deb; do dpkg -x "$deb" "$staging/root"; done
  write_tool_wrappers "$staging/root"
  rm -rf "$PROMHEAL_TOOLS"
  mv "$staging/root" "$PROMHEAL_TOOLS"
  rm -rf "$staging"
}

# Each wrapper replaces itself with the program (exec), so that a supervisor sees the program's pid.
write_tool_wrappers() {
  local root=$1
  mkdir -p "$root/bin"
  relocate "$root" prometheus
  relocate "$root" prometheus-alertmanager
  write_wrapper "$root" prometheus '"$root/libexec/prometheus"' 'cd "$root"'
  write_wrapper "$root" promtool '"$root/usr/bin/promtool"'
  write_wrapper "$root" alertmanager '"$root/libexec/prometheus-alertmanager"' 'cd "$root"'
  write_wrapper "$root" amtool '"$root/usr/bin/amtool"'
  write_wrapper "$root" haproxy '"$root/usr/sbin/haproxy"'
  write_wrapper "$root" supervisord '/usr/bin/python3 "$root/usr/bin/supervisord"'
  write_wrapper "$root" supervisorctl '/usr/bin/python3 "$root/usr/bin/supervisorctl"'
  write_wrapper "$root" docker-compose '/usr/bin/python3 "$root/usr/bin/docker-compose"'
}

# Debian's Prometheus and Alertmanager look for their pages and templates only below /usr/share/prometheus
# (Alertmanager does not start without them). The copy in libexec looks below its working directory instead.
# The new path has the same length as the original, so that nothing in the program moves.
relocate() {
  local root=$1 name=$2
  mkdir -p "$root/libexec"
  LC_ALL=C sed 's|/usr/share/prometheus/|usr/share//prometheus/|g' "$root/usr/bin/$name" >"$root/libexec/$name"
  chmod +x "$root/libexec/$name"
}

# write_wrapper ROOT NAME COMMAND [FIRST]
write_wrapper() {
  local root=$1 name=$2 command=$3 first=${4:-:}
  cat >"$root/bin/$name" <<EOF
#!/bin/sh
root=\$(cd "\${0%/*}/.." && pwd)
for directory in "\$root"/usr/lib/*-linux-gnu; do
  LD_LIBRARY_PATH=\$directory\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
done
PYTHONPATH=\$root/usr/lib/python3/dist-packages
export LD_LIBRARY_PATH PYTHONPATH
$first
exec $command "\$@"
EOF
  chmod +x "$root/bin/$name"
}

# build_preset PRESET [TARGET...]: configures and builds, and shows progress on a terminal.
build_preset() {
  local preset=$1 log=build/$1.log
  shift
  mkdir -p build
  say "building ($preset)"
  cmake --preset "$preset" >"$log" 2>&1 || { tail -n 30 "$log"; die "configuring failed, see $log"; }
  if [ -t 1 ]; then
    NINJA_STATUS='[%f/%t, %es] ' cmake --build --preset "$preset" ${1:+--target "$@"} ||
      die "building failed"
  else
    NINJA_STATUS='[%f/%t, %es] ' cmake --build --preset "$preset" ${1:+--target "$@"} >>"$log" 2>&1 ||
      { grep -A 20 -m 3 -E 'error|FAILED' "$log" || tail -n 30 "$log"; die "building failed, see $log"; }
  fi
}
