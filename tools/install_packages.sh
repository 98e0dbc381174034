#!/usr/bin/env bash
# Installs the Debian packages that fabric-odbc needs: build | demo | test | check (each with those
# before it), or all: test and the large clients of ./test --all. Does nothing, and asks for no rights,
# when all are there. Leaves no database service running or enabled that was not there before.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config unixodbc-dev libmariadb-dev libpoco-dev libssl-dev
       libcli11-dev odbcinst dpkg-dev file)
demo=(unixodbc mariadb-server mariadb-client galera-4 rsync lsof procps iproute2 socat
      python3 python3-pyodbc)
test=(libgtest-dev libaio1 libncurses5 perl npm fakeroot lintian rpm nftables
      php-cli php-odbc libdbd-odbc-perl tcl tcl8.6-tdbc-odbc python3-sqlalchemy)
# Clients that are large or slow (label all).
all=(r-cran-rodbc erlang-odbc
     libreoffice-base libreoffice-calc python3-uno libqt5sql5-odbc python3-pyqt5.qtsql gdal-bin python3-gdal iodbc chromium)
check=(clang-14 clang-format-14 libclang-rt-14-dev binutils valgrind)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${build[@]}" "${demo[@]}") ;;
  test) wanted=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
  check) wanted=("${build[@]}" "${demo[@]}" "${test[@]}" "${check[@]}") ;;
  all) wanted=("${build[@]}" "${demo[@]}" "${test[@]}" "${all[@]}") ;;
  *) echo "usage: $0 build|demo|test|check|all" >&2; exit 2 ;;
esac

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=()
for package in "${wanted[@]}"; do
  [ "$package" = npm ] && command -v npm >/dev/null && continue
  installed "$package" || missing+=("$package")
done
# The policy of a run that was killed before it could take it away (below).
policy=/usr/sbin/policy-rc.d
mark="# of fabric-odbc's tools/install_packages.sh"
left_over=false
if grep -qsF "$mark" "$policy"; then left_over=true; fi
if [ ${#missing[@]} -eq 0 ] && ! $left_over; then exit 0; fi

if ! command -v apt-get >/dev/null; then
  echo "There is no apt-get here to install what is missing, under Debian's names:" >&2
  echo "  ${missing[*]}" >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null || [ -t 0 ] && command -v sudo >/dev/null; then
    as_root=(sudo)
  else
    echo "Missing Debian packages: ${missing[*]:-none, but $policy is to be removed}" >&2
    echo "As root, run this one command, then start again:" >&2
    printf '  bash %q %s\n' "$(readlink -f "$0")" "$1" >&2
    exit 1
  fi
fi

echo "installing: ${missing[*]:-nothing more}"

# Debian's mariadb-server starts a database and enables it for every boot. Where it was not installed
# before, neither is wanted: a policy forbids the start, and the unit is disabled afterwards.
quiet_service=false
if [[ " ${missing[*]} " == *" mariadb-server "* ]] || $left_over; then
  quiet_service=true
  if [ -e "$policy" ] && ! $left_over; then
    "${as_root[@]}" mv "$policy" "$policy.before-fabric-odbc"
  fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" | "${as_root[@]}" tee "$policy" >/dev/null
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
# --no-remove: another database server in the way of mariadb-server is not ours to remove.
apt install -y -q --no-install-recommends --no-remove "${missing[@]}"
rm -f "$log"
