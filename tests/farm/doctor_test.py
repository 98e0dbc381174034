#!/usr/bin/python3
"""`fabricctl doctor` on the farm: its DSNs are well, a dead replica and a missing sharded table are found. And what isql
says of a new user's first mistakes with a farm (tests/driver_manager/first_mistakes_test.py has those with one server): it
alone is enough to mend them. The farm is left as it was. FABRICCTL names the program; FABRIC_FARM_DIR lends a farm that runs already."""

import configparser
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from farm_case import FarmCase  # noqa: E402  (the path above comes first)

FABRICCTL = os.environ.get("FABRICCTL", "fabricctl")
LIMIT = 120  # seconds


class Doctor(FarmCase):
    def findings(self, dsn, code):
        """What is wrong, as (subject, text)."""
        odbc = self.farm.directory / "odbc"
        environment = {**os.environ, "ODBCINI": str(odbc / "odbc.ini"), "ODBCSYSINI": str(odbc)}
        done = subprocess.run([FABRICCTL, "doctor", dsn, "--json"], capture_output=True, text=True, env=environment,
                              timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, code, done.stdout)
        return [(one["subject"], one["text"]) for one in json.loads(done.stdout)["findings"] if one["level"] == "error"]

    def test_finds_no_fault_in_the_farms_own_data_sources(self):
        names = configparser.ConfigParser()
        names.read(self.farm.directory / "odbc" / "odbc.ini")
        self.assertIn("fabric_shards", names.sections())
        for name in names.sections():
            with self.subTest(dsn=name):
                self.assertEqual(self.findings(name, 0), [])

    def test_finds_a_dead_replica(self):
        self.farm.run("kill", "shard1b")
        try:
            found = self.findings("fabric_shards", 1)
        finally:
            self.farm.run("start", "shard1b")
        self.assertEqual([subject for subject, _ in found],
                         [f"server 127.0.0.1:{self.farm.port('shard1b')} (SECONDARY of shard1)"])
        self.assertIn("nobody listens", found[0][1])

    def test_finds_a_shard_that_lacks_a_table(self):
        with self.farm.session("shard2a") as session:
            session.query("RENAME TABLE shop.names TO shop.renamed")
            try:
                found = self.findings("fabric_shards", 1)
            finally:
                session.query("RENAME TABLE shop.renamed TO shop.names")
        self.assertEqual(len(found), 1, found)
        self.assertIn("has no table shop.names", found[0][1])


class FirstMistakes(FarmCase):
    def expect(self, changes, *words):
        """isql with the DSN fabric_rw, some of its entries changed."""
        odbc = self.farm.directory / "odbc"
        names = configparser.ConfigParser()
        names.optionxform = str
        names.read(odbc / "odbc.ini")
        entries = {**names["fabric_rw"], "FABRIC_TIMEOUT": "1s", **changes}
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write("[new]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items()))
            file.flush()
            environment = {**os.environ, "ODBCINI": file.name, "ODBCSYSINI": str(odbc)}
            done = subprocess.run(["isql", "new", "-b", "-v"], input="SELECT 1\n", capture_output=True, text=True,
                                  env=environment, timeout=LIMIT, check=False)
        said = done.stdout + done.stderr
        self.assertNotEqual(done.returncode, 0, said)
        for word in words:
            self.assertIn(word, said.strip().splitlines()[0])

    def test_an_account_that_may_not_ask_the_node(self):
        self.expect({"FABRIC_USER": "app", "FABRIC_PASSWORD": "apppw"}, "may not call dump.servers",
                    "grant it EXECUTE on dump.* and threat.*")

    def test_a_group_without_servers(self):
        with self.farm.session("g1a") as session:
            session.query("CALL `group`.`create`('hollow', '', 'true')")
            try:
                self.expect({"FABRIC_GROUP": "hollow"}, "no group 'hollow', or it has no servers",
                            "set FABRIC_GROUP to one that has (g1, global,", "or add a server to it (group.add)")
            finally:
                session.query("CALL `group`.destroy('hollow', 'true')")

    def test_a_node_asked_in_the_other_protocol(self):
        self.expect({"FABRIC_PROTOCOL": "xmlrpc"}, "does not speak HTTP", "FABRIC_PROTOCOL=mysql")

    def test_a_wrong_password_of_the_node(self):
        self.expect({"FABRIC_PASSWORD": "wrong"}, "[28000]", "check FABRIC_USER and FABRIC_PASSWORD")


if __name__ == "__main__":
    unittest.main()
