#!/usr/bin/python3
"""What the quickstart shows on a running farm, through unixODBC: weighted reads, writes on the primary,
pooled connections, and a failover under a running write loop.

usage: quickstart_demo.py FARM_COMMAND FARM_DIRECTORY   (ODBCSYSINI and ODBCINI as `farm env` prints them)
"""

import collections
import concurrent.futures
import subprocess
import sys
import threading
import time

import pyodbc

READS = 48  # each process chooses for itself: fewer may show the lighter server more often
CYCLES = 200
WRITE_EVERY = 0.010
BEFORE_KILL = 2.0
AFTER_KILL = 4.0


def step(title):
    print(f"\n== {title}", flush=True)


def isql(dsn, *statements):
    """Rows of the last statement, run by isql in batch mode."""
    done = subprocess.run(["isql", dsn, "-b", "-d|"], input="\n".join(statements) + "\n", text=True,
                          capture_output=True, timeout=60, check=False)
    if done.returncode != 0 or "[ISQL]ERROR" in done.stdout + done.stderr:
        sys.exit(f"isql {dsn} failed:\n{done.stdout}{done.stderr}")
    return [line for line in done.stdout.splitlines() if line and not line.startswith("SQLRowCount")]


class Farm:
    def __init__(self, command, directory):
        self.command, self.directory = command, directory

    def run(self, verb, *arguments):
        return subprocess.run([self.command, verb, self.directory, *arguments], check=True, text=True,
                              capture_output=True).stdout

    def servers(self):
        """port -> (name, role, weight) of the servers of g1."""
        rows = [line.split() for line in self.run("status").splitlines()[1:]]
        return {row[2]: (row[0], row[5], row[7]) for row in rows if row[1] == "g1"}

    def primary(self):
        return next(name for name, role, _ in self.servers().values() if role == "PRIMARY")


def show_reads(farm):
    servers = farm.servers()
    weights = ", ".join(f"{name} {weight}" for name, role, weight in servers.values() if role == "SECONDARY")
    step(f"Reads: {READS} isql sessions on DSN fabric_ro (weights: {weights})")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: isql("fabric_ro", "SELECT @@port"), range(READS))
        seen = collections.Counter(rows[-1].strip() for rows in answers)
    for port, count in sorted(seen.items()):
        name, role, _ = servers[port]
        print(f"  {name} ({role}, port {port}): {count}")


def show_writes(farm):
    step("Writes: isql on DSN fabric_rw")
    port = isql("fabric_rw", "CREATE TABLE IF NOT EXISTS demo.quickstart (n INT NOT NULL)",
                "DELETE FROM demo.quickstart", "SELECT @@port")[-1].strip()
    name, role, _ = farm.servers()[port]
    print(f"  {name} ({role}, port {port})")


def show_pool():
    step(f"Pool: {CYCLES} connects and disconnects in one process")
    pyodbc.pooling = False  # unixODBC's own; the driver's is what is shown
    sessions = set()
    started = time.monotonic()
    for _ in range(CYCLES):
        connection = pyodbc.connect("DSN=fabric_rw")
        sessions.add(connection.execute("SELECT CONNECTION_ID()").fetchval())
        connection.close()
    each = (time.monotonic() - started) / CYCLES
    print(f"  {len(sessions)} physical connection(s) served them, {each * 1e6:.0f} us each")


class Writer(threading.Thread):
    """One isql process on one connection; an INSERT every 10 ms, its answer awaited."""

    def __init__(self):
        super().__init__(daemon=True)
        self.process = subprocess.Popen(["stdbuf", "-oL", "isql", "fabric_rw", "-b", "-v"], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.acknowledged, self.errors, self.stop = [], [], threading.Event()

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            self.process.stdin.write(f"INSERT INTO demo.quickstart VALUES ({number})\n")
            problem = None
            for line in self.process.stdout:
                if line.startswith("SQLRowCount returns"):
                    self.acknowledged.append((time.monotonic(), number))
                    break
                if "[ISQL]ERROR" in line:
                    self.errors.append((time.monotonic(), (problem or line).strip()))
                    break
                if line.startswith("["):  # the diagnostic record, which -v asks for
                    problem = problem or line
            time.sleep(WRITE_EVERY)
        self.process.stdin.close()
        self.process.wait(timeout=30)


def show_failover(farm):
    victim = farm.primary()
    step(f"Failover: kill -9 of {victim}, the primary, under an isql that writes every 10 ms")
    writer = Writer()
    writer.start()
    time.sleep(BEFORE_KILL)
    killed = time.monotonic()
    farm.run("kill", victim)
    time.sleep(AFTER_KILL)
    writer.stop.set()
    writer.join(timeout=60)
    for when, text in writer.errors:
        print(f"  {when - killed:+.2f} s  {text}")
    before = [when for when, _ in writer.acknowledged if when <= killed]
    after = [when for when, _ in writer.acknowledged if when > killed + 0.05]
    if not after:
        sys.exit("  no write succeeded after the kill")
    gap = max(b - a for a, b in zip([before[-1]] + after, after))
    print(f"  {len(writer.acknowledged)} writes acknowledged, {len(writer.errors)} error(s) told to isql"
          + (" (docs/failover.md says what each SQLSTATE asks of a program)" if writer.errors else ""))
    print(f"  the longest pause between two acknowledged writes: {gap:.2f} s; new primary: {farm.primary()}")
    stored = collections.Counter(int(line) for line in isql("fabric_rw", "SELECT n FROM demo.quickstart"))
    numbers = [number for _, number in writer.acknowledged]
    lost = [number for number in numbers if number not in stored]
    doubled = [number for number, times in stored.items() if times > 1]
    print(f"  acknowledged writes lost: {len(lost)}, rows written twice: {len(doubled)}")
    if lost or doubled:
        sys.exit(1)
    farm.run("start", victim)
    print(f"  {victim} is back, as {farm.servers()[next(p for p, s in farm.servers().items() if s[0] == victim)][1]}")


def main():
    farm = Farm(*sys.argv[1:3])
    show_reads(farm)
    show_writes(farm)
    show_pool()
    show_failover(farm)


if __name__ == "__main__":
    main()
