<?php
$db = odbc_connect($argv[1], '', '');

function query(string $sql, array $values = []): array
{
    global $db;
    $statement = @odbc_prepare($db, $sql);
    if (!$statement || !@odbc_execute($statement, $values)) {
        throw new Exception(odbc_errormsg($db));
    }
    $rows = [];
    while (odbc_num_fields($statement) > 0 && $row = odbc_fetch_array($statement)) {
        $rows[] = array_values($row);
    }
    return $rows;
}

$tables = [];
for ($found = odbc_tables($db, null, null, null, 'TABLE'); odbc_fetch_row($found);) {
    $tables[] = odbc_result($found, 'TABLE_NAME');
}
echo 'tables: ', implode(', ', $tables), "\n";

query('INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)', [PHP_INT_MAX, '1234567890123456.7891', '2026-11-26 23:59:59.123456',
    'Grüße 😀 漢字', "\x00\xff\x7f\x80", null]);
[$big, $price, $moment, $word, $data, $nothing] = query('SELECT * FROM kinds')[0];
echo "row: $big|$price|$moment|$word|", strtoupper(bin2hex($data)), '|', $nothing ?? 'NULL', "\n";

odbc_autocommit($db, false);
query('DELETE FROM kinds');
odbc_rollback($db);
echo 'rolled back: ', query('SELECT COUNT(*) FROM kinds')[0][0], " row\n";
query('UPDATE kinds SET nothing = 7');
odbc_commit($db);
echo 'committed: ', query('SELECT nothing FROM kinds')[0][0], "\n";

if (!@odbc_exec($db, 'SELECT * FROM nowhere')) {
    echo 'error: ', odbc_error($db), ' ', odbc_errormsg($db), "\n";
}

function store(int $number): void
{
    global $db;
    while (true) {
        try {
            if (!query('SELECT 1 FROM orders WHERE n = ?', [$number])) {
                query('INSERT INTO orders VALUES (?)', [$number]);
            }
            if (@odbc_commit($db)) {
                return;
            }
        } catch (Exception $error) {
        }
        if (!in_array(odbc_error($db), ['40001', '25S03', '08007'])) { // rolled back, or COMMIT's outcome unknown
            throw new Exception(odbc_errormsg($db));
        }
        fwrite(STDERR, 'again, looking first: ' . odbc_errormsg($db) . "\n");
        odbc_rollback($db);
    }
}

while (($line = fgets(STDIN)) !== false) {
    store((int) $line);
    echo 'stored ', (int) $line, "\n";
}
echo 'rows ', query('SELECT COUNT(*) FROM orders')[0][0], "\n";
