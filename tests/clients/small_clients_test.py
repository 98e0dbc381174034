#!/usr/bin/python3
"""The clients that are quick to install and to run, on the farm, one kill of its primary under all of them.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import unittest

from client_case import ClientCase, Program

PYTHON = "/usr/bin/python3"


class SmallClients(ClientCase):
    programs = (
        Program("pyodbc", (PYTHON, "pyodbc_client.py")),
    )


if __name__ == "__main__":
    unittest.main(verbosity=2)
