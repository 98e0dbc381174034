#!/usr/bin/python3
"""What README.md shows, word for word but for addresses and passwords, on the demo farm.

FABRIC_ODBC_DRIVER names the driver; FABRIC_FARM_DIR lends a farm that runs already.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from farm_case import FarmCase  # noqa: E402  (the path above comes first)


def block(language, mention):
    """The code block of that language with `mention` in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return next(text for text in blocks if mention in text)


class Readme(FarmCase):
    def test_its_program_runs_on_its_data_source(self):
        dsn = block("ini", "[orders]").replace("FABRIC_PASSWORD = secret", "FABRIC_PASSWORD = fabricpw")
        dsn = dsn.replace("PWD             = secret", "PWD             = apppw")
        for place, name in (("node1:32275", "g1a"), ("node2:32275", "g1b")):
            dsn = dsn.replace(place, f"127.0.0.1:{self.farm.port(name)}")
        ini = self.farm.directory / "odbc" / "readme.ini"
        ini.write_text(dsn, encoding="utf-8")
        self.addCleanup(ini.unlink)
        with self.farm.session("g1a") as session:
            self.addCleanup(self.forget, session.rows("SELECT MAX(id) FROM demo.items")[0][0])
        done = subprocess.run([sys.executable, "-c", block("python", "DSN=orders")], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "ODBCSYSINI": str(ini.parent), "ODBCINI": str(ini)}, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("('Lamp', Decimal('61.00'))", done.stdout)

    def forget(self, last):
        with self.farm.session("g1a") as session:
            session.query(f"DELETE FROM demo.items WHERE id > {last}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
