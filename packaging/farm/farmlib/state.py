"""A farm's folder: DIR/farm.json, the lock, and where everything lies.

    DIR/farm.json          ports, stages done, process identities
    DIR/odbc/              odbc.ini, odbcinst.ini
    DIR/servers/NAME/      my.cnf, error.log, tmp/, data/
    DIR/run/NAME.sock      Unix sockets and pid files

Where DIR is too long or not plain, the servers come by an alias: /tmp/farm-XXXX/d is a symbolic link to DIR, and the
my.cnf files lie beside it, since mariadbd tells Galera's shell script where such a file really is.
"""

import fcntl
import json
import os
import pathlib
import re
import shlex
import shutil
import stat
import tempfile
import threading

from . import plan
from .account import Account
from .report import FarmError

FORMAT = 1
LONGEST_SOCKET = 100  # sun_path holds 107 bytes
# What goes through my.cnf and Galera's shell script unharmed.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")


class Farm:
    """Everything known of one farm. Made by `open_farm`, which holds the folder's lock."""

    def __init__(self, directory, data):
        self.directory = directory
        self.data = data
        self.reserved = None  # ports held by create_farm until each server starts
        self.lock = None
        self._saving = threading.RLock()  # servers are started by several threads

    @property
    def account(self):
        return Account(**self.data["account"])

    def port(self, name):
        return self.data["servers"][name]["port"]

    def galera_ports(self, name):
        return self.data["servers"][name]["galera"]

    def address(self, name):
        return f"127.0.0.1:{self.port(name)}"

    def identity(self, name):
        return self.data["servers"][name].get("process")

    def set_identity(self, name, identity):
        with self._saving:
            self.data["servers"][name]["process"] = identity
            self.save()

    def stage(self, name):
        """What set_stage() recorded, in this run or an earlier one; None when nothing was."""
        return self.data["stages"].get(name)

    def set_stage(self, name, value=True):
        with self._saving:
            self.data["stages"][name] = value
            self.save()

    def server_dir(self, name):
        """As the servers see it: through the alias when the true path is too long or not plain."""
        return pathlib.Path(self.data["alias"] or self.directory) / "servers" / name

    def config_file(self, name):
        if self.data["alias"]:
            return pathlib.Path(self.data["alias"]).parent / f"{name}.cnf"
        return self.server_dir(name) / "my.cnf"

    def socket(self, name):
        return str(pathlib.Path(self.data["alias"] or self.directory) / "run" / f"{name}.sock")

    def pid_file(self, name):
        return self.directory / "run" / f"{name}.pid"

    def error_log(self, name):
        return self.directory / "servers" / name / "error.log"

    def save(self):
        """Replaces farm.json whole, so that a farm command killed at any moment leaves a valid one."""
        path = self.directory / "farm.json"
        fresh = path.with_suffix(".new")
        with self._saving:
            with open(fresh, "w", encoding="utf-8") as file:
                json.dump(self.data, file, indent=1)
            os.chmod(fresh, 0o644)
            os.replace(fresh, path)

    def make_folders(self):
        for name in ("servers", "odbc", "run"):
            (self.directory / name).mkdir(exist_ok=True)
            os.chmod(self.directory / name, 0o755)
        self.account.own(self.directory / "run")

    def refresh_alias(self):
        """A short, plain way to the folder: a symbolic link in a folder of our own under /tmp."""
        longest = max(len(one.name) for one in plan.SERVERS) + len("/run/.sock")
        text = str(self.directory)
        if PLAIN_PATH.fullmatch(text) and len(os.fsencode(text)) + longest <= LONGEST_SOCKET:
            self.data["alias"] = None
            return
        if not self._alias_holds():
            folder = tempfile.mkdtemp(prefix="farm-", dir="/tmp")
            os.chmod(folder, 0o755)
            os.symlink(self.directory, os.path.join(folder, "d"))
            self.data["alias"] = os.path.join(folder, "d")

    def drop_alias(self):
        alias = self.data["alias"]
        if alias is not None and self._alias_holds():
            shutil.rmtree(os.path.dirname(alias))

    def _alias_holds(self):
        """Others may write to /tmp: only a folder and a link of our own count."""
        alias = self.data["alias"]
        if alias is None:
            return False
        try:
            folder, link = os.lstat(os.path.dirname(alias)), os.lstat(alias)
            return (stat.S_ISDIR(folder.st_mode) and folder.st_uid == os.geteuid() == link.st_uid
                    and os.readlink(alias) == str(self.directory))
        except OSError:
            return False


def _lock(directory):
    """Holds the folder's lock until this process ends; the descriptor is not inherited by servers."""
    descriptor = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FarmError(f"Another farm command is at work on {directory}: let it end, then try again.") from None
    return descriptor


def _check_owner(path, name, advice):
    owner = os.stat(path).st_uid
    if owner != os.geteuid():
        raise FarmError(f"{name} belongs to user number {owner}: {advice}.")


def _load(directory):
    path = directory / "farm.json"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FarmError(f"There is no farm in {directory}: make one by"
                        f" `farm up {shlex.quote(str(directory))}`.") from None
    except PermissionError:
        raise FarmError(f"{path} may not be read by this user: run farm as the user who made it.") from None
    except OSError as error:
        raise FarmError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise FarmError(f"{path} was written by another version of farm: use a new folder.")
    except (ValueError, KeyError, TypeError):
        raise FarmError(f"{path} is damaged: stop its servers by hand and use a new folder.") from None
    return Farm(directory, data)


def read_farm(directory):
    """The farm as it is, without a lock: for commands that only look."""
    return _load(pathlib.Path(directory).resolve())


def open_farm(directory):
    """The farm in `directory`, locked for this process."""
    directory = pathlib.Path(directory).resolve()
    farm = _load(directory)
    _check_owner(directory / "farm.json", f"The farm in {directory}", "run farm as that user")
    lock = _lock(directory)
    farm = _load(directory)  # what was read before the lock was held may be old
    farm.lock = lock
    return farm


def create_farm(directory, account, reserved):
    """A new, locked farm in an empty or missing folder, with ports chosen; nothing runs yet."""
    directory = pathlib.Path(directory).resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(entry.name not in (".lock", "farm.new") for entry in directory.iterdir()):
            raise FarmError(f"{directory} is not empty and is no farm: choose another folder.")
    except OSError as error:
        raise FarmError(f"{directory} cannot be used: {error.strerror}. Choose another folder.") from None
    _check_owner(directory, directory, "choose another folder")  # who could exchange what lies in it
    os.chmod(directory, 0o755)
    lock = _lock(directory)
    if (directory / "farm.json").exists():
        farm = _load(directory)
        farm.lock = lock
        return farm
    servers = {}
    for one in plan.SERVERS:
        entry = {"port": reserved.take(), "group": one.group, "uuid": one.uuid, "process": None}
        if one.galera:
            entry["galera"] = {"group": reserved.take(), "ist": reserved.take(), "sst": reserved.take()}
        servers[one.name] = entry
    data = {"format": FORMAT, "account": vars(account).copy(), "alias": None, "driver": None, "stages": {},
            "servers": servers}
    farm = Farm(directory, data)
    farm.lock, farm.reserved = lock, reserved
    farm.save()
    return farm
