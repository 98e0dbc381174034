#!/usr/bin/python3
"""What Tableau and Power BI are documented to ask of a driver, asked; and every value of packaging/clients, tried.

Sources: Tableau's references of capabilities and of ODBC/SQL customizations, and its connector kit's capabilities;
Microsoft's 'Parameters for Odbc.DataSource' of Power Query."""

import contextlib
import pathlib
import re
import struct
import unittest
import xml.etree.ElementTree

from odbc_calls import Connection, OdbcError, Statement
from odbc_server import OdbcServer

CLIENTS = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "clients"
WCHAR, SBIGINT, TIMESTAMP, BINARY, DOUBLE = -8, -25, 93, -2, 8  # C types
DBMS_NAME, DRIVER_NAME, QUOTE, CATALOG_SEPARATOR = 17, 6, 29, 41

# By their numbers. Text, 16 and 32 bits: what both programs are documented to read.
TEXT_KINDS = {"SQL_DRIVER_NAME": 6, "SQL_DRIVER_VER": 7, "SQL_SEARCH_PATTERN_ESCAPE": 14, "SQL_DATABASE_NAME": 16,
              "SQL_DBMS_NAME": 17, "SQL_DBMS_VER": 18, "SQL_DATA_SOURCE_READ_ONLY": 25, "SQL_EXPRESSIONS_IN_ORDERBY": 27,
              "SQL_IDENTIFIER_QUOTE_CHAR": 29, "SQL_OUTER_JOINS": 38, "SQL_SCHEMA_TERM": 39, "SQL_CATALOG_NAME_SEPARATOR": 41,
              "SQL_CATALOG_TERM": 42, "SQL_DRIVER_ODBC_VER": 77, "SQL_COLUMN_ALIAS": 87, "SQL_KEYWORDS": 89,
              "SQL_ORDER_BY_COLUMNS_IN_SELECT": 90, "SQL_SPECIAL_CHARACTERS": 94, "SQL_LIKE_ESCAPE_CLAUSE": 113,
              "SQL_CATALOG_NAME": 10003}
SMALL_KINDS = {"SQL_CONCAT_NULL_BEHAVIOR": 22, "SQL_CURSOR_COMMIT_BEHAVIOR": 23, "SQL_CURSOR_ROLLBACK_BEHAVIOR": 24,
               "SQL_IDENTIFIER_CASE": 28, "SQL_TXN_CAPABLE": 46, "SQL_CORRELATION_NAME": 74, "SQL_NON_NULLABLE_COLUMNS": 75,
               "SQL_NULL_COLLATION": 85, "SQL_GROUP_BY": 88, "SQL_QUOTED_IDENTIFIER_CASE": 93, "SQL_MAX_COLUMNS_IN_SELECT": 100,
               "SQL_MAX_TABLES_IN_SELECT": 106, "SQL_CATALOG_LOCATION": 114, "SQL_MAX_IDENTIFIER_LEN": 10005}
MASK_KINDS = {"SQL_CONVERT_FUNCTIONS": 48, "SQL_NUMERIC_FUNCTIONS": 49, "SQL_STRING_FUNCTIONS": 50, "SQL_SYSTEM_FUNCTIONS": 51,
              "SQL_TIMEDATE_FUNCTIONS": 52, "SQL_CONVERT_CHAR": 56, "SQL_GETDATA_EXTENSIONS": 81, "SQL_CATALOG_USAGE": 92,
              "SQL_SUBQUERIES": 95, "SQL_UNION": 96, "SQL_TIMEDATE_ADD_INTERVALS": 109, "SQL_TIMEDATE_DIFF_INTERVALS": 110,
              "SQL_OJ_CAPABILITIES": 115, "SQL_SQL_CONFORMANCE": 118, "SQL_DATETIME_LITERALS": 119,
              "SQL_ODBC_INTERFACE_CONFORMANCE": 152, "SQL_SQL92_DATETIME_FUNCTIONS": 155,
              "SQL_SQL92_NUMERIC_VALUE_FUNCTIONS": 159, "SQL_SQL92_PREDICATES": 160, "SQL_SQL92_RELATIONAL_JOIN_OPERATORS": 161,
              "SQL_SQL92_STRING_FUNCTIONS": 164, "SQL_SQL92_VALUE_EXPRESSIONS": 165, "SQL_AGGREGATE_FUNCTIONS": 169}
FUNCTIONS = {"SQLBindCol": 4, "SQLCancel": 5, "SQLDescribeCol": 8, "SQLExecDirect": 11, "SQLExecute": 12, "SQLFetch": 13,
             "SQLNumResultCols": 18, "SQLPrepare": 19, "SQLRowCount": 20, "SQLColumns": 40, "SQLGetData": 43,
             "SQLGetInfo": 45, "SQLGetTypeInfo": 47, "SQLStatistics": 53, "SQLTables": 54, "SQLForeignKeys": 60,
             "SQLMoreResults": 61, "SQLNumParams": 63, "SQLPrimaryKeys": 65, "SQLProcedures": 67, "SQLBindParameter": 72,
             "SQLColAttribute": 6, "SQLEndTran": 1005, "SQLFetchScroll": 1021, "SQLGetConnectAttr": 1007,
             "SQLSetStmtAttr": 1020}

SCHEMA = """
CREATE DATABASE bi DEFAULT CHARACTER SET utf8mb4; CREATE DATABASE bi_other; USE bi;
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, since DATE, UNIQUE by_name (name)) ENGINE=InnoDB;
CREATE TABLE orders (id BIGINT PRIMARY KEY, customer INT, amount DECIMAL(12,2), placed DATETIME(6), paid BIT(1), weight DOUBLE,
  note TEXT, picture BLOB, kind ENUM('a','b'), small TINYINT UNSIGNED, at TIME, year YEAR, raw VARBINARY(8), letter CHAR(1),
  FOREIGN KEY (customer) REFERENCES customers (id)) ENGINE=InnoDB;
CREATE VIEW big_orders AS SELECT * FROM orders WHERE amount > 100;
CREATE TABLE bi_other.regions (customer INT, region VARCHAR(20));
INSERT INTO customers VALUES (1, 'Grüße 😀', '2020-02-29'), (2, 'O''Brien \\\\ 50%', NULL);
INSERT INTO orders (id, customer, amount, placed) VALUES (9007199254740993, 1, 99.90, '2026-11-26 23:59:59.123456'),
  (2, 1, 150.10, '2026-11-27 00:00:00'), (3, 2, 0.50, NULL);
INSERT INTO bi_other.regions VALUES (1, 'north')
"""


def setUpModule():
    server = OdbcServer()
    unittest.addModuleCleanup(server.stop)
    server.use()
    with server.session() as session:
        session.query("SET NAMES utf8mb4;" + SCHEMA)


class BiCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.db = Connection("DSN=plain;DATABASE=bi", attributes=((103, 15), (113, 15)))  # LOGIN_, CONNECTION_TIMEOUT
        cls.addClassCleanup(cls.db.close)

    def statement(self):
        statement = Statement(self.db)
        self.addCleanup(statement.free)
        return statement

    def rows(self, sql):
        return self.db.rows(sql)

    def works(self, sql):
        try:
            self.rows(sql)
            return True
        except OdbcError:
            return False


class WhatBothAsk(BiCase):
    def test_information_has_its_type_and_a_value(self):
        for name, kind in TEXT_KINDS.items():
            self.assertIsInstance(self.db.info_text(kind), str, name)
        for kinds, size in ((SMALL_KINDS, 2), (MASK_KINDS, 4)):
            for name, kind in kinds.items():
                self.assertEqual(self.db.info_size(kind), size, name)
        for name in ("SQL_AGGREGATE_FUNCTIONS", "SQL_SQL92_PREDICATES", "SQL_STRING_FUNCTIONS", "SQL_OJ_CAPABILITIES",
                     "SQL_SUBQUERIES", "SQL_UNION", "SQL_DATETIME_LITERALS", "SQL_CATALOG_USAGE"):
            self.assertNotEqual(self.db.info_number(MASK_KINDS[name]), 0, name)
        self.assertEqual((self.db.info_text(QUOTE), self.db.info_text(CATALOG_SEPARATOR)), ("`", "."))

    def test_functions_are_there(self):
        missing = [name for name, number in FUNCTIONS.items() if not self.db.has_function(number)]
        self.assertEqual(missing, [])

    def test_tree_of_databases_and_tables(self):
        databases = [row[0] for row in self.statement().catalog("SQLTablesW", "%", "", "", "").rows()]
        self.assertLessEqual({"bi", "bi_other"}, set(databases))
        kinds = [row[3] for row in self.statement().catalog("SQLTablesW", "", "", "", "%").rows()]
        self.assertLessEqual({"TABLE", "VIEW"}, set(kinds))
        tables = self.statement().catalog("SQLTablesW", "bi", None, "%", "TABLE,VIEW").rows()
        self.assertEqual([(row[0], row[1], row[2], row[3]) for row in tables], [
            ("bi", None, "customers", "TABLE"), ("bi", None, "orders", "TABLE"), ("bi", None, "big_orders", "VIEW")])

    def test_columns_are_described_alike_by_catalog_and_by_query(self):
        catalog = self.statement().catalog("SQLColumnsW", "bi", None, "orders", "%").rows()
        described = self.statement().prepare("SELECT * FROM `bi`.`orders`").columns()  # without executing it
        self.assertEqual([(row[3], int(row[4])) for row in catalog], [column[:2] for column in described])
        executed = self.statement().execute("SELECT * FROM `bi`.`orders` WHERE 1 = 0").columns()
        self.assertEqual(described, executed)

    def test_every_columns_type_is_one_of_the_types(self):
        """Where they differ, Power Query's documents say, a connector has to correct SQLGetTypeInfo."""
        known = {int(row[1]) for row in self.statement().catalog("SQLGetTypeInfoW", numbers=(0,)).rows()}
        for table in ("orders", "customers"):
            for row in self.statement().catalog("SQLColumnsW", "bi", None, table, "%").rows():
                self.assertIn(int(row[4]), known, row[3])

    def test_keys_lead_from_table_to_table(self):
        primary = self.statement().catalog("SQLPrimaryKeysW", "bi", None, "orders").rows()
        self.assertEqual([row[3] for row in primary], ["id"])
        for names in (("bi", None, "customers", None, None, None), (None, None, None, "bi", None, "orders")):
            keys = self.statement().catalog("SQLForeignKeysW", *names).rows()
            self.assertEqual([(row[2], row[3], row[6], row[7]) for row in keys], [("customers", "id", "orders", "customer")])


class Tableau(BiCase):
    """A capability is `yes` in the file if and only if what it stands for works."""

    def temporary_tables_bind(self):
        self.rows("CREATE TEMPORARY TABLE bound (n INT)")
        status = dict(self.rows("SHOW FABRIC STATUS"))
        self.rows("DROP TEMPORARY TABLE bound")
        return "temporary" in status["pinned_by"]

    def fraction(self):
        statement = self.statement().execute("SELECT placed FROM orders WHERE id = 9007199254740993")
        statement.fetch()
        return struct.unpack("=h5Hi", statement.value(1, TIMESTAMP))[6]

    def number(self):
        statement = self.statement().execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        statement.fetch()
        return struct.unpack("=q", statement.value(1, SBIGINT))[0]

    def catalog_answers(self, function, *names):
        return bool(self.statement().catalog(function, *names).rows())

    def indexes(self):
        unique, quick = 0, 0
        rows = self.statement().catalog("SQLStatisticsW", "bi", None, "customers", numbers=(unique, quick)).rows()
        return any(row[5] == "by_name" for row in rows)

    def probes(self):
        works = self.works
        prepared = self.statement().prepare("SELECT name, since FROM customers").columns()
        return {
            "CAP_QUERY_TOP_N": works("SELECT id FROM orders LIMIT 2"),
            "CAP_QUERY_TOPSTYLE_LIMIT": len(self.rows("SELECT id FROM orders LIMIT 2")) == 2,
            "CAP_QUERY_TOPSTYLE_TOP": works("SELECT TOP 2 id FROM orders"),
            "CAP_QUERY_TOPSTYLE_ROWNUM": works("SELECT id FROM orders WHERE ROWNUM <= 2"),
            "CAP_QUERY_TOP_0": self.rows("SELECT id FROM orders LIMIT 0") == [],
            "CAP_QUERY_SUBQUERIES": works("SELECT COUNT(1) FROM (SELECT id FROM orders) `t`"),
            "CAP_QUERY_SUBQUERIES_WITH_TOP": works("SELECT COUNT(1) FROM (SELECT id FROM orders LIMIT 2) `t`"),
            "CAP_QUERY_GROUP_BY_ALIAS": works("SELECT customer AS `none_c` FROM orders GROUP BY `none_c`"),
            "CAP_QUERY_GROUP_BY_DEGREE": works("SELECT customer, SUM(amount) FROM orders GROUP BY 1"),
            "CAP_QUERY_GROUP_BY_BOOL": works("SELECT amount > 1, COUNT(*) FROM orders GROUP BY amount > 1"),
            "CAP_QUERY_SORT_BY": works("SELECT id FROM orders ORDER BY amount"),
            "CAP_QUERY_SORT_BY_DEGREE": works("SELECT id, amount FROM orders ORDER BY 2, 1"),
            "CAP_QUERY_HAVING_REQUIRES_GROUP_BY": not works("SELECT SUM(amount) AS s FROM orders HAVING COUNT(1) > 0"),
            "CAP_QUERY_JOIN_ACROSS_SCHEMAS": works(
                "SELECT r.region FROM `bi`.`orders` o INNER JOIN `bi_other`.`regions` r ON o.customer = r.customer"),
            "CAP_SUPPORTS_UNION": works("SELECT id FROM orders UNION ALL SELECT id FROM customers"),
            "CAP_QUERY_BOOLEXPR_TO_INTEXPR": self.rows("SELECT amount > 1 FROM orders WHERE id = 2") == [["1"]],
            "CAP_CREATE_TEMP_TABLES": not self.temporary_tables_bind(),
            "CAP_SELECT_INTO": works("SELECT id INTO copied FROM orders"),
            "CAP_SELECT_TOP_INTO": works("SELECT id INTO copied FROM orders LIMIT 1"),
            "CAP_FAST_METADATA": self.catalog_answers("SQLTablesW", "bi", None, "%", "TABLE"),
            "CAP_ODBC_METADATA_SUPPRESS_EXECUTED_QUERY": prepared[1][1] == 91,
            "CAP_ODBC_METADATA_SUPPRESS_PREPARED_QUERY": [column[0] for column in prepared] != ["name", "since"],
            "CAP_ODBC_METADATA_SUPPRESS_SQLCOLUMNS_API": not self.catalog_answers("SQLColumnsW", "bi", None, "orders", "%"),
            "CAP_ODBC_METADATA_SUPPRESS_SQLFOREIGNKEYS_API": not self.catalog_answers(
                "SQLForeignKeysW", "bi", None, "customers", None, None, None),
            "CAP_ODBC_METADATA_SUPPRESS_SQLPRIMARYKEYS_API": not self.catalog_answers("SQLPrimaryKeysW", "bi", None, "orders"),
            "CAP_ODBC_METADATA_SUPPRESS_SQLSTATISTICS_API": not self.indexes(),
            "CAP_ODBC_CURSOR_FORWARD_ONLY": bool(self.statement().set(6, 0).execute("SELECT id FROM orders").rows()),
            "CAP_ODBC_FORCE_SINGLE_ROW_BINDING": len(self.statement().execute("SELECT id FROM orders").block(10, 64)) != 3,
            "CAP_ODBC_BIND_SUPPRESS_WIDE_CHAR": self.statement().execute(
                "SELECT name FROM customers ORDER BY id").block(2, 64) != ["Grüße 😀", "O'Brien \\ 50%"],
            "CAP_ODBC_BIND_SUPPRESS_INT64": self.number() != 9007199254740993,
            "CAP_ODBC_FETCH_IGNORE_FRACTIONAL_SECONDS": self.fraction() != 123456000,
            "CAP_ODBC_CONNECTION_STATE_VERIFY_FAST": self.db.attribute(1209) == 0,  # SQL_ATTR_CONNECTION_DEAD
            "CAP_ODBC_CONNECTION_STATE_VERIFY_PROBE": self.db.attribute(1209) != 0,
        }

    def test_capabilities_of_the_file_are_the_drivers(self):
        root = xml.etree.ElementTree.parse(CLIENTS / "fabric-odbc.tdc.in").getroot()
        self.assertEqual(root.attrib, {"class": "genericodbc", "enabled": "true", "version": "10.0"})
        self.assertEqual(root.find("vendor").get("name"), "@vendor@")
        vendors = re.search(r"foreach\(vendor ([\w ]+)\)", (CLIENTS.parent / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        self.assertIn(self.db.info_text(DBMS_NAME), vendors.split())
        self.assertEqual(root.find("driver").get("name"), self.db.info_text(DRIVER_NAME))
        given = {one.get("name"): one.get("value") for one in root.iter("customization")}
        self.assertEqual(given, {name: "yes" if had else "no" for name, had in self.probes().items()})

    def test_escapes_that_generic_connections_send(self):
        rows = self.rows("SELECT {fn UCASE(`t`.`name`)}, {fn YEAR(`t`.`since`)}, {fn LEFT(`t`.`name`, 3)} "
                         "FROM `bi`.`customers` `t` WHERE `t`.`since` = {d '2020-02-29'}")
        self.assertEqual(rows, [["GRÜßE 😀", "2020", "Grü"]])


class PowerBi(BiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = (CLIENTS / "fabric-odbc.pq").read_text()
        cls.options = dict(re.findall(r"(\w+) = (true|false|0x\d+|\d+|\{.*\})", text))
        cls.durations = {name: sum(int(number) * seconds for number, seconds in zip(parts.split(","), (86400, 3600, 60, 1)))
                         for name, parts in re.findall(r"(\w+) = #duration\(([\d, ]+)\)", text)}
        cls.limit = re.search(r'Text\.Format\("(LIMIT [^"]*)"', text).group(1)

    def test_options_are_what_the_driver_does(self):
        works = self.works
        self.assertEqual(self.options, {
            "HierarchicalNavigation": "true", "SoftNumbers": "true",
            "FractionalSecondsScale": "6",
            "SupportsTop": str(works("SELECT TOP 1 id FROM orders")).lower(),
            "SupportsDerivedTable": str(works("SELECT `_`.`id` FROM (SELECT `id` FROM `bi`.`orders`) AS `_`")).lower(),
            "SupportsNumericLiterals": str(works("SELECT id FROM orders WHERE amount > 1.5e1")).lower(),
            "SupportsStringLiterals": str(works("SELECT id FROM customers WHERE name = 'x'")).lower(),
            "SupportsOdbcDateLiterals": str(works("SELECT {d '2020-02-29'}")).lower(),
            "SupportsOdbcTimeLiterals": str(works("SELECT {t '23:59:59'}")).lower(),
            "SupportsOdbcTimestampLiterals": str(works("SELECT {ts '2026-11-26 23:59:59.123456'}")).lower(),
            "StringLiteralEscapeCharacters": '{"\\"}',
            "SQL_API_SQLBINDCOL": str(self.db.has_function(4)).lower(),
            "SQL_CONVERT_FUNCTIONS": hex(self.db.info_number(48) & 2)})

    def test_every_value_of_the_file_is_one_of_these_tests(self):
        text = (CLIENTS / "fabric-odbc.pq").read_text()
        named = set(re.findall(r"(?m)^ +(\w+) = ", text)) - {"SqlCapabilities", "SQLGetFunctions", "AstVisitor", "Options"}
        self.assertEqual(named - {"LimitClause", "Text", "Location"}, set(self.options) | set(self.durations))

    def test_timeouts_are_taken(self):
        """ConnectionTimeout is SQL_ATTR_LOGIN_TIMEOUT, CommandTimeout SQL_ATTR_QUERY_TIMEOUT."""
        self.assertEqual(set(self.durations), {"CommandTimeout", "ConnectionTimeout"})
        login, query = self.durations["ConnectionTimeout"], self.durations["CommandTimeout"]
        self.assertGreater(login, 15)  # the default, which docs/clients.md says it is above
        with contextlib.closing(Connection("DSN=plain;DATABASE=bi", attributes=((103, login),))) as patient:
            self.assertEqual(patient.attribute(103), login)
            statement = Statement(patient).set(0, query)
            self.assertEqual(statement.attribute(0), query)
            self.assertEqual(statement.execute("SELECT COUNT(*) FROM orders").rows(), [["3"]])

    def test_query_that_takes_longer_is_ended(self):
        statement = self.statement().set(0, 1)
        with self.assertRaises(OdbcError) as caught:
            statement.execute("SELECT SLEEP(20)").rows()
        self.assertEqual(caught.exception.state, "HYT00")

    def test_limit_clause_skips_and_takes(self):
        def page(skip, take):
            clause = self.limit.replace("#{0}", str(skip)).replace("#{1}", str(take))
            return [row[0] for row in self.rows(f"SELECT `id` FROM `bi`.`orders` ORDER BY `id` {clause}")]
        self.assertEqual((page(0, 1), page(1, 1), page(2, 18446744073709551615)), (["2"], ["3"], ["9007199254740993"]))

    def test_escape_character_in_literals_and_patterns(self):
        self.assertEqual(self.rows(r"SELECT id FROM customers WHERE name = 'O\'Brien \\ 50%'"), [["2"]])
        self.assertEqual(self.rows(r"SELECT id FROM customers WHERE name LIKE '%\\\\ 50\%'"), [["2"]])
        self.assertEqual(self.rows(r"SELECT id FROM customers WHERE name LIKE '50\%'"), [])

    def test_fractional_seconds_have_six_digits(self):
        placed = self.statement().prepare("SELECT placed FROM orders").columns()[0]
        self.assertEqual(placed[3], int(self.options["FractionalSecondsScale"]))
        self.assertEqual(self.rows("SELECT id FROM orders WHERE placed = {ts '2026-11-26 23:59:59.123456'}"),
                         [["9007199254740993"]])

    def test_folded_query_in_the_announced_quotes(self):
        quote = self.db.info_text(QUOTE)
        sql = """select "rows"."name" as "name", sum("rows"."amount") as "total" from (select "_"."amount", "$inner"."name"
            from "bi"."orders" as "_" left outer join "bi"."customers" as "$inner" on ("_"."customer" = "$inner"."id")
            where "_"."amount" >= cast(1 as decimal(10,2)) and "_"."placed" is not null) as "rows"
            group by "name" order by "total" desc""".replace('"', quote)
        self.assertEqual(self.rows(sql + " " + self.limit.replace("#{0}", "0").replace("#{1}", "1000")),
                         [["Grüße 😀", "250.00"]])

    def test_parameters_where_literals_are_not_used(self):
        statement = self.statement().set(0, self.durations["CommandTimeout"])
        statement.prepare("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer "
                          "WHERE c.name = ? AND o.amount > ? AND o.placed >= ? AND o.id <> ?")
        statement.bind(1, WCHAR, -9, "Grüße 😀".encode("utf-16-le"), 40)  # SQL_WVARCHAR
        statement.bind(2, DOUBLE, 8, struct.pack("=d", 99.0))
        statement.bind(3, TIMESTAMP, 93, struct.pack("=h5HI", 2026, 11, 26, 23, 59, 59, 123456000), 26, 6)
        statement.bind(4, SBIGINT, -5, struct.pack("=q", 2))
        self.assertEqual(statement.execute_prepared().rows(), [["9007199254740993"]])

    def test_casts_fold_without_loss(self):
        self.assertEqual(self.rows("SELECT CAST(amount AS CHAR(20)), CAST('7' AS SIGNED), CAST('1.5' AS DECIMAL(10,2)), "
                                   "CAST('2020-02-29' AS DATE), CAST(id AS CHAR(20)) FROM orders WHERE id = 9007199254740993"),
                         [["99.90", "7", "1.50", "2020-02-29", "9007199254740993"]])

    def test_error_tells_the_state(self):
        with self.assertRaises(OdbcError) as caught:
            self.rows("SELECT * FROM `bi`.`nowhere`")
        self.assertEqual(caught.exception.state, "42S02")


if __name__ == "__main__":
    unittest.main()
