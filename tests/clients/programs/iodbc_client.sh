# Usage: bash iodbc_client.sh DSN
coproc CLIENT { stdbuf -oL iodbctest "DSN=$1" 2>&1; }
list_tables=tables
rows() {
  local line below=
  while read -r line; do
    case $line in
      *SQLSTATE=*) echo "$line" ;;
      ---*) below=yes ;; # the columns' names
      '') below= ;;
      *) [ -z "$below" ] || echo "$line" ;;
    esac
  done | sed 's/ *|/|/g; s/ *$//'
}
. ./shell_client.sh
