"""Where the blocks of one page are run: a folder with odbc.ini and odbcinst.ini, programs in its PATH, what the page calls
its servers, accounts and files replaced by what they are here."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile

import pages
from one_server import OneServer

DRIVER = "MySQL Fabric ODBC"
LIMIT = 60  # seconds
INI = "/home/ann/.odbc.ini"  # as the pages call it

MASKS = ((r"\d+\.\d+\.\d+\.\d+:\d+|\b(?:localhost|db\d|node\d|n\d):\d+", "ADDRESS"),
         (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"), (r"\[\d+\]", "[PID]"), (r"\b\d+(?:\.\d+)? (ms|s)\b", r"N \1"))


def masked(text):
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text.strip()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Place:
    shared = None  # the server

    @classmethod
    def stop(cls):
        if cls.shared:
            cls.shared.stop()
            cls.shared = None

    def __init__(self, names=None):
        """`names`: what stands in a page (a regular expression) -> what it is here; without them the page has a server
        beside the farm, which serve() starts."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="docs-test-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.ini = self.folder / ".odbc.ini"
        self.server = None
        self.port = free_port()
        alone = {r"\bdb1\.example\b": "localhost", r":3306\b": f":{self.port}",
                 r"(?m)^(PORT\s*= )3306": rf"\g<1>{self.port}"}
        self.names = {re.escape(INI): str(self.ini), "/etc/mysql/tls": str(self.folder),
                      r"/etc/fabric-farm\.ini": str(self.folder / "farm.ini"), **(alone if names is None else names)}
        self.said = ""  # by the last block that said something
        driver = os.environ["FABRIC_ODBC_DRIVER"]
        (self.folder / "odbcinst.ini").write_text(f"[{DRIVER}]\nDriver = {driver}\nThreading = 0\n", encoding="utf-8")
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "fabricctl").symlink_to(os.environ["FABRICCTL"])
        (programs / "python3").symlink_to("/usr/bin/python3")  # the one that Debian's pyodbc belongs to
        # unixODBC looks for a home in /etc/passwd, not in HOME.
        self.environment = {**os.environ, "HOME": str(self.folder), "ODBCSYSINI": str(self.folder),
                            "ODBCINI": str(self.ini), "PYTHONUTF8": "1", "PATH": f"{programs}:{os.environ['PATH']}"}

    def serve(self, options=()):
        """A MariaDB server, which all such pages share, and the command line client's way to it."""
        options = ["--skip-networking=0", "--bind-address=127.0.0.1", f"--port={self.port}", *options]
        if Place.shared is None:
            Place.shared = OneServer(options)
        else:
            Place.shared.restart(options)
        self.server = Place.shared
        (self.folder / ".my.cnf").write_text(f"[client]\nsocket = {self.server.socket}\nuser = root\n", encoding="utf-8")
        if not (self.folder / "fabric").exists():
            (self.folder / "fabric").symlink_to(pages.ROOT / "fabric")

    def query(self, text):
        """As the server's administrator: the result sets."""
        with self.server.session() as session:
            return session.query(text)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def here(self, text):
        for pattern, value in self.names.items():
            text = re.sub(pattern, value, text)
        return text

    def add_source(self, text):
        """A section of odbc.ini; the names of those that it holds."""
        with open(self.ini, "a", encoding="utf-8") as ini:
            ini.write(self.here(text) + "\n")
        self.ini.chmod(0o600)
        return re.findall(r"(?m)^\[(\w+)\]", text)

    def run(self, *command, text=None):
        """What it writes to stdout, or to stderr if it fails; kept in `said`."""
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=self.folder, timeout=LIMIT,
                              env=self.environment, check=False)
        assert done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}"
        self.said = done.stdout
        return done.stdout

    def shell(self, text):
        return self.run("bash", "-euo", "pipefail", "-c", self.here(text))

    def isql(self, source, text):
        """The first line of an error, else the rows."""
        done = subprocess.run(["isql", "-v", "-b", "-d,", source], input=text, capture_output=True, text=True,
                              cwd=self.folder, timeout=LIMIT, env=self.environment, check=False)
        return done.stdout if done.returncode == 0 else (done.stdout + done.stderr).splitlines()[0]

    def python(self, text, more=""):
        return self.run("python3", "-c", self.here(text) + more)

    def php(self, text, more=""):
        return self.run("php", text=self.here(text) + more)

    def c(self, text):
        """A program whose main() is `text`, with dbc and stmt of the data source shop."""
        source = ('#include <sql.h>\n#include <sqlext.h>\n#include <fabric_odbc.h>\n#include <stdio.h>\n'
                  'int main(void) {\n  SQLHENV env; SQLHDBC dbc; SQLHSTMT stmt;\n'
                  '  SQLAllocHandle(SQL_HANDLE_ENV, 0, &env);\n'
                  '  SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);\n'
                  '  SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);\n'
                  '  if (!SQL_SUCCEEDED(SQLDriverConnect(dbc, 0, (SQLCHAR *)"DSN=shop", SQL_NTS, 0, 0, 0, 0))) return 1;\n'
                  '  SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt);\n' + text +
                  '  if (!SQL_SUCCEEDED(SQLFetch(stmt))) return 2;\n  SQLFreeHandle(SQL_HANDLE_STMT, stmt);\n'
                  '  SQLDisconnect(dbc);\n  return 0;\n}\n')
        self.run("cc", "-Wall", "-Wno-pointer-sign", "-Werror", "-x", "c", "-", "-o", "program", "-lodbc",
                 f"-I{pages.ROOT / 'driver' / 'include'}", text=source)
        self.run("./program")

