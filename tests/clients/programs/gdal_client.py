import sys

from osgeo import ogr

ogr.UseExceptions()
db = ogr.Open("ODBC:DSN=" + sys.argv[1])  # GDAL binds no values, and reads and writes in autocommit


def value(feature, column):
    if feature.IsFieldNull(column):
        return "NULL"
    if feature.GetFieldType(column) == ogr.OFTBinary:
        return bytes(feature.GetFieldAsBinary(column)).hex().upper()
    return feature.GetField(column)


def run(text):
    """Any statement of the server's, and its rows if it has some."""
    layer = db.ExecuteSQL(text)
    rows = [[value(feature, column) for column in range(feature.GetFieldCount())] for feature in layer or ()]
    db.ReleaseResultSet(layer)
    return rows


print("tables:", ", ".join(sorted(layer.GetName() for layer in db)))

run("INSERT INTO kinds VALUES (9223372036854775807, 1234567890123456.7891, '2026-11-26 23:59:59.123456',"
    " 'Grüße 😀 漢字', X'00FF7F80', NULL)")
kinds = db.GetLayerByName("kinds")
print("types:", *(field.GetTypeName() for field in kinds.schema))
print("row: ", end="")
print(*(value(feature, column) for feature in kinds for column in range(feature.GetFieldCount())), sep="|")

run("START TRANSACTION")
run("DELETE FROM kinds")
run("ROLLBACK")
print("rolled back:", run("SELECT COUNT(*) FROM kinds")[0][0], "row")
run("START TRANSACTION")
run("UPDATE kinds SET nothing = 7")
run("COMMIT")
print("committed:", run("SELECT nothing FROM kinds")[0][0])

try:
    run("SELECT * FROM nowhere")
except RuntimeError as error:
    print("error:", error)


def store(number):
    while not run(f"SELECT 1 FROM orders WHERE n = {number}"):
        try:
            return run(f"INSERT INTO orders VALUES ({number})")
        except RuntimeError as error:
            if not str(error).startswith("[08007]"):  # whether it was executed is unknown
                raise
            print(error, "- looking, then once more", file=sys.stderr)


for line in sys.stdin:
    store(int(line))
    print("stored", int(line), flush=True)
print("rows", run("SELECT COUNT(*) FROM orders")[0][0])
