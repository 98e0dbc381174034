#!/usr/bin/python3
"""The library of XML-RPC in a process: where it is found, and who ends first."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

DRIVER = pathlib.Path(os.environ["FABRIC_ODBC_DRIVER"])
LIBRARY = DRIVER.with_name("libfabricodbc_xmlrpc.so")
LIMIT = 60  # seconds
CONNECT = """
import os, pyodbc
def connect(driver, node):
    try:
        pyodbc.connect(f"DRIVER={driver};UID=app;FABRIC_NODES=127.0.0.1:1;FABRIC_PROTOCOL={node};FABRIC_GROUP=g;"
                       "FABRIC_ATTEMPTS=1;FABRIC_TIMEOUT=1s;FAILOVER_TIMEOUT=1s;CONN_TIMEOUT=1s")
    except pyodbc.Error as error:
        print(error.args[1])
"""
NAME_THREADS_AT_EXIT = b"""
#include <stdlib.h>
const char *const fabric_odbc_xmlrpc[] = {"0.0.1", 0};
static void name_threads(void) {
  if (system("cat /proc/$PPID/task/*/comm")) abort();
}
__attribute__((constructor)) static void loaded(void) { atexit(name_threads); }
"""


class XmlRpcLibrary(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xmlrpc-library-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.driver = self.folder / DRIVER.name
        self.library = self.folder / LIBRARY.name
        shutil.copy(DRIVER, self.driver)

    def python(self, program):
        done = subprocess.run([sys.executable, "-c", CONNECT + program], capture_output=True, text=True, timeout=LIMIT,
                              cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout.splitlines()

    def test_is_found_where_the_driver_was_when_it_was_loaded(self):
        shutil.copy(LIBRARY, self.library)
        said = self.python("connect('./libfabricodbc.so', 'mysql')\n"
                           "os.chdir('/')\n"
                           "connect('./libfabricodbc.so', 'xmlrpc')")
        self.assertIn("nobody listens there", said[-1])

    def test_ends_after_the_threads_that_use_it(self):
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", self.library], check=True,
                       input=NAME_THREADS_AT_EXIT)
        said = self.python("connect('./libfabricodbc.so', 'xmlrpc')")
        self.assertIn("is not of this driver's version", said[0])
        self.assertEqual(said[2:], ["fabric-watchdog"], "which uses it not")


if __name__ == "__main__":
    unittest.main()
