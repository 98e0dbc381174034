"""The budget of instructions (bench/budget.json): whether this driver keeps to it, and how it is written anew."""

import json
import pathlib
import re
import statistics
import subprocess

from harness import CALLGRIND, OURS, ROOT

FILE = ROOT / "bench" / "budget.json"
TOKENIZER = ROOT / "build" / "release" / "bench" / "tokenizer_bench"

# Less of each than bench/run --ir measures, since instructions do not wobble. Not connect: 95 of 100 of its
# instructions are the driver manager's, which looks up each function and prints the driver's path for
# each that is missing.
COUNTS = {
    "point": (100, 700),
    "prepared": (100, 700),
    "fetch_native": (4000, 12000),
    "fetch_char": (4000, 12000),
    "fetch_wide": (4000, 12000),
    "get_native": (2000, 8000),
    "get_char": (2000, 8000),
    "insert": (4000, 12000),
}
# `point` in a farm that finds its shard by the key in the SQL.
ROUTED = "routed"
MOST_ROWS = max(high for _, high in COUNTS.values())
# Without a server: a statement of 100 bytes cut into tokens (bench/tokenizer.cpp).
TOKENS = "tokens"
TOKEN_COUNTS = (1000, 9000)
EXCESS = 1.03
# Other threads of the process work by the clock.
TRIES = 3
# What else the instructions depend on: other versions, other budget.
PACKAGES = ("libc6", "libmariadb3", "libstdc++6", "mariadb-server", "unixodbc", "g++-12", "valgrind")


def processor():
    """The C library chooses its string functions by these."""
    fields = dict(line.partition(":")[::2] for line in pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines())
    named = {name.strip(): value.strip() for name, value in fields.items()}
    flags = set(named.get("flags", "").split())
    return " ".join([named.get("model name", "unknown"), *sorted(flags & {"avx2", "avx512vl", "bmi2", "erms", "fsrm"})])


def versions():
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES],
                            capture_output=True, text=True, check=False).stdout
    return dict(line.split(" ", 1) for line in listed.splitlines()) | {"processor": processor()}


def collected(command):
    told = subprocess.run([*CALLGRIND, *command], capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", told).group(1))


def slope(bench, works, name):
    """Instructions of one item."""
    if name == ROUTED:
        candidate, work = bench.routes()["the key in the SQL"]
        return bench.slope(work, COUNTS["point"], candidate)[0]
    if name != TOKENS:
        return bench.slope(works[name], COUNTS[name], bench.candidates[OURS])[0]
    low, high = (collected([TOKENIZER, str(count)]) for count in TOKEN_COUNTS)
    return (high - low) / (TOKEN_COUNTS[1] - TOKEN_COUNTS[0])


def keep(bench, works):
    """Whether this driver keeps to the budget; true where that cannot be told."""
    budget = json.loads(FILE.read_text())
    here = versions()
    others = [f"{name} {here.get(name, 'is missing')} instead of {wanted}"
              for name, wanted in budget["versions"].items() if here.get(name) != wanted]
    if others:
        print(f"skipped: the budget is of other versions ({'; '.join(others)})")
        return True
    kept = True
    for name, allowed in budget["instructions"].items():
        for _ in range(TRIES):
            taken = slope(bench, works, name)
            within = taken <= allowed * EXCESS
            if within:
                break
        kept = kept and within
        print(f"{'ok  ' if within else 'MORE'} {name}: {taken:,.0f} of {allowed:,}", flush=True)
    if not kept:
        print("More instructions than bench/budget.json allows: save them, or commit the file that "
              "`bench/run --set-budget` writes and say in the commit why they are worth it.")
    return kept


def set_anew(bench, works):
    def usual(name):
        return round(statistics.median(slope(bench, works, name) for _ in range(TRIES)))

    instructions = {name: usual(name) for name in (*COUNTS, ROUTED, TOKENS)}
    FILE.write_text(json.dumps({"versions": versions(), "instructions": instructions}, indent=2) + "\n")
    return True
