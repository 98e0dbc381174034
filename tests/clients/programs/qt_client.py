import sys

from PyQt5.QtCore import QByteArray, QCoreApplication, QDateTime, Qt
from PyQt5.QtSql import QSql, QSqlDatabase, QSqlQuery

application = QCoreApplication(sys.argv)
db = QSqlDatabase.addDatabase("QODBC")
db.setDatabaseName(sys.argv[1])
if not db.open():
    sys.exit(db.lastError().text())
db.setNumericalPrecisionPolicy(QSql.HighPrecision)  # or decimals become doubles


class Failure(Exception):
    """nativeErrorCode() is the server's number; Qt does not keep the SQLSTATE."""


def run(text, *values):
    query = QSqlQuery(db)
    query.setForwardOnly(True)
    if query.prepare(text):
        for value in values:
            query.addBindValue(value)
        if query.exec_():
            return query
    raise Failure(query.lastError().nativeErrorCode(), query.lastError().databaseText())


def first(text, *values):
    query = run(text, *values)
    columns = range(query.record().count())
    return [None if query.isNull(column) else query.value(column) for column in columns] if query.next() else None


print("tables:", ", ".join(sorted(db.tables())))

db.transaction()
run("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)", 2**63 - 1, "1234567890123456.7891",
    "2026-11-26 23:59:59.123456", "Grüße 😀 漢字", QByteArray(b"\x00\xff\x7f\x80"), None)
db.commit()
big, price, moment, word, data, nothing = first("SELECT * FROM kinds")
print("row: ", end="")
print(big, price, moment.toString("yyyy-MM-dd hh:mm:ss.zzz"), word, bytes(data).hex().upper(),
      "NULL" if nothing is None else nothing, sep="|")

db.transaction()
run("DELETE FROM kinds")
db.rollback()
print("rolled back:", *first("SELECT COUNT(*) FROM kinds"), "row")
db.transaction()
run("UPDATE kinds SET nothing = 7")
db.commit()
print("committed:", *first("SELECT nothing FROM kinds"))

try:
    run("SELECT * FROM nowhere")
except Failure as error:
    print("error:", *error.args)


def store(number):
    while True:
        try:
            db.transaction()
            if not first("SELECT 1 FROM orders WHERE n = ?", number):
                run("INSERT INTO orders VALUES (?)", number)
            if db.commit():
                return
            raise Failure(db.lastError().nativeErrorCode(), db.lastError().databaseText())
        except Failure as error:
            print("again, looking first:", error, file=sys.stderr)
            db.rollback()


for line in sys.stdin:
    store(int(line))
    print("stored", int(line), flush=True)
print("rows", *first("SELECT COUNT(*) FROM orders"))
