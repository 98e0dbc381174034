#!/usr/bin/python3
"""Counts the tests of a ctest log (Testing/Temporary/LastTest.log): "N passed, M failed".

An entry of ctest may hold many tests, GoogleTest's or Python's, or it is one itself.
"""

import re
import sys


def counts(entry):
    """(tests, failed) of the part of the log that one entry wrote."""
    ran = re.findall(r"^\[=+\] (\d+) tests? from .* ran|^Ran (\d+) tests? in", entry, re.M)
    bad = re.findall(r"^ *(\d+) FAILED TESTS?$|^FAILED \(failures=(\d+)|^FAILED \(.*errors=(\d+)", entry, re.M)
    tests = sum(int(number) for groups in ran for number in groups if number) or 1
    failed = sum(int(number) for groups in bad for number in groups if number)
    if not re.search(r"^Test Passed\.$", entry, re.M):
        failed = min(max(failed, 1), tests)
    return tests, failed


def main():
    with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
        entries = re.split(r"^\d+/\d+ Testing: ", log.read(), flags=re.M)[1:]
    total, failed = map(sum, zip(*map(counts, entries)))
    print(f"{total - failed} passed, {failed} failed")


main()
