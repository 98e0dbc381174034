package require tdbc::odbc
foreach channel {stdin stdout stderr} { fconfigure $channel -encoding utf-8 }

tdbc::odbc::connection create db "DSN=[lindex $argv 0]"

puts "tables: [join [dict keys [db tables]] {, }]"

set big 9223372036854775807
set price 1234567890123456.7891
set moment "2026-11-26 23:59:59.123456"
set word "Grüße 😀 漢字"
set data [binary format H* 00ff7f80]
set insert [db prepare {INSERT INTO kinds VALUES (:big, :price, :moment, :word, :data, :nothing)}]
$insert paramtype data in longvarbinary
$insert execute
set row [lindex [db allrows {SELECT * FROM kinds}] 0]
dict with row {
    set nothing [expr {[dict exists $row nothing] ? [dict get $row nothing] : "NULL"}]
    puts "row: $big|$price|$moment|$word|[string toupper [binary encode hex $data]]|$nothing"
}

proc value {sql} {
    lindex [db allrows -as lists $sql] 0 0
}

db begintransaction
db allrows {DELETE FROM kinds}
db rollback
puts "rolled back: [value {SELECT COUNT(*) FROM kinds}] row"
db transaction { db allrows {UPDATE kinds SET nothing = 7} }
puts "committed: [value {SELECT nothing FROM kinds}]"

try {
    db allrows {SELECT * FROM nowhere}
} trap TDBC {message options} {
    lassign [dict get $options -errorcode] _ class state _ native
    puts "error: $state [expr {$native & 0xffffffff}] [lindex [split $message \n] 0]"
}

proc store {number} {
    while 1 {
        try {
            db begintransaction
            if {[db allrows {SELECT 1 FROM orders WHERE n = :number}] eq {}} {
                db allrows {INSERT INTO orders VALUES (:number)}
            }
            db commit
            return
        } trap TDBC {message options} {
            if {[lindex [dict get $options -errorcode] 2] ni {40001 25S03 08007}} {  ;# rolled back, or COMMIT's outcome unknown
                error $message
            }
            puts stderr "again, looking first: $message"
            catch { db rollback }  ;# which tdbc refuses after a COMMIT, be it a failed one
        }
    }
}

while {[gets stdin number] >= 0} {
    store $number
    puts "stored $number"
    flush stdout
}
puts "rows [value {SELECT COUNT(*) FROM orders}]"
