"""What bench/run and bench/growth share: the programs, the candidates, a server, and how one run of fabric_bench is looked at."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from mysql_session import Session  # noqa: E402
from one_server import OneServer  # noqa: E402

BUILD = ROOT / "build" / "release"
PROGRAM = BUILD / "bench" / "fabric_bench"
DRIVER = BUILD / "driver" / "libfabricodbc.so"
PEER = pathlib.Path("/usr/lib/x86_64-linux-gnu/odbc/libmaodbc.so")
C_API, OURS, THEIRS = "C API", "fabric-odbc", "odbc-mariadb"

SCHEMA = """
CREATE DATABASE bench DEFAULT CHARACTER SET utf8mb4;
GRANT ALL ON *.* TO app@localhost IDENTIFIED BY 'apppw';
CREATE TABLE bench.rows (id INT PRIMARY KEY, i INT, b BIGINT, d DOUBLE, s VARCHAR(32), t DATETIME, m DECIMAL(12,2));
INSERT INTO bench.rows SELECT seq, seq, seq * 1000003, seq / 8, CONCAT('row number ', seq),
  '2020-01-01' + INTERVAL seq SECOND, seq / 100 FROM bench.seq_1_to_%d;
"""
TARGET = "CREATE TABLE bench.target (i INT, b BIGINT, d DOUBLE, s VARCHAR(64))"

# Each answer is waited for, as it would be by chance alone, at a cost.
AWAITED = {"LD_PRELOAD": str(BUILD / "bench" / "libbench_awaited.so")}
CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
SEND = re.compile(r"\b(?:sendto|sendmsg|sendmmsg|write|writev)\(\d+<(?:socket|UNIX|TCP)")


@dataclasses.dataclass(frozen=True)
class Work:
    """What fabric_bench calls it; items timed in a round; the two counts whose difference gives an item's instructions."""
    program: str
    items: int
    counts: tuple
    size: int = 1             # connections, or columns of a row
    keywords: str = ""        # which this driver is given besides
    manager_pools: bool = False  # unixODBC's own pool is on

    @property
    def writes(self):
        return self.program in ("insert", "insert_single", "connect_write")


@dataclasses.dataclass(frozen=True)
class Candidate:
    """How fabric_bench is to reach the server."""
    via: str
    connection: str
    driver: pathlib.Path = None

    def words(self, work):
        if self.via == "c_api":
            return [self.via, self.connection]
        head = "DRIVER={bench};" if work.manager_pools else f"DRIVER={self.driver};"
        return [self.via, head + self.connection + (work.keywords if self.driver == DRIVER else "")]

    def with_keywords(self, keywords):
        return dataclasses.replace(self, connection=self.connection + keywords)


def candidates(socket):
    tail = f"SERVER=localhost;UID=app;PWD=apppw;DATABASE=bench;SOCKET={socket};"
    found = {C_API: Candidate("c_api", f"{socket};app;apppw"), OURS: Candidate("odbc", tail, DRIVER)}
    if PEER.exists():
        found[THEIRS] = Candidate("odbc", tail, PEER)
    return found


class Runner:
    """Runs fabric_bench with files of its own for the driver manager."""

    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir="/tmp"))
        self.trace = self._folder / "trace"

    def close(self):
        shutil.rmtree(self._folder, ignore_errors=True)

    def _environment(self, work, candidate):
        """odbcinst.ini matters where drivers go by name, which is where unixODBC's pool looks."""
        text = f"[ODBC]\nPooling=Yes\n\n[bench]\nDriver={candidate.driver}\nThreading=0\nCPTimeout=120\n" if work.manager_pools else ""
        (self._folder / "odbcinst.ini").write_text(text)
        return os.environ | {"ODBCSYSINI": str(self._folder), "ODBCINI": str(self._folder / "odbc.ini")}

    def run(self, work, count, candidate, wrapper=(), variables=None):
        """What it printed, and what it said on standard error."""
        done = subprocess.run([*wrapper, PROGRAM, work.program, str(count), *candidate.words(work), str(work.size)],
                              capture_output=True, text=True, check=False,
                              env=self._environment(work, candidate) | (variables or {}))
        if done.returncode != 0:
            raise RuntimeError(f"{work.program} by {candidate.driver or candidate.via}: {done.stderr}")
        return json.loads(done.stdout), done.stderr

    def instructions(self, work, counts, candidate):
        """Of one item, in the client; and the checksum."""
        def collected(told):
            if "cannot be preloaded" in told:
                raise RuntimeError(f"{AWAITED['LD_PRELOAD']} is not built")
            return int(re.search(r"Collected : (\d+)", told).group(1))

        answers = [self.run(work, count, candidate, CALLGRIND, AWAITED) for count in counts]
        slope = (collected(answers[1][1]) - collected(answers[0][1])) / (counts[1] - counts[0])
        return slope, answers[1][0]["checksum"]

    def sends(self, work, counts, candidate):
        """How often one item has something sent to a socket."""
        def sent(count):
            self.run(work, count, candidate, ("strace", "-f", "-qq", "-y", "-o", str(self.trace),
                                              "-e", "trace=sendto,sendmsg,sendmmsg,write,writev"))
            return len(SEND.findall(self.trace.read_text(errors="replace")))

        return (sent(counts[1]) - sent(counts[0])) / (counts[1] - counts[0])


def agree(work, sums):
    """No figure of ours may be bought with a wrong result; that another driver has one is told."""
    rest = {name: value for name, value in sums.items() if name != THEIRS}
    if len(set(rest.values())) != 1:
        raise RuntimeError(f"{work}: the candidates saw different values: {sums}")
    if sums.get(THEIRS, next(iter(rest.values()))) not in rest.values():
        print(f"{work}: {THEIRS} saw other values than the C API", file=sys.stderr)


def boot(options=()):
    """Nothing of it is to outlive a crash: no work is about disks."""
    server = OneServer(["--innodb-flush-method=nosync", "--sync-frm=0", *options])
    os.chmod(server.folder, 0o755)
    return server


def execute(server, statements):
    with Session(socket=server.socket, timeout=600) as session:
        for statement in filter(None, map(str.strip, statements.split(";\n"))):
            session.query(statement)


class MySql56(OneServer):
    """MySQL 5.6 from the folder that FABRIC_MYSQL56 names (tools/install_mysql56.sh)."""

    @property
    def _server(self):
        return pathlib.Path(os.environ["FABRIC_MYSQL56"]) / "server"

    def _install(self, log):
        data = self.folder / "data"
        shutil.copytree(self._server / "data" / "mysql", data)
        (data / "auto.cnf").unlink(missing_ok=True)
        for path in (data, *data.rglob("*")):
            if self._drop:
                os.chown(path, self._drop["user"], self._drop["group"])

    def _launch(self, log):
        self._process = subprocess.Popen(
            [self._server / "mysqld", "--no-defaults", *self._small, f"--basedir={self._server}",
             f"--lc-messages-dir={self._server}/share", f"--socket={self.socket}", "--skip-networking",
             f"--pid-file={self.folder}/pid", "--innodb-buffer-pool-size=16M", "--performance-schema=OFF",
             "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", *self._options],
            stdout=log, stderr=subprocess.STDOUT, cwd="/", **self._drop)
