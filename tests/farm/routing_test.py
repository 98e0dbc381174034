#!/usr/bin/python3
"""Statements find their shards: the demo farm's tables of every shard type, all ways to steer, both modes of
transactions; and an employees schema, sharded, loaded and queried without one hint. Through unixODBC and pyodbc.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import datetime
import pathlib
import sys
import time
import unittest

import pyodbc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from routing_case import RoutingCase  # noqa: E402  (the path above comes first)


class ShardTypes(RoutingCase):
    """Each row is found in its own shard, by literals and by parameters, and nowhere else."""

    def check(self, connection, sql, value, group, expected):
        literal = f"'{value}'" if isinstance(value, (str, datetime.datetime)) else str(value)
        for rows in (connection.execute(sql.replace("?", literal)).fetchall(), connection.execute(sql, value).fetchall()):
            self.assertEqual([tuple(row) for row in rows], expected, value)
            self.assertEqual(self.group_of(connection), group, value)

    def test_range(self):
        connection = self.connect()
        for key, group in ((1, "shard1"), (1000, "shard2"), (20, "shard1"), (1019, "shard2")):
            self.check(connection, "SELECT order_id FROM orders WHERE order_id = ?", key, group, [(key,)])
        self.refused("HY000", "below the lowest bound", lambda: connection.execute("SELECT 1 FROM orders WHERE order_id = 0"))

    def test_range_integer(self):
        connection = self.connect()
        for key, group in ((-1000, "shard1"), (-20, "shard1"), (-3, "shard1"), (-1, "shard1"), (0, "shard2"), (20, "shard2"),
                           (100, "shard2")):
            self.check(connection, "SELECT part_no FROM parts WHERE part_no = ?", key, group, [(key,)])
        self.refused("HY000", "below the lowest bound", lambda: connection.execute("DELETE FROM parts WHERE part_no = -1001"))
        self.refused("HY000", "does not fit", lambda: connection.execute("INSERT INTO parts VALUES (2147483648, 'x')"))

    def test_hash(self):
        connection = self.connect()
        groups = set()
        for key in range(1, 41):
            row = connection.execute("SELECT user_id FROM users WHERE user_id = ?", key).fetchall()
            self.assertEqual([tuple(one) for one in row], [(key,)])
            groups.add(self.group_of(connection))
        self.assertEqual(groups, {"shard1", "shard2"})

    def test_range_string(self):
        connection = self.connect()
        for key, group, meaning in (("Ada", "shard1", "noble"), ("Zoë", "shard2", "life"), ("Mira", "shard2", "wonder")):
            self.check(connection, "SELECT meaning FROM names WHERE name = ?", key, group, [(meaning,)])

    def test_text_keys_in_another_character_set_of_the_session(self):
        by_name = "SELECT meaning FROM names WHERE name = "
        for setting, refuses_ascii in (("NAMES latin1", False), ("character_set_client = cp1250", False),
                                       ("CHARACTER SET latin1", False), ("character_set_connection = 'latin1'", False),
                                       ("NAMES gbk", True)):
            connection = self.connect()
            connection.execute(f"SET {setting}")
            for run in (lambda: connection.execute(by_name + "'Zoë'"), lambda: connection.execute(by_name + "?", "Zoë"),
                        lambda: connection.execute("INSERT INTO names VALUES ('Zoé', 'x')")):
                self.refused("HY000", "SET NAMES utf8mb4", run)
            if refuses_ascii:
                self.refused("HY000", "SET NAMES utf8mb4", lambda: connection.execute(by_name + "'Ada'"))
            else:
                self.check(connection, by_name + "?", "Ada", "shard1", [("noble",)])
            connection.execute("SET NAMES utf8mb4")
            self.check(connection, by_name + "?", "Zoë", "shard2", [("life",)])
        connection = self.connect("INITSTMT={SET NAMES latin1}")
        self.refused("HY000", "latin1/latin1", lambda: connection.execute(by_name + "'Zoë'"))

    def test_double_quotes_as_the_session_reads_them_now(self):
        connection = self.connect()
        by_name = 'SELECT meaning FROM names WHERE name = "meaning"'
        self.assertEqual(connection.execute(by_name).fetchall(), [])
        connection.execute("SET sql_mode = 'ANSI_QUOTES'")
        self.refused("HY000", "nothing fixes its sharding column name", lambda: connection.execute(by_name))
        connection.execute("SET sql_mode = ''")
        self.assertEqual(connection.execute('SELECT meaning FROM names WHERE name = "Mira"').fetchone()[0], "wonder")

    def test_range_datetime(self):
        connection = self.connect()
        moment = datetime.datetime(2012, 2, 29, 12)
        self.check(connection, "SELECT event_id FROM events WHERE happened = ?", moment, "shard1", [(2,)])
        self.check(connection, "SELECT event_id FROM events WHERE happened = ?", datetime.datetime(2020, 6, 1), "shard2", [(4,)])

    def test_writes_and_their_insert_without_a_list_of_columns(self):
        connection = self.connect()
        self.addCleanup(lambda: connection.execute("DELETE FROM orders WHERE order_id IN (700, 701)"))
        connection.execute("INSERT INTO orders VALUES (700, 1, 1.00), (701, 1, 2.00)")
        self.assertEqual(self.group_of(connection), "shard1")
        self.assertEqual(connection.execute("UPDATE orders SET total = 3 WHERE order_id = 701").rowcount, 1)
        self.assertEqual(connection.execute("SELECT SUM(total) FROM orders WHERE order_id IN (700, 701)").fetchone()[0], 4)
        self.refused("HY000", "several shards", lambda: connection.execute("INSERT INTO orders VALUES (702, 1, 1), (1702, 1, 1)"))
        self.refused("HY000", "INSERT ... SELECT", lambda: connection.execute("INSERT INTO orders SELECT 5, 5, 5"))


class DisabledShards(RoutingCase):
    def test_are_not_taken_for_their_neighbours(self):
        connection = self.connect()
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM parts WHERE part_no = 3").fetchone()[0], 1)
        with self.farm.session("g1b") as node:
            shard = next(row[2] for row in node.rows("CALL dump.shard_index(0, '')") if row[0] == "0" and row[3] == "shard2")
        self.addCleanup(self.until, lambda: connection.execute("SELECT 1 FROM parts WHERE part_no = 3").fetchall())
        self.addCleanup(self.call, f"sharding.enable_shard({shard}, 'true')")
        self.call(f"sharding.disable_shard({shard}, 'true')")
        self.until(lambda: self.refused("HY000", f"lies in shard {shard}, which is disabled", lambda: connection.execute(
            "SELECT COUNT(*) FROM parts WHERE part_no = 3")))
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM parts WHERE part_no = -3").fetchone()[0], 1)
        self.assertEqual(connection.execute("/*fabric: group=shard2*/ SELECT COUNT(*) FROM parts").fetchone()[0], 5)


class RemovedShards(RoutingCase):
    @classmethod
    def in_global_group(cls, sql):
        with cls.farm.session("global1") as session:
            session.query(sql)

    def test_leave_their_keys_to_the_neighbour(self):
        self.in_global_group("CREATE TABLE shop.removed (id INT PRIMARY KEY)")
        self.addClassCleanup(self.in_global_group, "DROP TABLE shop.removed")
        mapping = self.add_mapping("RANGE", (("shop.removed", "id"),), "shard1/1,shard2/1000")
        connection = self.connect()
        explain = lambda: connection.execute("EXPLAIN FABRIC SELECT * FROM removed WHERE id = 1000").fetchone()  # noqa: E731
        self.until(lambda: self.assertEqual(explain()[1], "shard2"))
        last = self.shard_ids(mapping)[-1]
        self.call(f"sharding.disable_shard({last}, 'true')")
        self.until(lambda: self.assertIn(f"lies in shard {last}, which is disabled", explain()[5]))
        self.call(f"sharding.remove_shard({last}, 'true')")
        self.until(lambda: self.assertEqual(explain()[1], "shard1"))


class Steering(RoutingCase):
    def test_hint_is_stronger_than_the_text(self):
        connection = self.connect()
        count = "SELECT COUNT(*) FROM orders"
        self.refused("HY000", "nothing fixes its sharding column order_id", lambda: connection.execute(count))
        self.assertEqual(connection.execute(f"/*fabric: key=1*/ {count}").fetchone()[0], 20)
        self.assertEqual(connection.execute(f"/*fabric: key=1000 tables=shop.orders*/ {count}").fetchone()[0], 20)
        self.assertEqual(self.group_of(connection), "shard2")
        self.assertEqual(connection.execute(f"/*fabric: scope=global*/ {count}").fetchone()[0], 0)
        self.assertEqual(self.group_of(connection), "global")
        self.assertEqual(connection.execute(f"/*fabric: group=shard2*/ {count} WHERE order_id = 1").fetchone()[0], 0)
        self.refused("42000", "does not know 'shard'", lambda: connection.execute(f"/*fabric: shard=1*/ {count}"))
        self.refused("42000", "before the first word", lambda: connection.execute(f"{count} /*fabric: key=1*/"))

    def test_mode_of_a_hint(self):
        connection = self.connect()
        ports = {name: self.farm.port(name) for name in ("shard1a", "shard1b")}
        sql = "SELECT @@port FROM orders WHERE order_id = 1"
        self.assertEqual(connection.execute(f"/*fabric: mode=ro*/ {sql}").fetchone()[0], ports["shard1b"])
        self.assertEqual(connection.execute(sql).fetchone()[0], ports["shard1a"])

    def test_connection_attributes_are_stronger_than_the_text(self):
        connection = self.connect()
        connection.execute("SET FABRIC TABLES = 'shop.orders', KEY = 1000")
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id = 1").fetchone()[0], 0)
        connection.execute("SET FABRIC TABLES = DEFAULT, KEY = DEFAULT")
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id = 1").fetchone()[0], 1)
        connection.execute("SET FABRIC GROUP = 'shard2'")
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders").fetchone()[0], 20)
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id = 1").fetchone()[0], 0)

    def test_text_is_stronger_than_the_group_of_the_dsn(self):
        connection = self.connect(dsn="fabric_rw")
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM shop.orders WHERE order_id = 1000").fetchone()[0], 1)
        self.assertEqual(self.group_of(connection), "shard2")
        self.assertGreater(connection.execute("SELECT COUNT(*) FROM items").fetchone()[0], 0)
        self.assertEqual(self.group_of(connection), "g1")

    def test_what_names_no_sharded_table_goes_to_the_global_group(self):
        connection = self.connect()
        connection.execute("SELECT 1 FROM orders WHERE order_id = 1").fetchall()
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM countries").fetchone()[0], 5)
        self.assertEqual(self.group_of(connection), "global")
        self.refused("HY000", "not in its text", lambda: connection.execute("CALL mysql.nothing()"))

    def test_insert_id_and_counts_are_asked_where_they_are(self):
        connection = self.connect()
        connection.execute("UPDATE orders SET total = total WHERE order_id IN (1000, 1001)")
        self.assertEqual(connection.execute("SELECT ROW_COUNT()").fetchone()[0], 2)
        self.assertEqual(self.group_of(connection), "shard2")

    def test_ddl_of_sharded_tables_reaches_every_shard(self):
        connection = self.connect()
        connection.execute("ALTER TABLE orders ADD note VARCHAR(10)")
        self.addCleanup(lambda: connection.execute("ALTER TABLE orders DROP note"))
        self.assertEqual(self.group_of(connection), "global")
        for key in (1, 1000):
            self.until(lambda: connection.execute(f"UPDATE orders SET note = 'x' WHERE order_id = {key}"))


class Transactions(RoutingCase):
    def test_keep_the_route_of_their_first_statement(self):
        connection = self.connect(autocommit=False)
        connection.execute("UPDATE orders SET total = 77 WHERE order_id = 1")
        self.refused("25000", "commit or roll back", lambda: connection.execute("SELECT 1 FROM orders WHERE order_id = 1000"))
        self.assertEqual(connection.execute("SELECT total FROM orders WHERE order_id = 1").fetchone()[0], 77)
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM countries").fetchone()[0], 5)
        self.assertEqual(self.group_of(connection), "shard1")
        self.refused("25000", "commit", lambda: connection.execute("DELETE FROM countries WHERE code = 'XX'"))
        connection.rollback()
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id = 1000").fetchone()[0], 1)
        connection.commit()
        self.assertNotEqual(connection.execute("SELECT total FROM orders WHERE order_id = 1").fetchone()[0], 77)
        connection.rollback()

    def test_begin_with_the_first_statement_that_names_a_table(self):
        for sql in ("SELECT 1", "SELECT DATABASE(), @@version", "SELECT LAST_INSERT_ID()", "SET NAMES utf8mb4", None):
            connection = self.connect(autocommit=False)
            if sql is None:
                connection.cursor().columns(table="orders").fetchall()
            else:
                connection.execute(sql)
            update = "UPDATE orders SET total = 79 WHERE order_id = ?"
            connection.execute(update, 1000)
            self.assertEqual(self.group_of(connection), "shard2", sql)
            self.refused("25000", "commit or roll back", lambda: connection.execute(update, 1))  # noqa: B023
            connection.rollback()

    def test_that_are_only_begun_go_where_their_first_statement_does(self):
        connection = self.connect()
        for key, group in ((1000, "shard2"), (1, "shard1")):
            connection.execute("START TRANSACTION")
            connection.execute("UPDATE orders SET total = 78 WHERE order_id = ?", key)
            self.assertEqual(self.group_of(connection), group)
            self.refused("25000", "commit", lambda: connection.execute("DELETE FROM countries WHERE code = 'XX'"))
            connection.execute("ROLLBACK")
            self.assertNotEqual(connection.execute("SELECT total FROM orders WHERE order_id = ?", key).fetchone()[0], 78)

    def test_user_variables_keep_the_session_where_it_is(self):
        connection = self.connect()
        connection.execute("SELECT 1 FROM orders WHERE order_id = 1").fetchall()
        connection.execute("SET @kept = 5")
        self.refused("25000", "user variables", lambda: connection.execute("SELECT 1 FROM orders WHERE order_id = 1000"))
        self.assertEqual(connection.execute("SELECT @kept").fetchone()[0], 5)


class Prepared(RoutingCase):
    def test_columns_are_known_before_the_key(self):
        cursor = self.connect().cursor()
        for key, count in ((1, 1), (1000, 1), (900, 0)):
            rows = cursor.execute("SELECT order_id, total FROM orders WHERE order_id = ?", key).fetchall()
            self.assertEqual(len(rows), count)

    def test_arrays_belong_to_one_shard(self):
        connection = self.connect()
        cursor = connection.cursor()
        cursor.fast_executemany = True
        self.addCleanup(lambda: connection.execute("DELETE FROM orders WHERE order_id IN (800, 801)"))
        cursor.executemany("INSERT INTO orders (order_id, user_id, total) VALUES (?, ?, ?)", [(800, 1, 1), (801, 1, 1)])
        self.refused("HY000", "Row 2 of the parameters", lambda: cursor.executemany(
            "INSERT INTO orders (order_id, user_id, total) VALUES (?, ?, ?)", [(802, 1, 1), (1802, 1, 1)]))
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id IN (800, 801, 802)").fetchone()[0], 2)

    def test_results_are_kept_when_another_shard_is_asked(self):
        connection = self.connect()
        outer = connection.cursor().execute("SELECT order_id FROM orders WHERE order_id IN (1, 2, 3) ORDER BY 1")
        seen = []
        for (key,) in outer:
            seen.append((key, connection.execute("SELECT 1 FROM orders WHERE order_id = ?", key + 1000).fetchone()[0]))
        self.assertEqual(seen, [(1, 1), (2, 1), (3, 1)])


class Explain(RoutingCase):
    def explain(self, connection, sql, *parameters):
        cursor = connection.execute(f"EXPLAIN FABRIC {sql}", *parameters)
        row = cursor.fetchone()
        return dict(zip([column[0] for column in cursor.description], row))

    def test_tells_the_route_without_running(self):
        connection = self.connect()
        told = self.explain(connection, "DELETE FROM orders WHERE order_id = 1000")
        self.assertEqual((told["level"], told["group_name"], told["mode"]), (3, "shard2", "RW"))
        self.assertEqual(told["server"], f"127.0.0.1:{self.farm.port('shard2a')}")
        self.assertIn("shop.orders: order_id = 1000 lies in shard", told["reason"])
        self.assertEqual(connection.execute("SELECT COUNT(*) FROM orders WHERE order_id = 1000").fetchone()[0], 1)
        self.assertEqual(self.explain(connection, "SELECT * FROM orders WHERE order_id = ?", 1)["group_name"], "shard1")
        self.assertEqual(self.explain(connection, "/*fabric: group=g1 mode=ro*/ SELECT 1")["level"], 1)
        self.assertEqual(self.explain(connection, "SELECT * FROM countries")["group_name"], "global")

    def test_tells_why_there_is_none(self):
        told = self.explain(self.connect(), "SELECT * FROM orders WHERE order_id = 1 OR 1")
        self.assertIsNone(told["group_name"])
        self.assertIn("has an OR", told["reason"])


class Employees(RoutingCase):
    """The well-known sample schema, sharded by emp_no."""

    SCHEMA = (
        "CREATE DATABASE IF NOT EXISTS employees CHARACTER SET utf8mb4",
        "CREATE TABLE IF NOT EXISTS employees.departments (dept_no CHAR(4) PRIMARY KEY, dept_name VARCHAR(40) NOT NULL)",
        "CREATE TABLE IF NOT EXISTS employees.employees (emp_no INT PRIMARY KEY, birth_date DATE NOT NULL,"
        " first_name VARCHAR(14) NOT NULL, last_name VARCHAR(16) NOT NULL, hire_date DATE NOT NULL)",
        "CREATE TABLE IF NOT EXISTS employees.salaries (emp_no INT, salary INT NOT NULL, from_date DATE,"
        " to_date DATE NOT NULL, PRIMARY KEY (emp_no, from_date))",
        "CREATE TABLE IF NOT EXISTS employees.dept_emp (emp_no INT, dept_no CHAR(4), from_date DATE NOT NULL,"
        " to_date DATE NOT NULL, PRIMARY KEY (emp_no, dept_no))")
    SHARDED = ("employees", "salaries", "dept_emp")
    NUMBERS = (10001, 10002, 10499, 10500, 10501)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.farm.session("global1") as session:
            session.query("GRANT ALL ON employees.* TO app@'%'")
        with cls.farm.session("g1b") as node:
            node.query("CALL sharding.create_definition('RANGE', 'global', 'true')")
            mapping = max(int(row[0]) for row in node.rows("CALL sharding.list_definitions()"))
            for table in cls.SHARDED:
                node.query(f"CALL sharding.add_table({mapping}, 'employees.{table}', 'emp_no', 'true')")
            node.query(f"CALL sharding.add_shard({mapping}, 'shard1/1,shard2/10500', 'ENABLED', 'true')")

    def wait_for_schema(self, connection):
        """Both shards have applied what was defined in the global group, and the map is known."""
        deadline = time.monotonic() + 15
        while connection.execute("EXPLAIN FABRIC SELECT 1 FROM employees WHERE emp_no = 10500").fetchone()[1] != "shard2":
            self.assertLess(time.monotonic(), deadline)
        while time.monotonic() < deadline:
            try:
                for number in self.NUMBERS:
                    connection.execute("SELECT 1 FROM employees WHERE emp_no = ?", number)
                    connection.execute("DELETE FROM dept_emp WHERE emp_no = ?", number)
                return
            except pyodbc.Error as error:
                last = error
        raise last

    def test_is_loaded_and_queried_without_a_hint(self):
        connection = self.connect()
        for sql in self.SCHEMA:
            connection.execute(sql)
        connection = self.connect("DATABASE=employees")
        self.wait_for_schema(connection)
        connection.execute("REPLACE INTO departments VALUES ('d001', 'Marketing'), ('d002', 'Finance')")
        for number in self.NUMBERS:
            connection.execute("REPLACE INTO employees VALUES (?, ?, ?, ?, ?)", number, datetime.date(1953, 9, 2), "Georgi",
                               f"Facello{number}", datetime.date(1986, 6, 26))
            connection.execute("REPLACE INTO salaries (emp_no, salary, from_date, to_date) VALUES (?, ?, ?, ?)", number,
                               number * 5, datetime.date(1986, 6, 26), datetime.date(9999, 1, 1))
            connection.execute(f"REPLACE INTO dept_emp VALUES ({number}, 'd001', '1986-06-26', '9999-01-01')")
        self.assertEqual(self.farm_counts(), {"shard1a": 3, "shard2a": 2})
        for number in self.NUMBERS:
            with self.subTest(number):
                row = connection.execute(
                    "SELECT e.last_name, s.salary, d.dept_name FROM employees e JOIN salaries s USING (emp_no)"
                    " JOIN dept_emp de ON de.emp_no = e.emp_no LEFT JOIN departments d ON d.dept_no = de.dept_no"
                    " WHERE e.emp_no = ? AND s.to_date = '9999-01-01'", number).fetchone()
                self.assertEqual(tuple(row)[:2], (f"Facello{number}", number * 5))
        raised = connection.execute("UPDATE salaries SET salary = salary + 1 WHERE emp_no = 10500 AND to_date = '9999-01-01'")
        self.assertEqual(raised.rowcount, 1)
        self.assertEqual(connection.execute("DELETE FROM employees WHERE emp_no IN (10001, 10002)").rowcount, 2)
        self.assertEqual(self.farm_counts(), {"shard1a": 1, "shard2a": 2})
        self.refused("HY000", "nothing fixes its sharding column emp_no",
                     lambda: connection.execute("SELECT AVG(salary) FROM salaries"))

    def farm_counts(self):
        counts = {}
        for name in ("shard1a", "shard2a"):
            with self.farm.session(name) as session:
                counts[name] = int(session.rows("SELECT COUNT(*) FROM employees.employees")[0][0])
        return counts


if __name__ == "__main__":
    unittest.main(verbosity=2)
