# Usage: bash isql_client.sh "isql -v -3" DSN, or "iusql -v"
coproc CLIENT { stdbuf -oL $1 "$2" -b '-d|' 2>&1; }
list_tables=help
rows() { cat; }
. ./shell_client.sh
