#!/usr/bin/env bash
# Installs the Debian packages that fabric-odbc needs: build | demo | test | check (each with those
# before it). Does nothing, and asks for no rights, when all are there. Leaves no database service
# running or enabled that was not there before.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config unixodbc-dev libmariadb-dev libpoco-dev)
demo=(unixodbc odbcinst mariadb-server mariadb-client galera-4 rsync lsof procps iproute2 socat
      python3 python3-pyodbc)
test=(libgtest-dev libaio1 libncurses5 perl npm)
check=(clang-14 clang-format-14 libclang-rt-14-dev binutils)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${build[@]}" "${demo[@]}") ;;
  test) wanted=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
  check) wanted=("${build[@]}" "${demo[@]}" "${test[@]}" "${check[@]}") ;;
  *) echo "usage: $0 build|demo|test|check" >&2; exit 2 ;;
esac

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=()
for package in "${wanted[@]}"; do
  [ "$package" = npm ] && command -v npm >/dev/null && continue
  installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null || [ -t 0 ] && command -v sudo >/dev/null; then
    as_root=(sudo)
  else
    echo "These Debian packages are missing. As root, run this one command, then start again:" >&2
    echo "  bash $(readlink -f "$0") $1" >&2
    exit 1
  fi
fi

echo "installing: ${missing[*]}"

# Debian's mariadb-server starts a database and enables it for every boot. Where it was not installed
# before, neither is wanted: a policy forbids the start, and the unit is disabled afterwards.
policy=/usr/sbin/policy-rc.d
quiet_service=false
if [[ " ${missing[*]} " == *" mariadb-server "* ]]; then
  quiet_service=true
  if [ -e "$policy" ]; then
    "${as_root[@]}" mv "$policy" "$policy.before-fabric-odbc"
  fi
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi
restore() {
  $quiet_service || return 0
  "${as_root[@]}" rm -f "$policy"
  if [ -e "$policy.before-fabric-odbc" ]; then
    "${as_root[@]}" mv "$policy.before-fabric-odbc" "$policy"
  fi
  if installed mariadb-server; then
    "${as_root[@]}" deb-systemd-helper disable mariadb.service >/dev/null 2>&1 || true
    "${as_root[@]}" update-rc.d mariadb disable >/dev/null 2>&1 || true
  fi
}
trap restore EXIT

log=$(mktemp)
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 || {
    tail -20 "$log" >&2
    echo "apt-get $1 failed; its whole output is in $log" >&2
    exit 1
  }
}
apt update -q
apt install -y -q --no-install-recommends "${missing[@]}"
rm -f "$log"
