import datetime
import decimal
import sys

import sqlalchemy as sa

engine = sa.create_engine(f"mysql+pyodbc://{sys.argv[1]}", poolclass=sa.pool.NullPool)  # the driver pools
tables = sa.MetaData()
tables.reflect(engine)
kinds, orders = tables.tables["kinds"], tables.tables["orders"]
print("tables:", ", ".join(sa.inspect(engine).get_table_names()))

with engine.begin() as db:
    db.execute(kinds.insert().values(
        big=2**63 - 1, price=decimal.Decimal("1234567890123456.7891"), word="Grüße 😀 漢字",
        moment=datetime.datetime(2026, 11, 26, 23, 59, 59, 123456), data=b"\x00\xff\x7f\x80", nothing=None))
with engine.begin() as db:
    row = db.execute(kinds.select()).one()
    print("row: " + "|".join(map(str, row[:4])), row.data.hex().upper(), row.nothing or "NULL", sep="|")

with engine.connect() as db:
    with db.begin() as transaction:
        db.execute(kinds.delete())
        transaction.rollback()
    with db.begin():
        print("rolled back:", db.scalar(sa.select(sa.func.count()).select_from(kinds)), "row")
        db.execute(kinds.update().values(nothing=7))
    with db.begin():
        print("committed:", db.scalar(sa.select(kinds.c.nothing)))
    try:
        db.execute(sa.text("SELECT * FROM nowhere"))
    except sa.exc.DBAPIError as error:
        print("error:", *error.orig.args)


def store(number):
    while True:
        try:
            with engine.begin() as db:
                if not db.execute(orders.select().where(orders.c.n == number)).first():
                    db.execute(orders.insert().values(n=number))
            return
        except sa.exc.DBAPIError as error:
            if error.orig.args[0] not in ("40001", "25S03", "08007"):  # rolled back, or COMMIT's outcome unknown
                raise
            print("again, looking first:", error.orig, file=sys.stderr)


for line in sys.stdin:
    store(int(line))
    print("stored", int(line), flush=True)
with engine.begin() as db:
    print("rows", db.scalar(sa.select(sa.func.count()).select_from(orders)))
