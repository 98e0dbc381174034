"""One MariaDB server of a test's own: a Unix socket, TCP only where `options` say so, gone with the test."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from mysql_session import Session, SqlError

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODE_FILES = sorted((ROOT / "fabric" / "node").glob("*.sql"))
START_LIMIT = 60  # seconds


def install_node(socket, user="root"):
    """As docs/node.md says: each file through the command line client, in order."""
    for file in NODE_FILES:
        with open(file, "rb") as text:
            subprocess.run(["mariadb", "--no-defaults", f"--socket={socket}", f"--user={user}"], stdin=text,
                           check=True, capture_output=True)


def data_file(name):
    """A captured answer or a vector file."""
    for found in (ROOT / "tests" / "data").glob(f"**/{name}"):
        return found
    raise FileNotFoundError(f"{name} is not under tests/data")


class OneServer:
    def __init__(self, options=()):
        self._options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="node-test-", dir="/tmp"))
        self.socket = self.folder / "sock"
        self._drop = {}
        if os.geteuid() == 0:
            user = next(pwd.getpwnam(name) for name in ("mysql", "nobody") if self._exists(name))
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._drop = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._process = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def _exists(name):
        try:
            return pwd.getpwnam(name) is not None
        except KeyError:
            return False

    def _start(self):
        with open(self.folder / "log", "wb") as log:
            try:
                if not (self.folder / "data").exists():
                    self._install(log)
                self._launch(log)
            except subprocess.CalledProcessError:
                raise RuntimeError(self._log_end()) from None
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                self.session().close()
                return
            except SqlError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self._log_end()) from None
                time.sleep(0.05)

    def restart(self, options):
        """On the same data."""
        self._process.terminate()
        self._process.wait()
        self._options = options
        self._start()

    @property
    def _small(self):
        # A server removes the temporary tables that it finds in its tmpdir when it starts, other servers' too.
        return [f"--datadir={self.folder}/data", f"--tmpdir={self.folder}", "--innodb-log-file-size=16M",
                "--innodb-use-native-aio=OFF"]

    def _install(self, log):
        subprocess.run(["mariadb-install-db", "--no-defaults", "--basedir=/usr", "--skip-test-db",
                        "--auth-root-authentication-method=normal", *self._small],
                       stdout=log, stderr=subprocess.STDOUT, check=True, cwd="/", **self._drop)

    def _launch(self, log):
        self._process = subprocess.Popen(
            ["/usr/sbin/mariadbd", "--no-defaults", *self._small, f"--socket={self.socket}", "--skip-networking",
             f"--pid-file={self.folder}/pid", "--innodb-buffer-pool-size=16M", "--innodb-lock-wait-timeout=1",
             "--innodb-flush-log-at-trx-commit=0", "--report-host=db.example", "--report-port=3310",
             *self._options],
            stdout=log, stderr=subprocess.STDOUT, cwd="/", **self._drop)

    def _log_end(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def session(self, user="root"):
        return Session(socket=self.socket, user=user)

    def stop(self):
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
