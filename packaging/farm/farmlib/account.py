"""Which user the servers run as, and whether that user can reach the farm's folder.

Servers never run as root: mariadbd refuses, and Galera's rsync transfer fails."""

import dataclasses
import os
import pwd
import subprocess

from .report import FarmError

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclasses.dataclass(frozen=True)
class Account:
    """The user of the servers, and `admin`: the MariaDB account of whoever runs the farm command."""

    name: str
    uid: int
    gid: int
    admin: str

    def options(self):
        """Arguments for subprocess, so that the child is this user and inherits nothing it should not."""
        common = {"env": {"PATH": PATH, "LC_ALL": "C.UTF-8", "HOME": "/"}, "stdin": subprocess.DEVNULL, "cwd": "/"}
        if os.geteuid() == 0:
            return {**common, "user": self.uid, "group": self.gid, "extra_groups": []}
        return common

    def own(self, path):
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def choose():
    """The ordinary user who calls; for root, Debian's mysql or else nobody."""
    if os.geteuid() != 0:
        try:
            me = pwd.getpwuid(os.geteuid())
        except KeyError:
            raise FarmError(f"User number {os.geteuid()} has no name on this machine, and servers know their"
                            " administrator by name: run farm as a user of /etc/passwd.") from None
        return Account(me.pw_name, me.pw_uid, me.pw_gid, me.pw_name)
    for name in ("mysql", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return Account(user.pw_name, user.pw_uid, user.pw_gid, "root")
    raise FarmError("root may not run database servers, and this machine has neither a user mysql nor nobody:"
                    " run farm as an ordinary user.")


def check_reachable(account, directory):
    """Raises when `account` cannot enter `directory` or one above it, naming the one in the way."""
    for part in [*reversed(directory.parents), directory]:
        if not part.is_dir():
            return  # what is not there yet will be made, and what is no folder is complained of then
        allowed = subprocess.run(["/usr/bin/test", "-x", str(part)], check=False, **account.options())
        if allowed.returncode != 0:
            raise FarmError(f"The servers run as user {account.name}, who may not enter {part}: choose a farm"
                            f" folder elsewhere, such as /var/tmp/farm, or allow it by: chmod o+x '{part}'")
