"""Real clients of a farm, each a program that runs as a process of its own: one kill of the primary under all of them.

A program is given the data source's name as its last argument. It prints what it did, a line each (HEAD below); then it
stores every number that it reads from standard input exactly once in the table `orders`, prints `stored N` when it is
sure, and `rows N` at the end of its input. What it has to try again it tells on standard error. The tables and the data
source are those of docs/clients.md, in a database of the program's own; what it prints is in its section there, and
compared (its lines that are shown there: tests/docs/rules.py).
"""

import dataclasses
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from farm_case import MEMBERS, FarmCase  # noqa: E402  (the path above comes first)

PROGRAMS = REPOSITORY / "tests" / "clients" / "programs"
DOCUMENT = REPOSITORY / "docs" / "clients.md"
DSN = "shop"  # in docs/clients.md
LIMIT = 300  # seconds for a whole program, on a busy machine
PAUSE = 0.01  # between two numbers for one program
ROWS_AROUND_THE_KILL = 10
BIG, PRICE, MOMENT = "9223372036854775807", "1234567890123456.7891", "2026-11-26 23:59:59.123456"
WORD, DATA = "Gr\u00fc\u00dfe \U0001F600 \u6f22\u5b57", "00FF7F80"
HEAD = ["tables: kinds, orders", f"row: {BIG}|{PRICE}|{MOMENT}|{WORD}|{DATA}|NULL", "rolled back: 1 row", "committed: 7"]
ERROR = re.compile(r"error: (?=.*42S02)(?=.*1146).*Table '.*nowhere' doesn't exist")


@dataclasses.dataclass(frozen=True)
class Program:
    name: str  # its database is clients_NAME
    command: tuple  # run in PROGRAMS, with the data source's name as last argument
    head: tuple = tuple(HEAD)  # what it prints before the error's line, where the client cannot do all of HEAD
    error: re.Pattern = ERROR  # and the error's line
    stores_kinds: bool = True  # whether it writes the row of `kinds` that HEAD shows

    @property
    def shown(self):
        """How the command that docs/clients.md shows ends."""
        words = [pathlib.Path(word).name for word in self.command]
        return " ".join([*(f'"{word}"' if " " in word else word for word in words), DSN])

    @property
    def database(self):
        return "clients_" + self.name


def shortened(transcript):
    """Without what all programs print alike, as docs/clients.md has it."""
    alike = "|".join([*HEAD[2:], *(f"stored {number}" for number in (1, 2, 3))])
    return re.sub(rf"(?m)(?:^(?:{alike})\n)+", "...\n", transcript)


def documented(language):
    """The code blocks of docs/clients.md in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


class Client(threading.Thread):
    """A running program, fed with 1, 2, ... until told to stop."""

    def __init__(self, program, environment):
        super().__init__(daemon=True)
        self.program = program
        self.lines, self.stored, self.failure = [], 0, None
        self.reached, self._enough = queue.Queue(), threading.Event()
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([*program.command, DSN], cwd=PROGRAMS, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self._said, encoding="utf-8", errors="replace")

    def run(self):
        watch = threading.Timer(LIMIT, self.process.kill)
        watch.start()
        try:
            while not self._enough.wait(PAUSE):
                self._store(self.stored + 1)
            self.process.stdin.close()
            self.lines += self.process.stdout.read().splitlines()
            self.process.wait()
        except (OSError, EOFError) as error:
            self.failure = f"{type(error).__name__}: {error}"
        finally:
            watch.cancel()
            self.process.kill()
            self.process.wait()
            self.reached.put(None)

    def _store(self, number):
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise EOFError(f"it ended at number {number}")
            self.lines.append(line.rstrip("\n"))
            if self.lines[-1] == f"stored {number}":
                self.stored = number
                self.reached.put(number)
                return

    def wait_for(self, number):
        """Until it has stored the number, or has failed."""
        while (reached := self.reached.get()) is not None and reached < number:
            pass
        if reached is None:
            self.reached.put(None)

    def stop(self):
        self._enough.set()
        self.join()
        return self

    def said(self):
        """Its standard error."""
        self._said.seek(0)
        return self._said.read()


class ClientCase(FarmCase):
    """A subclass names its `programs`: each becomes a test. They run at once, and the primary is killed once under all."""

    programs = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for program in cls.programs:
            setattr(cls, "test_" + program.name, lambda self, program=program: self.check(program))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in MEMBERS:
            cls.farm.bring_back(name)
        cls.folder = tempfile.TemporaryDirectory(prefix="clients-")
        cls.addClassCleanup(cls.folder.cleanup)
        victim = cls.farm.primary()
        cls.survivor = next(name for name in MEMBERS if name != victim)
        with cls.farm.session(victim) as session:
            for program in cls.programs:
                cls.addClassCleanup(cls.drop, program)
                session.query(f"CREATE OR REPLACE DATABASE {program.database};"
                              f"GRANT ALL ON {program.database}.* TO app@'%'; USE {program.database};" + "".join(documented("sql")))
        cls.clients = {}
        try:
            for program in cls.programs:
                cls.clients[program.name] = Client(program, cls.environment(program))
                cls.clients[program.name].start()
            cls.kill_under_them(victim)
        finally:
            for client in cls.clients.values():
                client.stop()
            cls.addClassCleanup(cls.farm.bring_back, victim)

    @classmethod
    def kill_under_them(cls, victim):
        for client in cls.clients.values():
            client.wait_for(ROWS_AROUND_THE_KILL)
        before = {name: client.stored for name, client in cls.clients.items()}
        cls.farm.run("kill", victim)
        for name, client in cls.clients.items():
            # Two more may have been answered by the server that died.
            client.wait_for(before[name] + 2 + ROWS_AROUND_THE_KILL)

    @classmethod
    def environment(cls, program):
        """With the documented data source, but for addresses, passwords and the database."""
        ini = next(text for text in documented("ini") if f"[{DSN}]" in text)
        nodes = ",".join(f"127.0.0.1:{cls.farm.port(name)}" for name in MEMBERS)
        for key, value in (("FABRIC_NODES", nodes), ("FABRIC_PASSWORD", "fabricpw"), ("PWD", "apppw"),
                           ("DATABASE", program.database)):
            ini = re.sub(rf"^({key} *=).*", rf"\1 {value}", ini, flags=re.MULTILINE)
        path = pathlib.Path(cls.folder.name) / f"{program.name}.ini"
        path.write_text(ini, encoding="utf-8")
        return {**os.environ, "ODBCSYSINI": str(cls.farm.directory / "odbc"), "ODBCINI": str(path), "LC_ALL": "C.UTF-8"}

    @classmethod
    def drop(cls, program):
        with cls.farm.session(cls.survivor) as session:
            session.query(f"DROP DATABASE IF EXISTS {program.database}; REVOKE ALL ON {program.database}.* FROM app@'%'")

    def check(self, program):
        client = self.clients[program.name]
        told = f"{client.failure}\n{client.lines}\n{client.said()}"
        self.assertEqual((client.process.returncode, client.failure), (0, None), told)
        print(f"{program.name}: {client.stored} rows; tried again: {client.said().splitlines()}", flush=True)
        self.check_lines(program, client)
        self.check_database(program, client)
        self.check_document(program, client)

    def check_lines(self, program, client):
        head = len(program.head)
        self.assertEqual(client.lines[:head], list(program.head))
        self.assertRegex(client.lines[head], program.error)
        rows = [f"stored {number}" for number in range(1, client.stored + 1)]
        self.assertEqual(client.lines[head + 1:], [*rows, f"rows {client.stored}"])

    def check_database(self, program, client):
        """What is stored, whatever the client says."""
        with self.farm.session(self.survivor) as session:
            session.query(f"USE {program.database}; SET SESSION wsrep_sync_wait = 1")
            numbers = [int(row[0]) for row in session.rows("SELECT n FROM orders ORDER BY n")]
            self.assertEqual(numbers, list(range(1, client.stored + 1)))
            if program.stores_kinds:
                row = session.rows("SELECT big, price, moment, HEX(word), HEX(data), nothing FROM kinds")[0]
                self.assertEqual(row, [BIG, PRICE, MOMENT, WORD.encode().hex().upper(), DATA, "7"])

    def check_document(self, program, client):
        """Its section shows what it prints when it is given the numbers 1 to 3."""
        printed = client.lines[:len(program.head) + 1] + ["stored 1", "stored 2", "stored 3", "rows 3"]
        transcript = re.sub(r"\[g1/[^]]*\]", "[g1/db1:3306]", "\n".join(printed).replace(program.database, DSN)) + "\n"
        blocks = [block.partition("\n") for block in documented("console")]
        shown = [shortened(lines) for command, _, lines in blocks if command.endswith(program.shown)]
        self.assertEqual(shown, [shortened(transcript)], f"in docs/clients.md of {program.shown}")
