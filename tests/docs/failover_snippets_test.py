#!/usr/bin/python3
"""The programs of docs/failover.md over a primary that is killed under them, and the log that docs/pooling.md shows of it.

FABRIC_ODBC_DRIVER and FABRICCTL name what was built; FABRIC_FARM_DIR lends a farm that runs already.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import pages  # noqa: E402  (the path above comes first)
from farm_case import MEMBERS, FarmCase  # noqa: E402
from place import masked  # noqa: E402

PAGE = pages.ROOT / "docs" / "failover.md"
LIMIT = 60  # seconds, on a busy machine
AFTER_THE_KILL = 20  # transactions of each program
MORE_PYTHON = f"""
import os, time
done, after, end = 1, 0, time.monotonic() + {LIMIT}
print("begun", flush=True)
while after < {AFTER_THE_KILL} and time.monotonic() < end:
    transaction(connection, transfer)
    done += 1
    after += os.path.exists(os.environ["KILLED"])
print(done)
"""
MORE_PHP = f"""
$done = 1;
$after = 0;
$end = microtime(true) + {LIMIT};
echo "begun\\n";
while ($after < {AFTER_THE_KILL} && microtime(true) < $end) {{
    transaction($connection, 'transfer');
    $done++;
    $after += (int) file_exists(getenv('KILLED'));
}}
echo $done, "\\n";
"""


def block(page, language, mention=""):
    return next(one.text for one in pages.blocks(page) if one.language == language and mention in one.text)


def shape(log):
    """Without times, servers and numbers."""
    named = re.sub(r"(?m)^TIME \[PID\] (\w+: \w+) \S+:", r"\1 WHERE:", masked(log))
    return re.sub(r"thread \d+", "thread N", named)


class FailoverSnippets(FarmCase):
    def setUp(self):
        for name in MEMBERS:
            self.farm.bring_back(name)
        self.ini = self.farm.directory / "odbc" / "snippets.ini"
        self.killed = self.farm.directory / "odbc" / "snippets.killed"
        self.log = self.farm.directory / "odbc" / "snippets-%p.log"
        ini = (self.farm.directory / "odbc" / "odbc.ini").read_text(encoding="utf-8")
        source = re.search(r"(?ms)^\[fabric_rw\]\n(.*?)^\[", ini)[1]
        self.ini.write_text(f"[orders]\n{source}LOG = {self.log}\nLOG_LEVEL = INFO\n", encoding="utf-8")
        self.addCleanup(self.clear)

    def clear(self):
        for file in self.ini.parent.glob("snippets*"):
            file.unlink()
        self.sql("DROP TABLE IF EXISTS demo.done, demo.account")

    def sql(self, text):
        member = next(name for name, status in self.farm.roles().items() if status in ("PRIMARY", "SECONDARY"))
        with self.farm.session(member) as session:
            session.query("SET SESSION wsrep_sync_wait = 15")
            return session.query(text)

    def start(self, program, text):
        environment = {**os.environ, "ODBCSYSINI": str(self.ini.parent), "ODBCINI": str(self.ini), "PYTHONUTF8": "1",
                       "KILLED": str(self.killed)}
        running = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, env=environment)
        running.stdin.write(text)
        running.stdin.close()
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)
        return running

    def test_programs_transfer_exactly_once(self):
        self.sql("USE demo; DROP TABLE IF EXISTS done, account; " + block(PAGE, "sql", "CREATE TABLE done"))
        programs = [self.start(["/usr/bin/python3", "-"], block(PAGE, "python", "def transaction") + MORE_PYTHON),
                    self.start(["php"], block(PAGE, "php", "function transaction") + MORE_PHP)]
        for program in programs:
            self.assertEqual(program.stdout.readline().strip(), "begun", "what follows is its error")
        victim = self.farm.primary()
        self.farm.signal(victim, signal.SIGKILL)
        self.killed.touch()
        said = [program.stdout.read() for program in programs]
        self.assertEqual([program.wait() for program in programs], [0, 0], said)
        counts = [int(one) for one in said]
        self.assertGreater(min(counts), AFTER_THE_KILL)
        amounts = [int(row[0]) for row in self.sql("SELECT amount FROM demo.account ORDER BY id")[0].rows]
        self.assertEqual(amounts, [1000 - sum(counts), sum(counts)])
        self.assertEqual(self.sql("SELECT COUNT(*) FROM demo.done")[0].rows, [[str(sum(counts))]])
        self.check_log()
        self.farm.bring_back(victim)

    def check_log(self):
        """The lines that the page shows: these, but for what they name."""
        logs = "\n".join(file.read_text(encoding="utf-8") for file in self.log.parent.glob("snippets-*.log"))
        for line in block(pages.ROOT / "docs" / "pooling.md", "", "info: pool").splitlines():
            self.assertIn(shape(line), shape(logs), logs[-2000:])


if __name__ == "__main__":
    unittest.main()
