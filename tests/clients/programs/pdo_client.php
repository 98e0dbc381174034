<?php
$db = new PDO("odbc:$argv[1]"); // throws PDOException on errors

function query(string $sql, array $values = []): array
{
    global $db;
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement->columnCount() ? $statement->fetchAll(PDO::FETCH_NUM) : [];
}

echo 'tables: ', implode(', ', $db->query('SHOW TABLES')->fetchAll(PDO::FETCH_COLUMN)), "\n";

query('INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)', [PHP_INT_MAX, '1234567890123456.7891', '2026-11-26 23:59:59.123456',
    'Grüße 😀 漢字', "\x00\xff\x7f\x80", null]);
[$big, $price, $moment, $word, $data, $nothing] = query('SELECT * FROM kinds')[0];
echo "row: $big|$price|$moment|$word|$data|", $nothing ?? 'NULL', "\n";

$db->beginTransaction();
query('DELETE FROM kinds');
$db->rollBack();
echo 'rolled back: ', query('SELECT COUNT(*) FROM kinds')[0][0], " row\n";
$db->beginTransaction();
query('UPDATE kinds SET nothing = 7');
$db->commit();
echo 'committed: ', query('SELECT nothing FROM kinds')[0][0], "\n";

try {
    query('SELECT * FROM nowhere');
} catch (PDOException $error) {
    echo 'error: ', implode(' ', array_slice($error->errorInfo, 0, 3)), "\n";
}

function store(int $number): void
{
    global $db;
    while (true) {
        try {
            $db->beginTransaction();
            if (!query('SELECT 1 FROM orders WHERE n = ?', [$number])) {
                query('INSERT INTO orders VALUES (?)', [$number]);
            }
            $db->commit();
            return;
        } catch (PDOException $error) {
            if (!in_array($error->errorInfo[0], ['40001', '25S03', '08007'])) { // rolled back, or COMMIT's outcome unknown
                throw $error;
            }
            fwrite(STDERR, 'again, looking first: ' . $error->getMessage() . "\n");
            $db->rollBack();
        }
    }
}

while (($line = fgets(STDIN)) !== false) {
    store((int) $line);
    echo 'stored ', (int) $line, "\n";
}
echo 'rows ', query('SELECT COUNT(*) FROM orders')[0][0], "\n";
