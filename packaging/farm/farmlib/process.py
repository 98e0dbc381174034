"""Processes by identity: a pid with the boot and the clock tick it was started at, so that a recycled pid
is never taken for one of ours."""

import os
import signal


def boot_id():
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()


def _stat(pid):
    """Fields of /proc/PID/stat from the third (state) on, or None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def identify(pid):
    """The identity to record for a running `pid`, or None when it is gone."""
    fields = _stat(pid)
    return None if fields is None else {"pid": pid, "started": int(fields[19]), "boot": boot_id()}


def state(identity):
    """'running', 'frozen' or 'dead'."""
    if not identity or identity["boot"] != boot_id():
        return "dead"
    fields = _stat(identity["pid"])
    if fields is None or int(fields[19]) != identity["started"] or fields[0] in "ZX":
        return "dead"
    return "frozen" if fields[0] in "Tt" else "running"


def send(identity, number):
    """Signals exactly that process. False when it no longer exists.

    The pidfd is opened before the identity is checked, so no other process can slip in between.
    """
    try:
        handle = os.pidfd_open(identity["pid"])
    except ProcessLookupError:
        return False
    try:
        if state(identity) == "dead":
            return False
        signal.pidfd_send_signal(handle, number)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return []


def session_members(leader, mention):
    """Identities of the living processes of a session, its leader excepted, whose command line has `mention`.

    A session's number may be used again by others once it is empty, hence the second condition.
    """
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == leader:
            continue
        fields = _stat(entry)
        if fields is None or int(fields[3]) != leader or fields[0] in "ZX":
            continue
        identity = identify(int(entry))
        if identity is not None and any(mention in word for word in command_line(entry)):
            found.append(identity)
    return found
