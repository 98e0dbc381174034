#!/usr/bin/python3
"""The Fabric node in SQL, schema `watch`: the lease of `fabricctl watch`, and that nothing is changed without it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from node_case import NodeCase  # noqa: E402  (the path above comes first)

MINUTE = 60000  # milliseconds


class WatchCase(NodeCase):
    def setUp(self):
        super().setUp()
        self.session.query("DELETE FROM fabric.watch_lease; DELETE FROM fabric.promotions; DELETE FROM fabric.upstreams")
        self.make_group("s1", kind="REPLICATED", primary="a")

    def take(self, who="one", time=MINUTE):
        return int(self.lookup("watch.take", who, time)[0][0])

    def accepted(self, name, *arguments):
        self.assertEqual(self.answer(name, *arguments), [], f"{name} answers no rows")

    def look(self):
        return [one.rows for one in self.answer("watch.look")]


class Lease(WatchCase):
    def test_is_one_holders_until_it_expires_or_is_given_up(self):
        first = self.take("one")
        self.assertIn("held by one", self.refused("watch.take", "two", MINUTE))
        self.accepted("watch.renew", first, MINUTE)
        self.accepted("watch.renew", first, 0)
        second = self.take("two", 0)
        self.assertGreater(second, first)
        self.assertIn("lease lost", self.refused("watch.renew", first, MINUTE))
        self.assertGreater(self.take("three"), second)

    def test_is_needed_for_every_change(self):
        old = self.take("one", 0)
        changes = [("begin", "s1", 1), ("publish", "s1", "b"), ("say", "s1", "why"), ("mark", "b", "FAULTY", "dead"),
                   ("note_upstream", "s1", "up", 3306)]
        expired = [self.refused(f"watch.{name}", old, *arguments) for name, *arguments in changes]
        self.take("two")
        taken = [self.refused(f"watch.{name}", old, *arguments) for name, *arguments in changes]
        for message in expired + taken:
            self.assertIn("lease lost", message)
        self.assertEqual(self.roles("s1"), {"a": "PRIMARY READ_WRITE", "b": "SECONDARY READ_ONLY", "c": "SECONDARY READ_ONLY"})
        self.assertEqual(self.look()[1:], [[], []])


class Promotion(WatchCase):
    def test_goes_from_the_decision_to_the_publication_and_may_be_repeated(self):
        epoch = self.take()
        for _ in range(2):
            self.accepted("watch.begin", epoch, "s1", 1)
            self.assertEqual(self.roles("s1")["a"], "FAULTY READ_WRITE")
            self.assertEqual(self.look()[1], [["s1", "a", None, "0", None]])
        self.accepted("watch.say", epoch, "s1", "it waits")
        self.assertEqual(self.look()[1][0][4], "it waits")
        for _ in range(2):
            self.accepted("watch.publish", epoch, "s1", "b")
            self.assertEqual(self.roles("s1")["b"], "PRIMARY READ_WRITE")
            self.assertEqual(self.look()[1], [])
        self.assertIn("meanwhile", self.refused("watch.publish", epoch, "s1", "c"))

    def test_is_asked_for_once_and_taken_back_before_it_begins(self):
        self.assertIn("FAULTY", self.refused_for_a_faulty_server())
        self.accepted("watch.ask", "s1", "c")
        self.assertEqual(self.look()[1], [["s1", None, "c", "1", None]])
        self.assertIn("already", self.refused("watch.ask", "s1", ""))
        self.accepted("watch.take_back", "s1")
        self.assertEqual(self.look()[1], [])
        self.accepted("watch.ask", "s1", "a")  # it is the PRIMARY
        self.assertEqual(self.look()[1], [])
        self.accepted("watch.ask", "s1", "c")
        self.session.query("UPDATE fabric.promotions SET asked_at = asked_at - INTERVAL 2 MINUTE")
        self.assertEqual(self.look()[1], [])  # nobody waits for it any more
        self.accepted("watch.ask", "s1", "")
        self.accepted("watch.begin", self.take(), "s1", 0)
        self.accepted("watch.take_back", "s1")
        self.assertEqual(len(self.look()[1]), 1)

    def refused_for_a_faulty_server(self):
        epoch = self.take("earlier")
        self.accepted("watch.mark", epoch, "b", "FAULTY", "dead")
        self.accepted("watch.renew", epoch, 0)
        return self.refused("watch.ask", "s1", "b")

    def test_is_refused_in_a_galera_group(self):
        self.done("group.set_kind", "s1", "GALERA", "true")
        epoch = self.take()
        for message in (self.refused("watch.begin", epoch, "s1", 1), self.refused("watch.ask", "s1", "b")):
            self.assertIn("not REPLICATED", message)


class Marks(WatchCase):
    def test_change_every_server_but_the_primary(self):
        epoch = self.take()
        self.accepted("watch.mark", epoch, "b", "FAULTY", "dead")
        self.accepted("watch.mark", epoch, "b", "SPARE", "follows")
        self.assertEqual(self.roles("s1")["b"], "SPARE OFFLINE")
        self.accepted("watch.mark", epoch, "b", "SECONDARY", "has caught up")
        self.assertEqual(self.roles("s1")["b"], "SECONDARY READ_ONLY")
        for server, status in (("a", "FAULTY"), ("b", "PRIMARY")):
            self.assertIn("the PRIMARY", self.refused("watch.mark", epoch, server, status, ""))

    def test_keep_where_the_primary_replicates_from(self):
        epoch = self.take()
        self.accepted("watch.note_upstream", epoch, "s1", "up", 3306)
        self.assertEqual(self.look()[2], [["s1", "up", "3306"]])
        self.accepted("watch.note_upstream", epoch, "s1", "", 0)
        self.assertEqual(self.look()[2], [])


if __name__ == "__main__":
    unittest.main()
