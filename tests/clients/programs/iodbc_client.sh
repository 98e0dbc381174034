coproc IODBC { stdbuf -oL iodbctest "DSN=$1" 2>&1; }
exec 3>&"${IODBC[1]}" 4<&"${IODBC[0]}"

sql() { # a statement's rows, or its error
  local line rows=
  printf '%s\n' "$1" "SELECT 'end' AS x" >&3
  while read -r line <&4 && [[ $line != end* ]]; do
    case $line in
      *SQLSTATE=*) echo "$line" ;;
      ---*) rows=yes ;; # below the columns' names
      '') rows= ;;
      *) [ -z "$rows" ] || echo "$line" ;;
    esac
  done | sed 's/ *|/|/g; s/ *$//'
}

tables=$(sql tables | cut -d '|' -f 3 | paste -s -d ,)
echo "tables: ${tables//,/, }"

sql "INSERT INTO kinds VALUES (9223372036854775807, 1234567890123456.7891, '2026-11-26 23:59:59.123456', 'Grüße 😀 漢字', X'00FF7F80', NULL)"
echo "row: $(sql "SELECT big, price, moment, word, data, IFNULL(nothing, 'NULL') FROM kinds")"

sql "START TRANSACTION"
sql "DELETE FROM kinds"
sql "ROLLBACK"
echo "rolled back: $(sql "SELECT COUNT(*) FROM kinds") row"
sql "START TRANSACTION"
sql "UPDATE kinds SET nothing = 7"
sql "COMMIT"
echo "committed: $(sql "SELECT nothing FROM kinds")"
echo "error: $(sql "SELECT * FROM nowhere")"

store() { # after an error, whatever it was, looks before it tries again
  attempts=0
  until [ "$(sql "SELECT n FROM orders WHERE n = $1")" = "$1" ]; do
    ((attempts++ < 3)) || exit 1
    sql "INSERT INTO orders VALUES ($1)" >&2
  done
}

while read -r number; do
  store "$number"
  echo "stored $number"
done
echo "rows $(sql "SELECT COUNT(*) FROM orders")"
