"""The Fabric node in SQL on a Galera cluster of three: reports judged by the cluster's own view."""

import concurrent.futures
import pathlib
import shutil
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from farm_case import FarmCase  # noqa: E402
from mysql_session import SqlError, command  # noqa: E402

MEMBERS = ("g1a", "g1b", "g1c")
PROMOTIONS = "SELECT COUNT(*) FROM fabric.history WHERE what LIKE 'PRIMARY: took over%'"
WAIT_LIMIT = 30  # seconds for what the cluster does by itself


class GaleraCase(FarmCase):
    def setUp(self):
        self.sessions = {name: self.farm.session(name) for name in MEMBERS}
        self.addCleanup(lambda: [one.close() for one in self.sessions.values()])
        self.eventually("the cluster is whole", lambda: all(self.sees(name, 3) for name in MEMBERS))
        for one in self.sessions.values():
            one.query("SET SESSION wsrep_sync_wait = 1")
        self.restore_roles()
        self.sessions["g1a"].query("DELETE FROM fabric.fault_log")
        self.reporters_wanted(1)
        self.addCleanup(self.reporters_wanted, 2)

    def reporters_wanted(self, count):
        """The default is two; one lets a single test client reach the threshold."""
        for name in MEMBERS:
            try:
                session = self.farm.session(name)
                session.query(f"UPDATE fabric.settings SET value = {count} WHERE name = 'notification_clients'")
                return session.close()
            except (OSError, SqlError):  # dead, or not back yet
                continue
        return None

    def restore_roles(self):
        """g1a is the PRIMARY, the others are SECONDARY, whatever a test has left."""
        for name, role in self.roles("g1a").items():
            if role.startswith("FAULTY"):
                self.call("g1a", "server.set_status", self.farm.uuid(name), "SPARE", None, "true")
            if role.startswith(("FAULTY", "SPARE")):
                self.call("g1a", "server.set_status", self.farm.uuid(name), "SECONDARY", None, "true")
        if self.roles("g1a")["g1a"] != "PRIMARY READ_WRITE":
            self.call("g1a", "group.promote", "g1", self.farm.uuid("g1a"), None, "true")

    def call(self, member, name, *arguments):
        """The result sets after the info set; a message fails the test. A CALL that lost to another is sent again."""
        for _ in range(20):
            try:
                sets = self.sessions[member].query(command(name, *arguments))
                break
            except SqlError as error:
                if error.number != 1213:
                    raise
        self.assertIsNone(sets[0].rows[0][2], f"{name}{arguments}")
        return sets[1:]

    def report(self, member, about, kind="report_failure", reporter="test"):
        """What the node says it has done."""
        return self.call(member, f"threat.{kind}", self.farm.uuid(about), reporter, "2013", None, "true")[-1].rows[-1][3]

    def roles(self, member):
        """{server name: "STATUS MODE"} of the group."""
        names = {self.farm.uuid(name): name for name in MEMBERS}
        rows = self.call(member, "group.lookup_servers", "g1", None, None, None)[0].rows
        return {names[row[0]]: f"{row[2]} {row[3]}" for row in rows}

    def primary(self, member="g1a"):
        return next(name for name, role in self.roles(member).items() if role == "PRIMARY READ_WRITE")

    def promotions(self, member):
        return int(self.sessions[member].rows(PROMOTIONS)[0][0])

    def eventually(self, what, truth):
        """Polls what the cluster does in its own time."""
        deadline = time.monotonic() + WAIT_LIMIT
        while not truth():
            self.assertLess(time.monotonic(), deadline, f"not within {WAIT_LIMIT} s: {what}")
            time.sleep(0.05)

    def sees(self, member, size):
        """Whether `member` answers and is in a primary component of that many."""
        try:
            rows = dict(self.sessions[member].rows("SHOW GLOBAL STATUS WHERE Variable_name IN"
                                                   " ('wsrep_cluster_status', 'wsrep_cluster_size', 'wsrep_ready')"))
        except SqlError:
            return False
        return rows == {"wsrep_cluster_status": "Primary", "wsrep_cluster_size": str(size), "wsrep_ready": "ON"}


class LiveServers(GaleraCase):
    """Nothing dies here."""

    def known(self, member="g1a"):
        self.sessions[member].query("CALL fabric.read_view('g1', @members, @known)")
        return self.sessions[member].rows("SELECT @known")[0][0] == "1"

    def test_every_member_answers_as_itself_and_alike(self):
        dumps = [self.call(name, "dump.servers", 0, "")[0].rows for name in MEMBERS]
        self.assertEqual(len(dumps[0]), 8)
        self.assertEqual(dumps[0], dumps[1])
        self.assertEqual(dumps[0], dumps[2])
        for name in MEMBERS:
            self.assertEqual(self.call(name, "dump.fabric_nodes", "protocol.mysql")[0].rows,
                             [["127.0.0.1", str(self.farm.port(name))]])

    def test_a_server_the_cluster_sees_is_only_counted(self):
        before = self.roles("g1b")
        about = self.primary()
        self.assertIn("1 recent reports", self.report("g1b", about))
        self.assertIn("2 recent reports", self.report("g1c", about, "report_error"))
        self.assertEqual(self.roles("g1a"), before)

    def test_the_threshold_counts_reports_on_all_members(self):
        about = self.primary()
        before = self.promotions("g1a")
        for member in MEMBERS:
            said = self.report(member, about, "report_error")
        self.assertIn("promoted", said)
        self.assertEqual(self.promotions("g1a"), before + 1)
        self.assertTrue(self.roles("g1b")[about].startswith("FAULTY"))
        self.assertNotIn(self.farm.uuid(about), [row[0] for row in self.call("g1c", "dump.servers", 0, "g1")[0].rows])

    def test_the_heaviest_secondary_takes_over_and_a_spare_never(self):
        about = self.primary()
        others = [name for name in MEMBERS if name != about]
        self.call("g1a", "server.set_weight", self.farm.uuid(others[0]), 100, "true")
        self.addCleanup(self.call, "g1a", "server.set_weight", self.farm.uuid(others[0]), 1, "true")
        self.call("g1a", "server.set_status", self.farm.uuid(others[0]), "SPARE", None, "true")
        for member in MEMBERS:
            self.report(member, about)
        self.assertEqual(self.primary(), others[1])

    def test_a_member_that_nobody_registered_hides_who_lives(self):
        self.assertTrue(self.known())
        spare = next(name for name in MEMBERS if name != self.primary())
        address = f"127.0.0.1:{self.farm.port(spare)}"
        self.call("g1a", "server.register", self.farm.uuid(spare), "127.0.0.1:1")
        self.addCleanup(self.call, "g1a", "server.register", self.farm.uuid(spare), address)
        self.assertFalse(self.known())
        before = self.roles("g1a")
        self.assertIn("1 recent reports", self.report("g1b", spare))
        self.assertEqual(self.roles("g1a"), before)

    def test_a_group_of_other_servers_is_never_judged_by_this_view(self):
        self.call("g1a", "group.set_kind", "shard1", "GALERA", "true")
        self.addCleanup(self.call, "g1a", "group.set_kind", "shard1", "REPLICATED", "true")
        self.assertIn("1 recent reports", self.report("g1b", "shard1a"))

    def test_each_member_prunes_the_reports_it_took(self):
        def report_on_all(reporter):
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                list(pool.map(lambda member: self.report(member, "shard1a", "report_error", reporter), MEMBERS))

        report_on_all("old")
        self.sessions["g1a"].query("UPDATE fabric.fault_log SET reported_at = reported_at - INTERVAL 3601 SECOND")
        report_on_all("new")
        self.assertEqual(self.sessions["g1a"].rows("SELECT reporter FROM fabric.fault_log"), [["new"]] * 3)

    def test_concurrent_changes_on_all_members_are_all_made(self):
        def until_done(member, *arguments):
            """As a client does: 1213 and 1205 end the CALL, which is then made again whole."""
            while True:
                try:
                    return self.call(member, *arguments)
                except SqlError as error:
                    if not str(error).startswith(("1213", "1205")):
                        raise

        def raise_weight(member, number):
            until_done(member, "server.set_weight", self.farm.uuid("g1b"), number, "true")
            until_done(member, "group.description", "shard2", f"by {member}", "true")

        self.addCleanup(self.call, "g1a", "server.set_weight", self.farm.uuid("g1b"), 1, "true")
        version = lambda: int(self.sessions["g1a"].rows(  # noqa: E731
            "SELECT version FROM fabric.groups WHERE group_id = 'g1'")[0][0])
        before = version()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for round_number in range(1, 4):
                list(pool.map(raise_weight, MEMBERS, (round_number, round_number + 1, round_number + 2)))
        self.assertEqual(version(), before + 9)


class DeadServers(GaleraCase):
    def lose(self, number):
        """Signals the primary and reports it from both survivors at once.
        Returns its name, the survivors, and the seconds until both were told."""
        about = self.primary()
        survivors = [name for name in MEMBERS if name != about]
        before = self.promotions(survivors[0])
        began = time.monotonic()
        self.farm.signal(about, number)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda member: self.report(member, about), survivors))
        seconds = time.monotonic() - began
        self.assertEqual(self.promotions(survivors[0]), before + 1, said)
        self.assertEqual(sum("promoted" in one for one in said), 1, said)
        for member in survivors:
            roles = self.roles(member)
            self.assertEqual(roles.pop(about), "FAULTY READ_WRITE")
            self.assertEqual(sorted(roles.values()), ["PRIMARY READ_WRITE", "SECONDARY READ_ONLY"])
        return about, survivors, seconds

    def test_a_killed_primary_is_replaced_once_and_comes_back_by_hand_only(self):
        about, survivors, seconds = self.lose(signal.SIGKILL)
        print(f"\nkill -9 of the primary: the next one named after {seconds:.2f} s", file=sys.stderr)
        self.assertLess(seconds, 10)
        refused = self.sessions[survivors[0]].query(command("server.set_status", self.farm.uuid(about), "SPARE", None, None))
        self.assertIn("is not in the cluster", refused[0].rows[0][2])
        self.assertIn("FAULTY already", self.report(survivors[0], about))
        self.farm.run("start", about)
        self.sessions[about] = self.farm.session(about)
        self.assertEqual(self.roles(about)[about], "SECONDARY READ_ONLY")

    def test_a_frozen_primary_is_replaced_and_stays_out_when_it_thaws(self):
        about, survivors, seconds = self.lose(signal.SIGSTOP)
        self.addCleanup(self.farm.signal, about, signal.SIGCONT)
        print(f"\nSIGSTOP of the primary: the next one named after {seconds:.2f} s", file=sys.stderr)
        self.farm.signal(about, signal.SIGCONT)
        self.eventually(f"{about} rejoins", lambda: all(self.sees(name, 3) for name in MEMBERS))
        self.assertEqual(self.roles(about)[about], "FAULTY READ_WRITE")
        self.assertEqual(self.report(survivors[0], about), "Executed action (_report_failure): FAULTY already.")
        for status in ("SPARE", "SECONDARY"):
            self.call(survivors[0], "server.set_status", self.farm.uuid(about), status, None, "true")
        self.assertEqual(self.roles(about)[about], "SECONDARY READ_ONLY")

    def test_a_group_that_lost_all_candidates_says_so_and_recovers(self):
        about = self.primary()
        survivors = [name for name in MEMBERS if name != about]
        for name in survivors:
            self.call(about, "server.set_status", self.farm.uuid(name), "SPARE", None, "true")
        self.farm.signal(about, signal.SIGSTOP)
        self.addCleanup(self.farm.signal, about, signal.SIGCONT)
        sets = self.sessions[survivors[0]].query(command("threat.report_failure", self.farm.uuid(about), "t", "e", None, 1))
        self.assertEqual(len(sets), 1, [one.rows for one in sets])
        self.assertIn("Group (g1) has no PRIMARY", sets[0].rows[0][2])
        self.call(survivors[0], "server.set_status", self.farm.uuid(survivors[1]), "SECONDARY", None, "true")
        self.assertIn("promoted", self.report(survivors[0], about, "report_error"))
        self.assertEqual(self.primary(survivors[1]), survivors[1])

    def test_members_that_joined_together_are_not_taken_for_dead(self):
        """The first of two that receive a full copy at a time never hears of the second: its list stays short."""
        joiners = [name for name in MEMBERS if name != self.primary()]
        for name in joiners:
            self.farm.run("kill", name)
            for part in (self.farm.directory / "servers" / name / "data").iterdir():
                shutil.rmtree(part) if part.is_dir() else part.unlink()
        self.farm.run("up")
        for name in joiners:
            self.sessions[name].close()
            self.sessions[name] = self.farm.session(name)
        before = self.roles(MEMBERS[0])
        for member in MEMBERS:
            for about in MEMBERS:
                self.sessions[MEMBERS[0]].query("DELETE FROM fabric.fault_log")
                self.assertIn("1 recent reports", self.report(member, about), f"{member} about {about}")
        self.assertEqual(self.roles(MEMBERS[0]), before)

    def test_a_member_without_quorum_answers_1047(self):
        for name in ("g1b", "g1c"):
            self.farm.signal(name, signal.SIGSTOP)
            self.addCleanup(self.farm.signal, name, signal.SIGCONT)
        self.eventually("g1a loses quorum", lambda: not self.sees("g1a", 3))
        for call in (command("dump.servers", 0, ""), command("threat.report_error", self.farm.uuid("g1b"), "t", "e", None, 0)):
            with self.assertRaises(SqlError) as caught:
                self.sessions["g1a"].query(call)
            self.assertEqual(caught.exception.number, 1047)
        for name in ("g1b", "g1c"):
            self.farm.signal(name, signal.SIGCONT)
        self.eventually("the cluster is whole", lambda: all(self.sees(name, 3) for name in MEMBERS))
        self.assertEqual(sorted(self.roles("g1b").values()), ["PRIMARY READ_WRITE"] + ["SECONDARY READ_ONLY"] * 2)


if __name__ == "__main__":
    unittest.main()
