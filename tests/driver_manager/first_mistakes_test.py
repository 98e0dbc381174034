#!/usr/bin/python3
"""What a new user does wrong first, tried with isql as a new user would: the message alone says how to mend it."""

import http.server
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest

from odbc_server import PASSWORD, OdbcServer

LIMIT = 60  # seconds
QUICK = "CONN_TIMEOUT = 1s\nFAILOVER_TIMEOUT = 4s\nFABRIC_TIMEOUT = 1s\nFABRIC_ATTEMPTS = 1\n"


class Silence(http.server.BaseHTTPRequestHandler):
    def log_message(self, format, *arguments):  # pylint: disable=redefined-builtin
        pass


class FirstMistakes(unittest.TestCase):
    HOSTS = "SELECT host FROM mysql.user WHERE user = 'new' tells"

    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)
        cls.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silence)
        threading.Thread(target=cls.web.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.web.server_close)
        cls.addClassCleanup(cls.web.shutdown)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mistakes-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.driver = os.environ["FABRIC_ODBC_DRIVER"]

    def isql(self, entries):
        """The first thing that isql says of why it could not connect."""
        (self.folder / "odbcinst.ini").write_text(f"[fabric]\nDriver = {self.driver}\nThreading = 0\n")
        (self.folder / "odbc.ini").write_text(f"[new]\nDriver = fabric\n{QUICK}{entries}")
        environment = {**os.environ, "ODBCSYSINI": str(self.folder), "ODBCINI": str(self.folder / "odbc.ini")}
        done = subprocess.run(["isql", "new", "-b", "-v"], input="SELECT 1\n", capture_output=True, text=True,
                              env=environment, timeout=LIMIT, check=False)
        self.assertNotEqual(done.returncode, 0, done)
        said = done.stdout + done.stderr
        self.assertNotIn(PASSWORD, said)
        return said.strip().splitlines()[0]

    def expect(self, entries, *words):
        said = self.isql(entries)
        for word in words:
            self.assertIn(word, said)

    def sql(self, *statements):
        with self.server.session() as session:
            for statement in statements:
                session.query(statement)

    def plain(self, user="app", password=PASSWORD):
        return f"SOCKET = {self.server.socket}\nUID = {user}\nPWD = {password}\n"

    def account(self, *statements):
        self.sql("CREATE OR REPLACE USER new@localhost IDENTIFIED BY 'newpw'", *statements)
        return self.plain("new", "newpw")

    def test_a_misspelt_keyword(self):
        self.expect(f"SERVR = db.example\nSERVER = 127.0.0.1\nPORT = {self.free_port()}\n",
                    "[08001]", "nobody listens there", "'SERVR' is not known: did you mean SERVER?")

    def test_no_server(self):
        self.expect(f"PORT = {self.free_port()}\nUID = app\n", "localhost", "nobody listens there",
                    "no SERVER is given: name it, or FABRIC_NODES of a farm")

    def test_a_misspelt_keyword_that_others_need(self):
        self.expect("FABRIC_NODS = a:32275\nFABRIC_GROUP = g1\n", "FABRIC_GROUP is given without FABRIC_NODES",
                    "did you mean FABRIC_NODES?")

    def test_an_http_server_on_the_mysql_port(self):
        self.expect(f"SERVER = 127.0.0.1\nPORT = {self.web.server_port}\nUID = app\n",
                    "says nothing", "no MySQL server (HTTP?)", "check host and port")

    def test_an_http_server_as_a_node_that_speaks_mysql(self):
        self.expect(f"FABRIC_NODES = 127.0.0.1:{self.web.server_port}\nFABRIC_PROTOCOL = mysql\nFABRIC_GROUP = g\n"
                    "UID = app\n", "no answer to the login", "FABRIC_PROTOCOL=xmlrpc")

    def test_a_mysql_server_on_the_xmlrpc_port(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            greeting = b"\x4a\0\0\0\x0a5.5.5-10.11.6-MariaDB\0" + bytes(50)

            def greet():
                try:
                    while True:
                        with server.accept()[0] as peer:
                            peer.sendall(greeting)
                            peer.recv(65536)  # it is no login: a server hangs up
                except OSError:
                    pass

            threading.Thread(target=greet, daemon=True).start()
            self.expect(f"FABRIC_NODES = 127.0.0.1:{server.getsockname()[1]}\nFABRIC_PROTOCOL = xmlrpc\n"
                        "FABRIC_GROUP = g\nUID = app\n", "does not speak HTTP", "FABRIC_PROTOCOL=mysql")

    def test_a_driver_whose_library_is_missing(self):
        """The driver manager opens the library, and says less than it could: the doctor says it."""
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "/dev/null", "-o", self.folder / "libPocoZoo.so.80"],
                       check=True)
        self.driver = self.folder / "libfabricodbc.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-x", "c", "/dev/null", "-o", self.driver,
                        f"-L{self.folder}", "-l:libPocoZoo.so.80"], check=True)
        (self.folder / "libPocoZoo.so.80").unlink()
        self.expect(self.plain(), "Can't open lib")

    def test_a_driver_without_the_library_of_xmlrpc(self):
        self.driver = self.folder / "libfabricodbc.so"
        shutil.copy(os.environ["FABRIC_ODBC_DRIVER"], self.driver)
        node = "FABRIC_NODES = 127.0.0.1:32274\nFABRIC_GROUP = g\nUID = app\n"
        library = self.folder / "libfabricodbc_xmlrpc.so"
        self.expect(node, "XML-RPC is not available", f"{library}: cannot open", "install fabric-odbc again")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library], check=True,
                       input=b'const char *const fabric_odbc_xmlrpc[] = {"0.0.1", 0};')
        self.expect(node, f"{library} is not of this driver's version")

    def test_rights_on_no_database(self):
        self.expect(self.account() + "DATABASE = test\n", "Access denied", "GRANT 'new'@'localhost' rights")

    def test_a_database_that_is_not_there(self):
        self.expect(self.plain() + "DATABASE = nowhere\n", "Unknown database", "check DATABASE")

    def test_an_expired_password(self):
        self.expect(self.account("ALTER USER new@localhost PASSWORD EXPIRE"), "the password of 'new' has expired",
                    "ALTER USER 'new'@'HOST' IDENTIFIED BY '...', HOST being what " + self.HOSTS)

    def test_a_locked_account(self):
        self.expect(self.account("ALTER USER new@localhost ACCOUNT LOCK"), "the account of 'new' is locked",
                    "ALTER USER 'new'@'HOST' ACCOUNT UNLOCK, HOST being what " + self.HOSTS)

    def test_a_wrong_password(self):
        self.expect(self.account().replace("newpw", "wrong"), "refused the login", "check UID and PWD")

    def test_an_account_for_another_host(self):
        self.expect(self.account("CREATE OR REPLACE USER new@'10.0.0.1' IDENTIFIED BY 'newpw'",
                                 "DROP USER new@localhost"), "refused the login", "that the account is for this host")
        self.sql("DROP USER new@'10.0.0.1'")

    def test_an_account_without_a_password(self):
        self.expect(self.account("ALTER USER new@localhost IDENTIFIED VIA unix_socket"), "refused the login",
                    "this account takes no password")

    def test_a_line_without_an_equals_sign(self):
        self.expect(self.plain().replace("PWD =", "PWD:"), "refused the login", "No '=' follows the keyword 'PWD'")

    def test_tls_that_the_server_does_not_have(self):
        self.expect(self.plain() + "SSLMODE = REQUIRED\n", "offers no TLS", "give it a certificate",
                    "SSLMODE=PREFERRED instead lets whoever listens read it all")

    def test_tls_that_nobody_vouches_for(self):
        self.expect(self.plain() + "SSLMODE = VERIFY_CA\n", "name it in SSLCA")
        self.expect(self.plain() + "SSLCA = /nowhere/ca.pem\n", "SSLCA=/nowhere/ca.pem cannot be read")

    @staticmethod
    def free_port():
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return one.getsockname()[1]


if __name__ == "__main__":
    unittest.main()
