#!/usr/bin/python3
"""The clients that are quick to install and to run, on the farm, one kill of its primary under all of them.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import re
import unittest

from client_case import ClientCase, Program

PYTHON = "/usr/bin/python3"
NO_NATIVE_CODE = re.compile(r"error: .*(42S02|S0002).*Table '.*nowhere' doesn't exist")
NO_CODE = re.compile(r"error: .*Table '.*nowhere' doesn't exist")


class SmallClients(ClientCase):
    programs = (
        Program("isql", ("bash", "isql_client.sh", "isql -v -3"), error=NO_NATIVE_CODE),
        # It widens each byte of its input by itself, so that the word is not what is stored.
        Program("iusql", ("bash", "isql_client.sh", "iusql -v"), error=NO_CODE, stores_kinds=False),
        Program("pyodbc", (PYTHON, "pyodbc_client.py")),
        Program("sqlalchemy", (PYTHON, "sqlalchemy_client.py")),
        Program("php", ("php", "odbc_client.php"), error=NO_NATIVE_CODE),
        Program("pdo", ("php", "pdo_client.php"), error=NO_NATIVE_CODE),
        Program("perl", ("perl", "dbd_client.pl"), error=NO_NATIVE_CODE),
        Program("tcl", ("tclsh", "tdbc_client.tcl")),
    )


if __name__ == "__main__":
    unittest.main(verbosity=2)
