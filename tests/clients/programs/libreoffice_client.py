import atexit
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sdbc import SQLException
from com.sun.star.sheet.DataImportMode import SQL
from com.sun.star.util import DateTime


def start_office(profile):
    """An office of its own, without windows: `soffice --headless`, spoken to through UNO."""
    pipe = f"shop{os.getpid()}"
    office = subprocess.Popen(["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation={profile}",
                               f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True)
    atexit.register(end_office, office)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while office.poll() is None:
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:  # it is still starting
            time.sleep(0.1)
    sys.exit("soffice has ended")


def end_office(office):
    """Whatever has failed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(office.pid, signal.SIGTERM)


def make(name):
    return context.ServiceManager.createInstanceWithContext(name, context)


def first(text, *values):
    """The first row's first column as a number, or None."""
    query = db.prepareStatement(text)
    for place, value in enumerate(values, 1):
        query.setLong(place, value)
    rows = query.executeQuery()
    value = rows.getLong(1) if rows.next() else None
    query.close()
    return value


def run(text):
    db.createStatement().executeUpdate(text)


def show_types():
    insert = db.prepareStatement("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)")
    insert.setLong(1, 2**63 - 1)
    insert.setString(2, "1234567890123456.7891")
    insert.setTimestamp(3, DateTime(123456000, 59, 59, 23, 26, 11, 2026, False))
    insert.setString(4, "Grüße 😀 漢字")
    insert.setBytes(5, uno.ByteSequence(b"\x00\xff\x7f\x80"))
    insert.setNull(6, 4)  # com.sun.star.sdbc.DataType.INTEGER
    insert.executeUpdate()
    db.commit()
    row = db.createStatement().executeQuery("SELECT * FROM kinds")
    row.next()
    t = row.getTimestamp(3)
    moment = f"{t.Year}-{t.Month:02}-{t.Day:02} {t.Hours:02}:{t.Minutes:02}:{t.Seconds:02}.{t.NanoSeconds // 1000:06}"
    print("row: ", end="")
    print(row.getLong(1), row.getString(2), moment, row.getString(4), row.getBytes(5).value.hex().upper(), sep="|", end="|")
    nothing = row.getInt(6)
    print("NULL" if row.wasNull() else nothing)
    row.close()


def show_sheet(database):
    """The rows of a query in a Calc document, as Base's data sources (Ctrl+Shift+F4) put them there."""
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = make("com.sun.star.frame.Desktop").loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,))
    sheet = document.Sheets.getByIndex(0)
    query = {"DatabaseName": database, "SourceType": SQL, "SourceObject": "SELECT * FROM kinds", "IsNative": True}
    sheet.getCellRangeByName("A1").doImport(tuple(PropertyValue(Name=name, Value=value) for name, value in query.items()))
    for line in (0, 1):
        print("sheet:", *(sheet.getCellByPosition(column, line).String for column in range(6)), sep=" | ")
    document.close(True)


def store(number):
    while True:
        try:
            if first("SELECT 1 FROM orders WHERE n = ?", number) is None:
                run(f"INSERT INTO orders VALUES ({number})")
            db.commit()
            return
        except SQLException as error:
            if error.SQLState not in ("40001", "25S03", "08007"):  # rolled back, the same told late; outcome unknown
                raise
            print("again, looking first:", error.SQLState, error.Message, file=sys.stderr)
            db.rollback()


folder = tempfile.TemporaryDirectory()
place = pathlib.Path(folder.name).as_uri()
office, context = start_office(place + "/profile")
source = make("com.sun.star.sdb.DatabaseContext").createInstance()
source.URL = "sdbc:odbc:" + sys.argv[1]
source.DatabaseDocument.storeAsURL(place + "/shop.odb", ())
db = source.getIsolatedConnection("", "")  # name and password are the data source's
db.setAutoCommit(False)

print("tables:", ", ".join(name.split(".")[-1] for name in db.Tables.ElementNames))
show_types()
show_sheet(place + "/shop.odb")
run("DELETE FROM kinds")
db.rollback()
print("rolled back:", first("SELECT COUNT(*) FROM kinds"), "row")
run("UPDATE kinds SET nothing = 7")
db.commit()
print("committed:", first("SELECT nothing FROM kinds"))
try:
    db.createStatement().executeQuery("SELECT * FROM nowhere")
except SQLException as error:
    print("error:", error.SQLState, error.ErrorCode, error.Message)

for line in sys.stdin:
    store(int(line))
    print("stored", int(line), flush=True)
print("rows", first("SELECT COUNT(*) FROM orders"))
db.close()
make("com.sun.star.frame.Desktop").terminate()
office.wait()
