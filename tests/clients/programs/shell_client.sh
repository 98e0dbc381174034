# What isql_client.sh and iodbc_client.sh do with their CLIENT: `rows` takes a statement's rows, or its error, out of what it prints.
exec 3>&"${CLIENT[1]}" 4<&"${CLIENT[0]}"

sql() {
  printf '%s\n' "$1" "SELECT 'end' AS x" >&3
  while read -r line <&4 && [[ $line != end* ]]; do echo "$line"; done | rows
}

tables=$(sql "$list_tables" | cut -d '|' -f 3 | paste -s -d ,)
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

error=$(sql "SELECT * FROM nowhere")
echo "error: ${error%%$'\n'*}"

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
