#!/usr/bin/python3
"""`fabricctl serve` on the farm. Http: its answers, in every run. Page: the page in headless Chromium, which shows a failover
without being loaded anew. `serve_test.py Http` runs the one class; without Chromium the other ends with 77.
FABRICCTL names the program; FABRIC_FARM_DIR lends a farm that runs already."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import chromium  # noqa: E402  (the path above comes first)
from farm_case import FarmCase  # noqa: E402

FABRICCTL = os.environ.get("FABRICCTL", "fabricctl")
LIMIT = 60  # seconds
HOSTILE = "<img src=x onerror=document.title=1>"


class ServeCase(FarmCase):
    def environment(self):
        odbc = self.farm.directory / "odbc"
        return {**os.environ, "ODBCINI": str(odbc / "odbc.ini"), "ODBCSYSINI": str(odbc)}

    def start(self, *options):
        """The running program, and its port."""
        program = subprocess.Popen([FABRICCTL, "serve", "fabric_shards", "--port", "0", *options], env=self.environment(),
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, program)
        line = program.stdout.readline()
        found = re.match(r"http://127\.0\.0\.1:(\d+)/ ", line)
        self.assertTrue(found, line)
        return program, int(found[1])

    @staticmethod
    def stop(program):
        program.stdout.close()
        if program.poll() is None:
            program.terminate()
        return program.wait(timeout=20)

    @staticmethod
    def ask(port, path="/snapshot.json", method="GET", host=None):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with contextlib.closing(link):
            link.request(method, path, headers={"Host": host} if host else {})
            answer = link.getresponse()
            return answer, answer.read().decode()

    def snapshot(self, port):
        return json.loads(self.ask(port)[1])

    def within(self, seconds, question, what):
        end = time.monotonic() + seconds
        while not (value := question()):
            self.assertLess(time.monotonic(), end, f"not within {seconds} s: {what}")
        return value

    @staticmethod
    def servers(snapshot):
        return {one["address"]: (group["group"], one) for group in snapshot["groups"] for one in group["servers"]}

    def address(self, name):
        return f"127.0.0.1:{self.farm.port(name)}"


class Http(ServeCase):
    def check_content(self, snapshot):
        servers = self.servers(snapshot)
        self.assertEqual(set(servers), {self.address(name) for name in self.farm.data["servers"]})
        group, primary = servers[self.address("shard1a")]
        self.assertEqual((group, primary["status"], primary["health"], primary["read_only"]),
                         ("shard1", "PRIMARY", "ok", "OFF"))
        self.assertGreater(primary["connections"], 0)
        self.assertEqual(servers[self.address("g1c")][1]["galera"], {"state": "Synced", "cluster": "Primary", "size": 3})
        maps = {one["table"]: shard_map for shard_map in snapshot["shard_maps"] for one in shard_map["tables"]}
        self.assertEqual([shard["group"] for shard in maps["shop.orders"]["shards"]], ["shard1", "shard2"])

    def of_a_farm_that_is_well(self, port):
        """The snapshot, when it names servers and all of them are well."""
        snapshot = self.snapshot(port)
        servers = self.servers(snapshot).values()
        return snapshot if servers and all(one["health"] == "ok" for _, one in servers) else None

    def test_json_prints_one_snapshot_and_ends(self):
        done = subprocess.run([FABRICCTL, "serve", "fabric_shards", "--json"], capture_output=True, text=True,
                              env=self.environment(), timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_content(json.loads(done.stdout))
        self.assertNotIn("apppw", done.stdout)
        self.assertNotIn("fabricpw", done.stdout)

    def test_what_is_answered_and_what_is_refused(self):
        program, port = self.start()
        self.check_content(self.within(20, lambda: self.of_a_farm_that_is_well(port), "all servers are well"))
        answer, page = self.ask(port, "/")
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-(\w+)'", policy)[1]
        self.assertIn(f'<script nonce="{nonce}">', page)
        self.assertIn("default-src 'none'", policy)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotRegex(page, r"(?:src|href)=\"(?:https?:)?//")
        self.assertEqual(self.ask(port, host="localhost:1")[0].status, 200)
        for host in ("evil.example", f"evil.example:{port}", "10.0.0.1"):
            self.assertEqual(self.ask(port, host=host)[0].status, 403, host)
        for method in ("POST", "HEAD", "DELETE", "OPTIONS"):
            self.assertEqual(self.ask(port, method=method)[0].status, 405, method)
        for path in ("/etc/passwd", "/../snapshot.json", "//"):
            self.assertEqual(self.ask(port, path)[0].status, 404, path)
        with socket.create_connection(("127.0.0.1", port)):  # says nothing, and holds nobody up
            self.assertEqual(self.ask(port)[0].status, 200)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(timeout=20), 0)

    def test_a_frozen_server_holds_nothing_back(self):
        _, port = self.start()
        victim = self.address("shard2b")
        seen = lambda: self.servers(self.snapshot(port)).get(victim, (None, {}))[1]  # noqa: E731
        self.within(20, lambda: seen().get("answers"), "it answers")
        self.farm.signal("shard2b", signal.SIGSTOP)
        try:
            silent = self.within(20, lambda: seen()["answers"] is False and seen(), "it is shown as silent")
            began = time.monotonic()
            well = self.servers(self.snapshot(port))[self.address("shard1a")][1]
            self.assertLess(time.monotonic() - began, 1)
        finally:
            self.farm.signal("shard2b", signal.SIGCONT)
        self.assertEqual((silent["health"], well["health"]), ("error", "ok"))
        self.within(20, lambda: seen()["answers"], "it answers again")

    def test_other_addresses_need_a_word(self):
        done = subprocess.run([FABRICCTL, "serve", "fabric_shards", "--listen", "0.0.0.0"], capture_output=True, text=True,
                              env=self.environment(), timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--allow-remote", done.stderr)

    def test_a_port_that_is_taken_is_named(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            done = subprocess.run([FABRICCTL, "serve", "fabric_shards", "--port", str(other.getsockname()[1])],
                                  capture_output=True, text=True, env=self.environment(), timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("choose another with --port", done.stderr)


class Page(ServeCase):
    def setUp(self):
        self.program, self.port = self.start()
        self.browser = chromium.Chromium()
        self.addCleanup(self.browser.close)
        self.browser.open(f"http://127.0.0.1:{self.port}/")
        self.browser.within(30, f"document.querySelectorAll('.server.ok').length === {len(self.farm.data['servers'])}",
                            "all servers are shown, and well")

    def tile(self, name):
        return f"[...document.querySelectorAll('.server')].find((one) => one.textContent.includes('{self.address(name)}'))"

    def test_shows_roles_weights_and_key_ranges(self):
        for name, server in self.farm.data["servers"].items():
            role = self.browser.evaluate(f"{self.tile(name)}.querySelector('.role').textContent")
            self.assertEqual(role, "PRIMARY" if name in ("global1", "shard1a", "shard2a") or name == self.primary() else
                             "SECONDARY", server)
        secondaries = [name for name in ("g1a", "g1b", "g1c") if name != self.primary()]
        weights = {name: 2 if name == "g1c" else 1 for name in secondaries}
        for name, weight in weights.items():
            share = round(100 * weight / sum(weights.values()))
            self.assertIn(f"weight {weight}, {share} % of reads", self.browser.evaluate(f"{self.tile(name)}.textContent"))
        keys = self.browser.evaluate("[...document.querySelectorAll('.strip li')].map((one) => one.textContent).join('|')")
        self.assertIn("1 to below 1000", keys)
        self.assertIn("1000 and above", keys)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#server-rows tr').length"),
                         len(self.farm.data["servers"]))

    def primary(self):
        group = next(one for one in self.snapshot(self.port)["groups"] if one["group"] == "g1")
        address = next(one["address"] for one in group["servers"] if one["status"] == "PRIMARY")
        return next(name for name in self.farm.data["servers"] if self.address(name) == address)

    def test_shows_a_failover_without_being_loaded_anew(self):
        self.browser.evaluate("window.mark = 'same page'")
        victim = self.primary()
        other = next(name for name in ("g1a", "g1b", "g1c") if name != victim)
        self.farm.signal(victim, signal.SIGKILL)
        try:
            self.browser.within(20, "!!document.querySelector('.without')", "the group is shown without a primary")
            with self.farm.session(other) as session:
                session.query(f"CALL threat.report_failure('{self.farm.uuid(victim)}', 'test-1', '2013', NULL, 'false')")
            row = self.browser.within(20, "document.querySelector('#failover-rows tr')?.textContent", "the failover is listed")
            self.assertIn(self.address(victim), row)
            self.browser.within(20, "!document.querySelector('.without')", "the group has a primary")
            new = self.browser.evaluate("document.querySelector('#group-g1 .server.primary .address').textContent")
            self.assertNotEqual(new, self.address(victim))
            self.assertIn(new, row)
            self.assertEqual(self.browser.evaluate("window.mark"), "same page")
        finally:
            self.farm.run("start", victim)

    def test_says_when_it_lost_contact(self):
        self.assertTrue(self.browser.evaluate("document.querySelector('#lost').hidden"))
        self.assertEqual(self.stop(self.program), 0)
        said = self.browser.within(20, "!document.querySelector('#lost').hidden && document.querySelector('#lost').textContent",
                                   "lost contact is told")
        self.assertRegex(said, r"No contact to fabricctl serve since \d\d:\d\d:\d\d")

    def test_names_are_shown_as_text(self):
        """As a server's name, a group's, a table's, and in what a server says."""
        self.browser.evaluate(f"""(async () => {{
          const data = await (await fetch("snapshot.json")).json();
          const name = {json.dumps(HOSTILE)};
          const showIt = show;
          show = () => {{}};
          data.farm = data.groups[0].group = data.groups[0].servers[0].address = name;
          data.groups[0].servers[0].findings = [{{level: "error", text: name, where: name, lines: name}}];
          data.shard_maps[0].tables[0].table = data.shard_maps[0].shards[0].lower_bound = name;
          data.topology.problem = name;
          data.failovers = [{{at: data.at, group: name, from: name, to: name, took_ms: 1}}];
          showIt(data);
        }})()""")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertGreaterEqual(self.browser.evaluate("document.body.textContent.split('<img src=x').length"), 10)
        self.assertNotEqual(self.browser.evaluate("document.title"), "1")


if __name__ == "__main__":
    if sys.argv[1:] == ["Page"] and not chromium.installed():
        print("chromium is not installed")
        sys.exit(77)
    unittest.main()
