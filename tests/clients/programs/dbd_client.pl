use v5.36;
use utf8;
use open qw(:std :encoding(UTF-8));
use DBI qw(:sql_types);

my $db = DBI->connect("dbi:ODBC:$ARGV[0]", '', '', {AutoCommit => 0, RaiseError => 1, PrintError => 0});
$| = 1;

say 'tables: ', join ', ', map { $_->[2] } $db->table_info(undef, undef, '%', 'TABLE')->fetchall_arrayref->@*;

my $insert = $db->prepare('INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)');
$insert->bind_param(5, undef, SQL_LONGVARBINARY);
$insert->execute('9223372036854775807', '1234567890123456.7891', '2026-11-26 23:59:59.123456', 'Grüße 😀 漢字',
    "\x00\xff\x7f\x80", undef);
$db->commit;
my ($big, $price, $moment, $word, $data, $nothing) = $db->selectrow_array('SELECT * FROM kinds');
utf8::decode($word);
say 'row: ', join '|', $big, $price, $moment, $word, uc unpack('H*', $data), $nothing // 'NULL';

$db->do('DELETE FROM kinds');
$db->rollback;
say 'rolled back: ', $db->selectrow_array('SELECT COUNT(*) FROM kinds'), ' row';
$db->do('UPDATE kinds SET nothing = 7');
$db->commit;
say 'committed: ', $db->selectrow_array('SELECT nothing FROM kinds');

eval { $db->prepare('SELECT * FROM nowhere')->execute } or say join ' ', 'error:', $db->state, $db->errstr;

sub store ($number) {
    while (1) {
        return if eval {
            $db->selectrow_array('SELECT 1 FROM orders WHERE n = ?', {}, $number)
                or $db->do('INSERT INTO orders VALUES (?)', {}, $number);
            $db->commit;
        };
        die $@ unless $db->state =~ /40001|25S03|08007/;    # rolled back, or COMMIT's outcome unknown
        print STDERR 'again, looking first: ', $db->state, ' ', $db->errstr, "\n";
        $db->rollback;
    }
}

while (my $number = <STDIN>) {
    store(int $number);
    say 'stored ', int $number;
}
say 'rows ', $db->selectrow_array('SELECT COUNT(*) FROM orders');
$db->rollback;
$db->disconnect;
