#!/usr/bin/env bash
# The driver exports ODBC entry points and nothing else, and leaves no symbol of ours unresolved.
set -euo pipefail
library=$1
exported=$(nm -D --defined-only "$library" | awk '{print $3}' | sed 's/@.*//')
foreign=$(grep -vE '^SQL[A-Z][A-Za-z]+$' <<<"$exported" || true)
if [ -n "$foreign" ]; then
  printf 'exported, but no ODBC function:\n%s\n' "$foreign" >&2
  exit 1
fi
for name in SQLAllocHandle SQLConnect SQLConnectW SQLDriverConnect SQLDriverConnectW SQLFetch; do
  grep -qx "$name" <<<"$exported" || { echo "$name is not exported" >&2; exit 1; }
done
if nm -DC --undefined-only "$library" | grep -E ' (driver|pool|fabric)::'; then
  echo "  ^ unresolved" >&2
  exit 1
fi
echo "$(wc -l <<<"$exported") functions exported"
