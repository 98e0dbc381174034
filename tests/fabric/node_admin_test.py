"""The Fabric node in SQL on one server: schemas `group` and `server`, and reports where no cluster is seen."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from node_case import NodeCase  # noqa: E402


class Groups(NodeCase):
    def test_a_group_is_made_once_described_and_destroyed_when_empty(self):
        self.done("group.create", "g1", "first", "true")
        self.assertIn("already exists", self.refused("group.create", "G1", None, "true"))
        self.assertEqual(self.lookup("group.lookup_groups", None), [["g1", "first", "0", None]])
        self.done("group.description", "g1", None, "true")
        self.assertEqual(self.lookup("group.lookup_groups", "g1"), [["g1", None, "0", None]])
        self.done("group.add", "g1", "a:3306", 5, "false", "true")
        self.assertIn("still has servers", self.refused("group.destroy", "g1", "true"))
        self.done("group.remove", "g1", "a:3306", "true")
        self.done("group.destroy", "g1", "true")
        self.assertEqual(self.refused("group.lookup_groups", "g1"), "Group (g1) does not exist.")

    def test_a_group_name_is_checked(self):
        for name in (None, "", " ", "a,b", "a/b", "a%", "x" * 65):
            self.assertIn("Not a group name", self.refused("group.create", name, None, "true"))
        self.done("group.create", "Größe", None, "true")
        self.assertEqual(self.lookup("group.lookup_groups", "GRÖßE")[0][0], "Größe")

    def test_every_command_names_an_unknown_group(self):
        for name, rest in (("description", ("text",)), ("destroy", ()), ("add", ("a:1", 5, None)), ("remove", ("a",)),
                           ("promote", (None, None)), ("demote", (None,)), ("activate", ()), ("deactivate", ()),
                           ("set_kind", ("GALERA",))):
            self.assertEqual(self.refused(f"group.{name}", "nonesuch", *rest, "true"),
                             "GroupError: Group (nonesuch) does not exist.")
        self.assertEqual(self.refused("group.lookup_servers", None, None, None, None), "Group (NULL) does not exist.")

    def test_flags_are_words(self):
        for number, word in enumerate(("true", "TRUE", 1, "yes", "", None, "null", " on ")):
            self.assertEqual(len(self.answer("group.create", f"yes{number}", None, word)), 2)
        for number, word in enumerate(("false", "False", 0, "no")):
            self.assertEqual(len(self.answer("group.create", f"no{number}", None, word)), 1)
        self.assertEqual(self.refused("group.create", "x", None, "perhaps"),
                         "Argument synchronous must be true or false, not (perhaps).")
        self.assertIn("update_only", self.refused("group.promote", "yes1", None, "2013", "true"))

    def test_added_servers_are_secondaries_of_weight_one(self):
        self.done("group.create", "g1", None, "true")
        self.done("group.add", "g1", "db1", None, None, None)
        self.done("group.add", "g1", "[::1]:3307", None, None, None)
        rows = self.lookup("group.lookup_servers", "g1", None, None, None)
        self.assertEqual([row[1:] for row in rows], [["db1:3306", "SECONDARY", "READ_ONLY", "1.000"],
                                                     ["[::1]:3307", "SECONDARY", "READ_ONLY", "1.000"]])
        self.assertEqual(len(rows[0][0]), 36)
        self.assertEqual([row[2:4] for row in self.lookup("dump.servers", 0, "")], [["db1", "3306"], ["::1", "3307"]])

    def test_a_server_is_in_one_group(self):
        self.make_group()
        self.done("group.create", "g2", None, "true")
        self.assertIn("already belongs to group (g1)", self.refused("group.add", "g2", "A:3306", 5, None, None))
        self.assertIn("is not in group (g2)", self.refused("group.remove", "g2", "b", "true"))
        self.done("group.remove", "g1", "b:3306", "true")
        self.done("group.add", "g2", "b", 5, None, None)
        self.assertEqual(self.roles("g2"), {"b": "SECONDARY READ_ONLY"})

    def test_lookups_filter_by_server_status_and_mode(self):
        self.make_group()
        found = lambda *filters: [row[0] for row in self.lookup("group.lookup_servers", "g1", *filters)]  # noqa: E731
        self.assertEqual(found("b:3306", None, None), ["b"])
        self.assertEqual(found(None, "secondary", None), ["b", "c"])
        self.assertEqual(found(None, 3, ""), ["a"])
        self.assertEqual(found(None, "SECONDARY", 3), [])
        self.assertIn("Unknown status (BAD)", self.refused("group.lookup_servers", "g1", None, "bad", None))
        self.assertIn("Unknown mode (9)", self.refused("group.lookup_servers", "g1", None, None, 9))
        self.assertIn("does not exist", self.refused("group.lookup_servers", "g1", "z", None, None))

    def test_the_detector_is_a_flag(self):
        self.make_group()
        self.done("group.activate", "g1", "true")
        self.assertEqual(self.lookup("group.lookup_groups", "g1"), [["g1", None, "1", "a"]])
        self.done("group.deactivate", "g1", "true")
        self.assertEqual(self.lookup("group.lookup_groups", "g1"), [["g1", None, "0", "a"]])

    def test_a_kind_is_one_of_two(self):
        self.make_group()
        self.done("group.set_kind", "g1", "galera", "true")
        self.assertIn("use GALERA or REPLICATED", self.refused("group.set_kind", "g1", "MIRRORED", "true"))


class Promotion(NodeCase):
    def test_the_heaviest_open_secondary_is_promoted_then_the_least_uuid(self):
        self.make_group(kind="GALERA")
        self.done("group.promote", "g1", None, None, "true")
        self.assertEqual(self.roles(), {"a": "SECONDARY READ_ONLY", "b": "PRIMARY READ_WRITE", "c": "SECONDARY READ_ONLY"})
        self.done("server.set_weight", "c", 5, "true")
        self.done("group.promote", "g1", "", "", "true")
        self.assertEqual(self.roles()["c"], "PRIMARY READ_WRITE")
        self.done("server.set_mode", "a", "OFFLINE", "true")
        self.done("server.set_status", "b", "SPARE", None, "true")
        self.assertIn("none can be promoted", self.refused("group.promote", "g1", None, None, "true"))

    def test_who_is_named_must_be_secondary_or_spare(self):
        self.make_group(kind="GALERA")
        self.assertIn("is PRIMARY", self.refused("group.promote", "g1", "a", None, "true"))
        self.session.query("UPDATE fabric.servers SET status = 0 WHERE server_uuid = 'b'")
        self.assertIn("is FAULTY", self.refused("group.promote", "g1", "b", None, "true"))
        self.assertIn("does not exist", self.refused("group.promote", "g1", "z", None, "true"))
        self.done("server.set_status", "c", "SPARE", None, "true")
        self.done("group.promote", "g1", "c:3306", None, "true")
        self.assertEqual(self.roles(), {"a": "SECONDARY READ_ONLY", "b": "FAULTY READ_ONLY", "c": "PRIMARY READ_WRITE"})

    def test_a_replicated_group_is_switched_on_its_servers_first(self):
        self.make_group(kind="REPLICATED")
        self.assertIn("update_only = true", self.refused("group.promote", "g1", "b", "false", "true"))
        self.done("group.promote", "g1", "b", "true", "true")
        self.assertEqual(self.roles()["b"], "PRIMARY READ_WRITE")

    def test_a_demoted_group_waits_for_a_hand(self):
        self.make_group(kind="GALERA")
        self.done("group.demote", "g1", None, "true")
        self.assertEqual(self.roles(), dict.fromkeys("abc", "SECONDARY READ_ONLY"))
        self.assertIn("has no PRIMARY", self.refused("group.demote", "g1", None, "true"))
        self.done("threat.report_failure", "a", "r", "e", None, "true")
        self.assertEqual(self.roles(), dict.fromkeys("abc", "SECONDARY READ_ONLY"))
        self.assertEqual(self.lookup("group.lookup_groups", "g1"), [["g1", None, "0", None]])

    def test_a_primary_cannot_be_removed(self):
        self.make_group()
        self.assertIn("is the PRIMARY", self.refused("group.remove", "g1", "a", "true"))
        self.done("group.demote", "g1", None, "true")
        self.done("group.remove", "g1", "a", "true")


class Servers(NodeCase):
    def test_registering_again_changes_the_address(self):
        self.make_group()
        self.done("server.register", "a", "a.example:3310")
        self.assertEqual([row[2:4] for row in self.lookup("dump.servers", 0, "")][0], ["a.example", "3310"])
        self.assertIn("belongs to another server", self.refused("server.register", "a", "B:3306"))
        self.assertEqual(self.lookup("server.lookup_uuid", "A.example:3310", 5), [["a"]])
        self.assertIn("does not exist", self.refused("server.lookup_uuid", "z:1", None))

    def test_uuids_and_addresses_are_checked(self):
        for uuid in (None, "", "a b", "host:3306", "x" * 41):
            self.assertIn("Not a server UUID", self.refused("server.register", uuid, "h:1"))
        for address in (None, "", "h:0", "h:65536", "h:x", "a:b:1", "h 1:3", "a,b:1", "[::1:3306"):
            self.assertIn("use host:port", self.refused("server.register", "u", address))

    def test_only_a_server_without_group_is_unregistered(self):
        self.make_group()
        self.assertIn("group.remove it first", self.refused("server.unregister", "b", "true"))
        self.done("group.remove", "g1", "b", "true")
        self.assertIn("does not belong to a group", self.refused("server.set_weight", "b", 2, "true"))
        self.done("server.unregister", "b:3306", "true")
        self.assertIn("does not exist", self.refused("server.unregister", "b", "true"))

    def test_status_changes_as_the_protocol_allows(self):
        numbers = {"FAULTY": 0, "SPARE": 1, "SECONDARY": 2, "PRIMARY": 3}
        allowed = {("SECONDARY", "SPARE"), ("FAULTY", "SPARE"), ("SPARE", "SECONDARY")}
        self.make_group()
        for old, number in numbers.items():
            for new in numbers:
                with self.subTest(old=old, new=new):
                    self.session.query("UPDATE fabric.servers SET status = 2 WHERE server_uuid IN ('a', 'b');"
                                       f"UPDATE fabric.servers SET status = {number}, mode = 1 WHERE server_uuid = 'b'")
                    if (old, new) in allowed:
                        self.done("server.set_status", "b", new.lower(), None, "true")
                        self.assertEqual(self.roles()["b"], {"SPARE": "SPARE OFFLINE",
                                                             "SECONDARY": "SECONDARY READ_ONLY"}[new])
                    else:
                        self.refused("server.set_status", "b", numbers[new], None, "true")
                        self.assertEqual(self.roles()["b"].split()[0], old)
        self.assertIn("Unknown status", self.refused("server.set_status", "b", None, None, "true"))
        self.session.query("UPDATE fabric.servers SET status = 0 WHERE server_uuid = 'b'")
        self.assertEqual(self.refused("server.set_status", "b", "SECONDARY", None, "true"),
                         "ServerError: Cannot change server's (b) status from (FAULTY) to (SECONDARY)."
                         " Set it SPARE first.")

    def test_modes_fit_the_status(self):
        modes = ["OFFLINE", "READ_ONLY", "WRITE_ONLY", "READ_WRITE"]
        allowed = {0: [], 1: modes[:2], 2: modes[:2], 3: modes[2:]}
        self.make_group(primary=None)
        for status, fitting in allowed.items():
            self.session.query(f"UPDATE fabric.servers SET status = {status} WHERE server_uuid = 'b'")
            for number, mode in enumerate(modes):
                with self.subTest(status=status, mode=mode):
                    if mode in fitting:
                        self.done("server.set_mode", "b", number, "true")
                        self.assertEqual(self.roles()["b"].split()[1], mode)
                    else:
                        self.assertIn("Cannot set mode", self.refused("server.set_mode", "b", mode.lower(), "true"))
        self.assertIn("Unknown mode", self.refused("server.set_mode", "b", None, "true"))

    def test_a_weight_is_more_than_nothing(self):
        self.make_group()
        for weight in (0, "0.0001", -1, "abc", None, "", "1e3", "1000000", "999999.9996", "1,5", "nan"):
            self.assertIn("is not a number", self.refused("server.set_weight", "b", weight, "true"))
        for weight, kept in ((0.001, "0.001"), ("2.", "2.000"), ("0.33333333", "0.333"), (999999, "999999.000")):
            self.done("server.set_weight", "b:3306", weight, "true")
            self.assertEqual(self.lookup("group.lookup_servers", "g1", "b", None, None)[0][4], kept)


class Reports(NodeCase):
    """On a server without Galera no view is known: reports only count. One reporter is enough here, so that the
    counting shows; the default wants two."""

    def setUp(self):
        super().setUp()
        self.reporters_wanted(1)
        self.addCleanup(self.reporters_wanted, 2)

    def reporters_wanted(self, count):
        self.session.query(f"UPDATE fabric.settings SET value = {count} WHERE name = 'notification_clients'")

    def report(self, server, reporter="r1", command="report_error", update_only=None):
        return self.done(f"threat.{command}", server, reporter, "2013", update_only, "true")

    def logged(self):
        return self.session.rows("SELECT server_uuid, command, reporter FROM fabric.fault_log ORDER BY id")

    def age(self, seconds):
        self.session.query(f"UPDATE fabric.fault_log SET reported_at = reported_at - INTERVAL {seconds} SECOND")

    def test_a_replicated_group_only_records(self):
        self.make_group(kind="REPLICATED")
        before = self.roles()
        for command in ("report_error", "report_failure") * 5:
            self.report("a:3306", command=command)
        self.assertEqual(self.roles(), before)
        self.assertEqual(self.logged()[:2], [["a", "report_error", "r1"], ["a", "report_failure", "r1"]])
        self.assertEqual(len(self.logged()), 10)

    def test_three_reports_of_either_kind_promote_another(self):
        self.make_group(kind="GALERA")
        self.done("server.set_weight", "c", 2, "true")
        self.report("a")
        self.report("a", command="report_failure")
        self.assertEqual(self.roles()["a"], "PRIMARY READ_WRITE")
        self.report("a")
        self.assertEqual(self.roles(), {"a": "FAULTY READ_WRITE", "b": "SECONDARY READ_ONLY", "c": "PRIMARY READ_WRITE"})
        self.report("a")
        self.assertEqual(self.roles()["c"], "PRIMARY READ_WRITE")
        self.assertEqual(self.session.rows("SELECT COUNT(*) FROM fabric.history WHERE what LIKE 'PRIMARY: took%'"), [["1"]])

    def test_old_reports_and_other_servers_do_not_count(self):
        self.make_group(kind="GALERA")
        for _ in range(4):
            self.report("a")
            self.report("b")
            self.age(6)
        self.assertEqual(self.roles()["a"], "PRIMARY READ_WRITE")
        self.assertEqual(self.roles()["b"], "SECONDARY READ_ONLY")

    def test_reports_from_before_a_return_do_not_count(self):
        self.make_group(kind="GALERA")
        for _ in range(3):
            self.report("b")
        self.assertEqual(self.roles()["b"], "FAULTY READ_ONLY")
        self.done("server.set_status", "b", "SPARE", None, "true")
        self.done("server.set_status", "b", "SECONDARY", None, "true")
        self.report("b")
        self.assertEqual(self.roles()["b"], "SECONDARY READ_ONLY")

    def test_clients_of_one_host_alone_mark_nothing(self):
        self.make_group(kind="GALERA")
        self.reporters_wanted(2)
        for number in range(5):
            self.report("b", reporter=f"client-{number}")
        self.assertEqual(self.roles()["b"], "SECONDARY READ_ONLY")
        # This server has no network: one report is made to have come from another host.
        self.session.query("UPDATE fabric.fault_log SET account = 'app@192.0.2.7' LIMIT 1")
        self.report("b")
        self.assertEqual(self.roles()["b"], "FAULTY READ_ONLY")

    def test_counting_never_takes_the_last_primary(self):
        self.make_group(kind="GALERA", servers=("a", "b"))
        self.done("server.set_status", "b", "SPARE", None, "true")
        self.report("a")
        self.report("a")
        self.assertIn("it stays the PRIMARY", self.refused("threat.report_error", "a", "r", "e", None, "true"))
        self.assertEqual(self.roles(), {"a": "PRIMARY READ_WRITE", "b": "SPARE OFFLINE"})
        self.assertEqual(len(self.logged()), 3)

    def test_update_only_marks_and_a_later_report_promotes(self):
        self.make_group(kind="GALERA")
        for _ in range(3):
            self.report("a", update_only="true")
        self.assertEqual(self.roles(), {"a": "FAULTY READ_WRITE", "b": "SECONDARY READ_ONLY", "c": "SECONDARY READ_ONLY"})
        self.report("a", update_only="1")
        self.assertNotIn("PRIMARY READ_WRITE", self.roles().values())
        self.report("a", update_only="false")
        self.assertEqual(self.roles()["b"], "PRIMARY READ_WRITE")

    def test_a_group_without_candidate_says_so_until_one_is_there(self):
        self.make_group(kind="GALERA", servers=("a", "b"))
        for _ in range(3):
            self.report("a", update_only="true")
        self.done("server.set_mode", "b", "OFFLINE", "true")
        self.assertIn("has no PRIMARY", self.refused("threat.report_failure", "a", "r", "e", None, "true"))
        self.done("server.set_mode", "b", "READ_ONLY", "true")
        self.report("a")
        self.assertEqual(self.roles(), {"a": "FAULTY READ_WRITE", "b": "PRIMARY READ_WRITE"})

    def test_unknown_servers_are_refused_as_by_a_real_node(self):
        self.make_group()
        for command in ("report_error", "report_failure"):
            for server in ("nosuch", None, ""):
                self.assertEqual(self.refused(f"threat.{command}", server, "h", 1, None, "true"),
                                 f"ServerError: Server ({'NULL' if server is None else server}) does not exist.")
        self.done("group.remove", "g1", "b", "true")
        self.assertIn("does not belong to a group", self.refused("threat.report_error", "b", "h", 1, None, None))
        self.assertEqual(self.logged(), [])

    def test_reports_are_cut_to_size_and_pruned(self):
        self.make_group()
        self.answer("threat.report_error", "b", "r" * 100, "e\u00e9" * 300, None, "false")
        self.answer("threat.report_error", "b", None, "", None, "false")
        self.assertEqual(self.session.rows("SELECT LENGTH(reporter), CHAR_LENGTH(error) FROM fabric.fault_log"),
                         [["64", "256"], ["7", "7"]])
        self.age(3601)
        self.report("b", reporter="now")
        self.assertEqual(self.logged(), [["b", "report_error", "now"]])

    def test_the_history_tells_changes_and_is_pruned(self):
        self.make_group()
        told = lambda: self.session.rows("SELECT group_id, server_uuid, what FROM fabric.history ORDER BY id")  # noqa: E731
        self.assertIn(["g1", "a", "PRIMARY: promoted"], told())
        self.session.query("UPDATE fabric.history SET changed_at = changed_at - INTERVAL 2592001 SECOND")
        self.done("server.set_weight", "b", 3, "true")
        self.assertEqual(told(), [["g1", "b", "weight 3.000"]])


if __name__ == "__main__":
    unittest.main()
