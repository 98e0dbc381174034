"""What the node's tests share: one server with the node, calls that check the form of the answer."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from mysql_session import SqlError, command  # noqa: E402  (the path above comes first)
from one_server import OneServer, install_node  # noqa: E402

FABRIC_UUID = "5ca1ab1e-a007-feed-f00d-cab3fe13249e"
VAR_STRING, LONGLONG, NEWDECIMAL, TINY = 253, 8, 246, 1
INFO = (["fabric_uuid", "ttl", "message"], [VAR_STRING, LONGLONG, VAR_STRING])
JOB = (["uuid", "finished", "success", "result"], [VAR_STRING, TINY, TINY, TINY])
STEPS = (["state", "success", "when", "description"], [LONGLONG, LONGLONG, NEWDECIMAL, VAR_STRING])
SERVER_COLUMNS = ["server_uuid", "group_id", "host", "port", "mode", "status", "weight"]


class NodeCase(unittest.TestCase):
    """The tests of a module share one server; each begins with empty tables."""

    server = None

    @classmethod
    def setUpClass(cls):
        if NodeCase.server is None:
            NodeCase.server = OneServer()
            unittest.addModuleCleanup(NodeCase.stop_server)
            install_node(NodeCase.server.socket)
        cls.session = cls.server.session()
        cls.addClassCleanup(cls.session.close)

    @staticmethod
    def stop_server():
        NodeCase.server.stop()
        NodeCase.server = None

    def setUp(self):
        self.session.query("ROLLBACK; SET autocommit = 1; DELETE FROM fabric.servers; DELETE FROM fabric.groups;"
                           "DELETE FROM fabric.shards; DELETE FROM fabric.shard_tables; DELETE FROM fabric.shard_maps;"
                           "DELETE FROM fabric.fault_log; DELETE FROM fabric.history")

    def answer(self, name, *arguments, session=None):
        """All result sets after the info set of a command that must work."""
        sets = (session or self.session).query(command(name, *arguments))
        self.assertEqual((sets[0].names, sets[0].types), INFO)
        self.assertEqual(sets[0].rows, [[FABRIC_UUID, "1", None]], f"{name}{arguments}")
        return sets[1:]

    def lookup(self, name, *arguments, session=None):
        """The rows of a command that answers one set."""
        sets = self.answer(name, *arguments, session=session)
        self.assertEqual(len(sets), 1)
        return sets[0].rows

    def done(self, name, *arguments):
        """A change that must work; its `result`."""
        job, steps = self.answer(name, *arguments)
        self.assertEqual(job.names, JOB[0])
        self.assertEqual((steps.names, steps.types), STEPS)
        self.assertEqual([row[:2] for row in steps.rows], [["3", "2"], ["4", "2"], ["5", "2"]])
        self.assertEqual(job.rows[0][1:3], ["1", "1"])
        return job.rows[0][3]

    def refused(self, name, *arguments, session=None):
        """A command that must answer the info set with a message, and nothing else; the message."""
        sets = (session or self.session).query(command(name, *arguments))
        self.assertEqual(len(sets), 1, f"{name}{arguments} was not refused")
        self.assertEqual((sets[0].names, sets[0].types), INFO)
        message = sets[0].rows[0][2]
        self.assertIsNotNone(message, f"{name}{arguments} was not refused")
        return message

    def error(self, number, text, session=None):
        with self.assertRaises(SqlError) as caught:
            (session or self.session).query(text)
        self.assertEqual(caught.exception.number, number, str(caught.exception))

    def make_group(self, name="g1", kind="REPLICATED", servers=("a", "b", "c"), primary="a"):
        """A group of servers whose UUIDs and hosts are `servers`, port 3306."""
        self.done("group.create", name, None, "true")
        self.done("group.set_kind", name, kind, "true")
        for one in servers:
            self.done("server.register", one, f"{one}:3306")
            self.done("group.add", name, f"{one}:3306", 5, "false", "true")
        if primary:
            self.done("group.promote", name, primary, "false", "true")

    def roles(self, group="g1"):
        """{uuid: "STATUS MODE"}"""
        return {row[0]: f"{row[2]} {row[3]}" for row in self.lookup("group.lookup_servers", group, None, None, None)}
