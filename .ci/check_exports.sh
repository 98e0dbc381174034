#!/usr/bin/env bash
# check_exports.sh FOLDER: the libraries there export what unixODBC, or the driver, wants of them and
# nothing else, leave no symbol of ours unresolved, may hold each other's locks, and the driver needs
# no Poco until it asks a node over XML-RPC.
set -euo pipefail

check() {  # LIBRARY REGEX NAME...: all exports match the REGEX, and each NAME is one
  local library=$1 regex=$2 exported foreign name
  shift 2
  exported=$(nm -D --defined-only "$library" | awk '{print $3}' | sed 's/@.*//')
  foreign=$(grep -vE "$regex" <<<"$exported" || true)
  if [ -n "$foreign" ]; then
    printf 'exported, but nobody calls it:\n%s\n' "$foreign" >&2
    exit 1
  fi
  for name in "$@"; do
    grep -qx "$name" <<<"$exported" || { echo "$name is not exported" >&2; exit 1; }
  done
  if nm -DC --undefined-only "$library" | grep -E ' (driver|pool|fabric)::'; then
    echo "  ^ unresolved" >&2
    exit 1
  fi
  if nm -C "$library" | grep '__waiter_pool'; then
    echo "  ^ std::atomic's table of who waits: another library's notify_one() would wake nobody" >&2
    exit 1
  fi
  echo "$(basename "$library"): $(wc -l <<<"$exported") functions exported"
}

libtool=libfabricodbc_LTX_
check "$1/libfabricodbc.so" "^($libtool)?SQL[A-Z][A-Za-z]+\$" \
  SQLAllocHandle SQLConnect SQLConnectW SQLDriverConnect SQLDriverConnectW SQLFetch
exported=$(nm -D --defined-only "$1/libfabricodbc.so" | awk '{print $3}')
unnamed=$(grep '^SQL' <<<"$exported" | while read -r name; do
  grep -qx "$libtool$name" <<<"$exported" || echo "$name"
done)
[ -z "$unnamed" ] || { printf 'without a name that libtool looks for first:\n%s\n' "$unnamed" >&2; exit 1; }
check "$1/libfabricodbcS.so" '^(ConfigDSN|ODBCINSTGetProperties)$' ConfigDSN ODBCINSTGetProperties
check "$1/libfabricodbc_xmlrpc.so" '^fabric_odbc_xmlrpc$' fabric_odbc_xmlrpc
if readelf -d "$1/libfabricodbc.so" | grep -E 'NEEDED.*Poco'; then
  echo "  ^ the driver needs these, which are libfabricodbc_xmlrpc.so's alone" >&2
  exit 1
fi
