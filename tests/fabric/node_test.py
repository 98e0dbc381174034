"""The Fabric node in SQL on one server: answers as a real node's, installation, accounts, transactions."""

import concurrent.futures
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from mysql_session import SqlError, command, literal  # noqa: E402
from node_case import JOB, SERVER_COLUMNS, NodeCase  # noqa: E402
from one_server import data_file, install_node  # noqa: E402

UUID = "f0000000-0000-11e5-8000-0000000{}".format
# The captured calls leave arguments out; a stored procedure takes them all.
ARITY = {"dump.fabric_nodes": 1, "group.lookup_groups": 1, "group.lookup_servers": 4, "sharding.lookup_servers": 3,
         "threat.report_error": 5, "threat.report_failure": 5}


def captured(name):
    """(command, arguments, [(names, types, rows)]) of each call that a capture holds."""
    calls = []
    for line in data_file(name).read_text().splitlines():
        if line.startswith("> CALL "):
            procedure, inside = re.fullmatch(r"> CALL ([\w.]+)\((.*)\)", line).groups()
            calls.append((procedure, arguments_of(inside), []))
        elif line.startswith(" set "):
            columns = re.findall(r"(\w+)\(type (\d+)", line.split(" | ", 1)[1])
            calls[-1][2].append(([name for name, _ in columns], [int(kind) for _, kind in columns], []))
        elif line.startswith("   ") and calls:
            cells = [re.sub(r"\[\d+\]$", "", cell) for cell in line[3:].split(" | ")]
            calls[-1][2][-1][2].append([None if cell == "NULL" else cell for cell in cells])
    return calls


def arguments_of(inside):
    found = []
    for name, quoted, bare in re.findall(r"(?:(\w+)=)?(?:'([^']*)'|([^,\s']+))(?:,\s*|$)", inside):
        found += [None] if name else []  # patterns='x' is the second argument
        found.append(None if bare == "NULL" else quoted or bare)
    return found


def comparable(rows):
    """Weights as numbers; order apart, since a real node's lookups have none."""
    return sorted([[str(float(cell)) if cell and re.fullmatch(r"\d+\.\d+", cell) else cell for cell in row]
                   for row in rows], key=repr)


class AnswersAsARealNode(NodeCase):
    """The farm of the captures, built here by commands, is dumped as there: columns, types, rows, order."""

    def setUp(self):
        super().setUp()
        self.session.query("UPDATE fabric.counters SET value = 0")
        groups = {"group_id-1": ("HA group", [13401, 13402, 13403]), "global": ("global group", [13404]),
                  "shard1": (None, [13405, 13406]), "shard2": (None, [13407])}
        for group, (description, ports) in groups.items():
            self.done("group.create", group, description, "true")
            for port in ports:
                self.done("server.register", UUID(port), f"127.0.0.1:{port}")
                self.done("group.add", group, f"127.0.0.1:{port}", None, None, None)
            self.done("group.promote", group, UUID(ports[0]), None, None)
            self.done("group.activate", group, None)
        self.done("server.set_weight", UUID(13403), "0.5", None)
        self.done("server.set_weight", UUID(13406), 0.7, None)
        maps = {"RANGE": ("shard1/1,shard2/1000", {"shop.orders": "order_id", "shop.order_lines": "order_id"}),
                "HASH": ("shard1, shard2", {"shop.users": "user_id"}),
                "RANGE_STRING": ("shard1/A,shard2/M", {"shop.names": "name"}),
                "RANGE_DATETIME": ("shard1/2000-01-01,shard2/2020-06-01", {"shop.events": "at"})}
        for kind, (shards, tables) in maps.items():
            mapping = self.done("sharding.create_definition", kind, "global", "true")
            for table, column in tables.items():
                self.done("sharding.add_table", mapping, table, column, "true")
            self.done("sharding.add_shard", mapping, shards, "ENABLED", "true")

    def replay(self, name):
        """Each captured call, the same here."""
        count = 0
        for procedure, arguments, expected in captured(name):
            arity = ARITY.get(procedure, 2)
            if len(arguments) > arity or procedure == "manage.ping":
                continue
            arguments += [None] * (arity - len(arguments))
            yield procedure, arguments, expected, self.session.query(command(procedure, *arguments))
            count += 1
        self.assertGreater(count, 3)

    def test_dumps(self):
        for procedure, arguments, expected, found in self.replay("c.dumps.output.txt"):
            with self.subTest(procedure, arguments=arguments):
                self.assertEqual([(one.names, one.types) for one in found], [one[:2] for one in expected])
                if procedure != "dump.fabric_nodes":
                    self.assertEqual([[row[:-1] for row in one.rows] for one in found[1:]],
                                     [[row[:-1] for row in one[2]] for one in expected[1:]])
                    self.assertEqual([comparable(one.rows) for one in found], [comparable(one[2]) for one in expected])

    def test_lookups(self):
        for procedure, arguments, expected, found in self.replay("c.lookups.output.txt"):
            with self.subTest(procedure, arguments=arguments):
                self.assertEqual([(one.names, one.types) for one in found], [one[:2] for one in expected])
                if "shop.events" not in arguments:  # a real node answers the lowest shard for every date
                    self.assertEqual([comparable(one.rows) for one in found], [comparable(one[2]) for one in expected])

    def test_reports(self):
        for procedure, arguments, expected, found in self.replay("c.threat.output.txt"):
            with self.subTest(procedure, arguments=arguments):
                self.assertEqual([(one.names, one.types) for one in found], [one[:2] for one in expected])
                self.assertEqual([row[:-2] for row in found[-1].rows], [row[:-2] for row in expected[-1][2]])
                if len(found) == 1:
                    self.assertEqual(found[0].rows, expected[0][2])

    def test_patterns_match_parts_and_repeat_rows(self):
        dump = lambda patterns: [row[1] for row in self.lookup("dump.servers", 0, patterns)]  # noqa: E731
        self.assertEqual(dump("SHARD"), ["shard1", "shard1", "shard2"])
        self.assertEqual(dump(" shard2 , shard_"), ["shard2", "shard1", "shard1", "shard2"])
        self.assertEqual(dump("shard\"2',x"), [])
        self.assertEqual(len(dump(None)), 7)
        self.assertEqual(len(self.lookup("dump.sharding_information", 0, "shop.order")), 0)
        self.assertEqual(len(self.lookup("dump.sharding_information", 0, "shop.order%")), 4)
        self.assertEqual([row[0] for row in self.lookup("dump.shard_maps", 0, "4,2")], ["4", "2"])
        self.assertEqual(len(self.lookup("dump.shard_index", 0, "1")), 2)

    def test_dumps_leave_out_what_serves_nobody(self):
        self.session.query(f"UPDATE fabric.servers SET status = 0 WHERE server_uuid = {literal(UUID(13407))}")
        self.assertEqual(self.lookup("dump.servers", 0, "shard2"), [])
        self.done("server.set_status", UUID(13406), "SPARE", None, "true")
        self.assertEqual([row[4:6] for row in self.lookup("dump.servers", 0, "shard1")], [["3", "3"], ["0", "1"]])
        self.done("group.remove", "shard1", UUID(13406), "true")
        self.assertEqual(len(self.lookup("dump.servers", 0, "shard1")), 1)
        self.done("sharding.disable_shard", 2, "true")
        self.assertEqual([row[2] for row in self.lookup("dump.shard_index", 0, "1")], ["1"])
        self.assertEqual([row[4] for row in self.lookup("dump.sharding_information", 0, "shop.orders")], ["1"])

    def test_fabric_nodes_answers_the_server_itself(self):
        for protocol in (None, "", "protocol.mysql"):
            self.assertEqual(self.lookup("dump.fabric_nodes", protocol), [["db.example", "3310"]])
        self.assertEqual(self.lookup("dump.fabric_nodes", "protocol.xmlrpc"), [])
        self.assertEqual(self.refused("dump.fabric_nodes", "protocol.nonesuch"),
                         "Protocol (protocol.nonesuch) is not supported.")

    def test_the_ttl_is_a_setting(self):
        self.session.query("UPDATE fabric.settings SET value = 0 WHERE name = 'ttl'")
        self.addCleanup(self.session.query, "UPDATE fabric.settings SET value = 1 WHERE name = 'ttl'")
        self.assertEqual(self.session.query(command("dump.shard_maps", 0, ""))[0].rows[0][1], "0")
        self.error(4025, "UPDATE fabric.settings SET value = 0 WHERE name = 'notifications'")


class Installation(NodeCase):
    def test_installing_again_keeps_the_data(self):
        self.make_group()
        self.session.query("UPDATE fabric.settings SET value = 7 WHERE name = 'notifications'")
        self.addCleanup(self.session.query, "UPDATE fabric.settings SET value = 3 WHERE name = 'notifications'")
        before = self.roles()
        install_node(self.server.socket)
        self.assertEqual(self.roles(), before)
        self.assertEqual(self.session.rows("SELECT value FROM fabric.settings WHERE name = 'notifications'"), [["7"]])

    def test_every_table_suits_galera(self):
        self.assertEqual(self.session.rows(
            "SELECT t.TABLE_NAME FROM information_schema.TABLES AS t WHERE t.TABLE_SCHEMA = 'fabric' AND (t.ENGINE <>"
            " 'InnoDB' OR NOT EXISTS (SELECT * FROM information_schema.TABLE_CONSTRAINTS AS c WHERE c.TABLE_SCHEMA ="
            " 'fabric' AND c.TABLE_NAME = t.TABLE_NAME AND c.CONSTRAINT_TYPE = 'PRIMARY KEY'))"), [])

    def test_a_group_cannot_have_two_primaries(self):
        self.make_group()
        self.error(1062, "UPDATE fabric.servers SET status = 3 WHERE server_uuid = 'b'")

    def test_an_answer_does_not_depend_on_the_session(self):
        self.make_group()
        plain = self.lookup("dump.servers", 0, "G1")
        with self.server.session() as other:
            other.query("SET NAMES latin1 COLLATE latin1_bin; SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';"
                        "SET time_zone = '-11:00'")
            self.assertEqual(self.lookup("dump.servers", 0, "G1", session=other), plain)


class Accounts(NodeCase):
    """EXECUTE on dump and threat is all that an application needs, and gives it nothing else."""

    def setUp(self):
        super().setUp()
        self.session.query("CREATE OR REPLACE USER app@localhost; GRANT EXECUTE ON dump.* TO app@localhost;"
                           "GRANT EXECUTE ON threat.* TO app@localhost; CREATE OR REPLACE USER boss@localhost;"
                           "GRANT fabric_admin TO boss@localhost; SET DEFAULT ROLE fabric_admin FOR boss@localhost")
        self.make_group()

    def test_an_application_reads_and_reports(self):
        with self.server.session("app") as app:
            self.assertEqual(len(self.lookup("dump.servers", 0, "", session=app)), 3)
            self.answer("threat.report_error", "a", "app-1", "2013", None, "true", session=app)
        self.assertEqual(self.session.rows("SELECT server_uuid, reporter, error, account FROM fabric.fault_log"),
                         [["a", "app-1", "2013", "app@localhost"]])

    def test_an_application_changes_nothing(self):
        with self.server.session("app") as app:
            for text in (command("group.promote", "g1", "b", None, None), command("server.set_weight", "a", 2, None),
                         command("sharding.list_definitions"), "CALL fabric.judge('g1', 'a', 0, @d, @p)",
                         "CALL fabric.set_server_status('g1', 'a', 0, '')"):
                self.error(1370, text, session=app)
            self.error(1142, "SELECT * FROM fabric.servers", session=app)

    def test_an_administrator_has_a_role(self):
        with self.server.session("boss") as boss:
            self.answer("group.promote", "g1", "b", "true", "true", session=boss)
            self.answer("dump.servers", 0, "", session=boss)
            boss.query("UPDATE fabric.settings SET value = 2 WHERE name = 'ttl';"
                       "UPDATE fabric.settings SET value = 1 WHERE name = 'ttl'")
            self.assertIn(["PRIMARY: promoted", "boss@localhost"],
                          boss.rows("SELECT what, account FROM fabric.history"))
            self.error(1142, "UPDATE fabric.servers SET status = 0", session=boss)

    def test_nobody_logs_in_as_the_definer(self):
        with self.assertRaises(SqlError) as caught:
            self.server.session("fabric_node")
        self.assertIn(caught.exception.number, (1045, 4151))


class Transactions(NodeCase):
    def setUp(self):
        super().setUp()
        self.make_group()

    def test_a_change_is_refused_inside_a_transaction_and_leaves_it_alone(self):
        self.session.query("START TRANSACTION; INSERT INTO fabric.groups (group_id) VALUES ('mine')")
        for name, arguments in (("server.set_weight", ("b", 2, "true")), ("group.create", ("bad,name", None, None)),
                                ("threat.report_error", ("b", "r", "e", None, "nonsense"))):
            self.assertIn("transaction is open", self.refused(name, *arguments))
        self.assertEqual(self.session.rows("SELECT @@in_transaction, COUNT(*) FROM fabric.groups"
                                           " WHERE group_id = 'mine'"), [["1", "1"]])
        self.refused("group.lookup_groups", "nonesuch")
        self.assertEqual(self.session.rows("SELECT @@in_transaction"), [["1"]])

    def test_a_session_without_autocommit_sees_changes_and_makes_them(self):
        with self.server.session() as poller:
            poller.query("SET autocommit = 0")
            weights = lambda: [row[6] for row in self.lookup("dump.servers", 0, "", session=poller)]  # noqa: E731
            self.assertEqual(weights(), ["1.000"] * 3)
            self.done("server.set_weight", "b", 2, "true")
            self.assertEqual(weights(), ["1.000", "2.000", "1.000"])
            self.refused("group.lookup_servers", "nonesuch", None, None, None, session=poller)
            self.answer("server.set_weight", "c", 3, "true", session=poller)
            self.answer("threat.report_error", "c", "r", "e", None, "true", session=poller)
        self.assertEqual([row[6] for row in self.lookup("dump.servers", 0, "")], ["1.000", "2.000", "3.000"])

    def test_a_lock_timeout_ends_the_call_and_leaves_nothing_open(self):
        with self.server.session() as other:
            other.query("START TRANSACTION; UPDATE fabric.groups SET version = version + 1")
            self.error(1205, command("server.set_weight", "b", 2, "true"))
        self.assertEqual(self.session.rows("SELECT @@in_transaction"), [["0"]])
        self.assertEqual(self.done("server.set_weight", "b", 2, "true"), "1")

    def test_a_deadlock_ends_the_call(self):
        self.done("group.create", "g2", None, "true")
        mapping = self.done("sharding.create_definition", "RANGE", "g2", "true")
        self.session.query("SET innodb_lock_wait_timeout = 10")
        self.addCleanup(self.session.query, "SET innodb_lock_wait_timeout = DEFAULT")
        with self.server.session() as other, concurrent.futures.ThreadPoolExecutor(1) as pool:
            # add_shard locks the counters, then waits for g1; `other` has g1 and then wants the counters.
            # What `other` has written makes add_shard the cheaper victim.
            other.query("START TRANSACTION; UPDATE fabric.groups SET version = version + 1 WHERE group_id = 'g1';"
                        + "INSERT INTO fabric.history (changed_at, what, account) VALUES (NOW(), '', '');" * 50)
            call = pool.submit(self.session.query, command("sharding.add_shard", mapping, "g1/1", "ENABLED", "true"))
            self.wait_for_a_lock_wait(call)
            other.query("UPDATE fabric.counters SET value = value + 1 WHERE name = 'sharding'")
            with self.assertRaises(SqlError) as caught:
                call.result()
        self.assertEqual(caught.exception.number, 1213)
        self.assertEqual(self.session.rows("SELECT @@in_transaction"), [["0"]])

    def wait_for_a_lock_wait(self, call):
        """INNODB_TRX is made anew only when it was not read for 0.1 s."""
        with self.server.session() as watcher:
            while not watcher.rows("SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'"):
                self.assertFalse(call.done(), "the call waited for nothing")
                time.sleep(0.15)

    def test_the_wrong_number_of_arguments_is_an_error_of_the_server(self):
        self.error(1318, "CALL dump.servers()")

    def test_a_change_may_be_asked_for_without_waiting(self):
        self.assertEqual([one.names for one in self.answer("server.set_weight", "b", 2, "false")], [["uuid"]])
        job = self.answer("server.set_weight", "b", 2, None)[0]
        self.assertEqual((job.names, job.types), JOB)
        self.assertEqual(len(SERVER_COLUMNS), 7)


if __name__ == "__main__":
    unittest.main()
