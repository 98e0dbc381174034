import datetime
import decimal
import sys

import pyodbc

db = pyodbc.connect("DSN=" + sys.argv[1])  # autocommit is off

print("tables:", ", ".join(table.table_name for table in db.cursor().tables(tableType="TABLE")))

db.execute("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)", 2**63 - 1, decimal.Decimal("1234567890123456.7891"),
           datetime.datetime(2026, 11, 26, 23, 59, 59, 123456), "Grüße 😀 漢字", b"\x00\xff\x7f\x80", None)
db.commit()
big, price, moment, word, data, nothing = db.execute("SELECT * FROM kinds").fetchone()
print(f"row: {big}|{price}|{moment}|{word}|{data.hex().upper()}|{'NULL' if nothing is None else nothing}")

db.execute("DELETE FROM kinds")
db.rollback()
print("rolled back:", db.execute("SELECT COUNT(*) FROM kinds").fetchval(), "row")
db.execute("UPDATE kinds SET nothing = 7")
db.commit()
print("committed:", db.execute("SELECT nothing FROM kinds").fetchval())

try:
    db.execute("SELECT * FROM nowhere")
except pyodbc.Error as error:
    print("error:", *error.args)


def store(number):
    while True:
        try:
            if not db.execute("SELECT 1 FROM orders WHERE n = ?", number).fetchone():
                db.execute("INSERT INTO orders VALUES (?)", number)
            db.commit()
            return
        except pyodbc.Error as error:
            if error.args[0] not in ("40001", "25S03", "08007"):  # rolled back, or COMMIT's outcome unknown
                raise
            print("again, looking first:", error, file=sys.stderr)
            db.rollback()


for line in sys.stdin:
    store(int(line))
    print("stored", int(line), flush=True)
print("rows", db.execute("SELECT COUNT(*) FROM orders").fetchval())
