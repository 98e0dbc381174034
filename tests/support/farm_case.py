"""A farm for a test: the one of FABRIC_FARM_DIR, or one booted here and taken down after the tests."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from mysql_session import Session, SqlError  # noqa: E402  (the path above comes first)

MEMBERS = ("g1a", "g1b", "g1c")  # of the farm's Galera group
STATUS = ("FAULTY", "SPARE", "SECONDARY", "PRIMARY")
FARM = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "farm" / "farm"


class Farm:
    def __init__(self):
        given = os.environ.get("FABRIC_FARM_DIR")
        self.own = not given
        self.directory = pathlib.Path(given or os.path.join(tempfile.mkdtemp(prefix="farm-test-", dir="/tmp"), "farm"))
        if self.own:
            os.chmod(self.directory.parent, 0o755)
        try:
            self.run("up")
        except BaseException:
            self.close()
            raise

    def run(self, command, *arguments):
        """A farm command; its words are shown only when it fails."""
        done = subprocess.run([FARM, command, self.directory, *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"farm {command} {' '.join(arguments)}: {done.stdout}{done.stderr}")

    def close(self):
        if self.own:
            self.run("down")
            shutil.rmtree(self.directory.parent, ignore_errors=True)

    @property
    def data(self):
        return json.loads((self.directory / "farm.json").read_text())

    def session(self, name, timeout=20):
        """As administrator, through the server's socket."""
        data = self.data
        socket = pathlib.Path(data["alias"] or self.directory) / "run" / f"{name}.sock"
        return Session(socket=socket, user=data["account"]["admin"], timeout=timeout)

    def uuid(self, name):
        return self.data["servers"][name]["uuid"]

    def port(self, name):
        return self.data["servers"][name]["port"]

    def roles(self, name="g1b"):
        """Of the Galera group's members, as the member `name` has them, or another that answers."""
        for member in (name,) + MEMBERS:
            try:
                session = self.session(member, timeout=3)
            except (OSError, SqlError):
                continue
            with session:
                rows = session.query("SELECT server_uuid, status FROM fabric.servers")[0].rows
            uuids = {self.uuid(one): one for one in MEMBERS}
            return {uuids[uuid]: STATUS[int(status)] for uuid, status in rows if uuid in uuids}
        raise AssertionError("no member answers")

    def primary(self):
        return next(name for name, status in self.roles().items() if status == "PRIMARY")

    def bring_back(self, name):
        if self.roles().get(name) not in ("PRIMARY", "SECONDARY"):
            self.run("start", name)

    def signal(self, name, number):
        """At once, without the farm command's own start-up time; returns when the signal has been obeyed: until
        its last thread stops, a server still takes part in its cluster."""
        pid = self.data["servers"][name]["process"]["pid"]
        os.kill(pid, number)
        wanted = {signal.SIGKILL: "ZX", signal.SIGSTOP: "TZX", signal.SIGCONT: "RSDZX"}[number]
        while not self._threads_in(pid, wanted):
            pass

    @staticmethod
    def _threads_in(pid, states):
        try:
            tasks = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
            return all((task / "stat").read_text().rpartition(")")[2].split()[0] in states for task in tasks)
        except (FileNotFoundError, ProcessLookupError):
            return states.startswith("Z") or not pathlib.Path(f"/proc/{pid}").exists()


class FarmCase(unittest.TestCase):
    """The tests of a module share the farm."""

    farm = None

    @classmethod
    def setUpClass(cls):
        if FarmCase.farm is None:
            FarmCase.farm = Farm()
            unittest.addModuleCleanup(FarmCase.leave_farm)

    @staticmethod
    def leave_farm():
        FarmCase.farm.close()
        FarmCase.farm = None
