#!/usr/bin/python3
"""Clients that take long to install, of Debian or by npm, on the farm, one kill of its primary under all of them.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import os
import shutil
import subprocess
import unittest

from client_case import PROGRAMS, REPOSITORY, ClientCase, Program

NODE = REPOSITORY / "build" / "clients" / "node"
ODBC_OF_NPM = "odbc@2.6.0"


class SlowClients(ClientCase):
    programs = (
        Program("r", ("Rscript", "rodbc_client.R")),
        Program("erlang", ("escript", "erlang_client.escript")),
        Program("node", ("node", str(NODE / "odbc_client.mjs"))),
    )

    @classmethod
    def setUpClass(cls):
        NODE.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROGRAMS / "odbc_client.mjs", NODE)
        if not (NODE / "node_modules" / "odbc").exists():
            # Built from source, with the headers of the node that runs it: its binaries lie at GitHub.
            subprocess.run(["npm", "install", "--prefix", NODE, "--cache", NODE / "cache", "--no-audit", "--no-fund",
                            ODBC_OF_NPM], check=True, timeout=550,
                           env={**os.environ, "npm_config_build_from_source": "true", "npm_config_nodedir": "/usr"})
        super().setUpClass()


if __name__ == "__main__":
    unittest.main(verbosity=2)
