"""A MariaDB server of a test's own and a private ODBC configuration whose DSN `plain` leads to it, for
programs that are not ours: isql and pyodbc. The environment names the driver (FABRIC_ODBC_DRIVER)."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from one_server import OneServer  # noqa: E402

PASSWORD = "apppw"


class OdbcServer:
    """Use the environment of `environment` for processes, or call use() once before the first connect."""

    def __init__(self):
        self._server = OneServer()
        with self._server.session() as session:
            session.query("CREATE DATABASE test DEFAULT CHARACTER SET utf8mb4")
            session.query(f"GRANT ALL ON *.* TO app@localhost IDENTIFIED BY '{PASSWORD}'")
        folder = self._server.folder
        os.chmod(folder, 0o755)
        (folder / "odbcinst.ini").write_text(
            f"[fabric]\nDriver = {os.environ['FABRIC_ODBC_DRIVER']}\nThreading = 0\n")
        (folder / "odbc.ini").write_text(
            f"[plain]\nDriver = fabric\nSERVER = localhost\nSOCKET = {self._server.socket}\nUID = app\n"
            f"PWD = {PASSWORD}\nDATABASE = test\n")
        self.settings = {"ODBCSYSINI": str(folder), "ODBCINI": str(folder / "odbc.ini")}

    @property
    def environment(self):
        return {**os.environ, **self.settings}

    def use(self):
        os.environ.update(self.settings)

    def session(self):
        """As its administrator."""
        return self._server.session()

    @property
    def socket(self):
        return self._server.socket

    def stop(self):
        self._server.stop()
