#!/usr/bin/python3
"""LibreOffice, Qt, GDAL, Poco and iODBC on the farm, one kill of its primary under all of them (docs/clients.md)."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from client_case import BIG, DATA, HEAD, LIMIT, PROGRAMS, WORD, ClientCase, Program, documented

PYTHON = "/usr/bin/python3"
BUILT = tempfile.TemporaryDirectory(prefix="clients-built-")
TABLES, ROW, ROLLED_BACK, COMMITTED = HEAD
MILLISECONDS = ROW.replace("123456|", "123|")  # of a moment


def shown(start):
    """The documented transcript whose command starts so: the command, and what it prints."""
    block = next(block for block in documented("console") if block.startswith(f"$ {start}"))
    command, _, printed = block.removeprefix("$ ").partition("\n")
    return command, printed


class DesktopClients(ClientCase):
    programs = (
        Program("libreoffice", (PYTHON, "libreoffice_client.py"), head=(
            TABLES, ROW, "sheet: | big | price | moment | word | data | nothing",
            f"sheet: | 9.22337203685478E+018 | 1.23456789012346E+015 | 11/26/26 11:59 PM | {WORD} | #N/A | ",
            ROLLED_BACK, COMMITTED)),
        Program("qt", (PYTHON, "qt_client.py"), head=(TABLES, MILLISECONDS, ROLLED_BACK, COMMITTED),
                error=re.compile(r"error: 1146 .*Table '.*nowhere' doesn't exist")),
        Program("gdal", (PYTHON, "gdal_client.py"), head=(
            TABLES, "types: Integer64 Real DateTime String Binary Integer",
            f"row: {BIG}|1234567890123456.8|2026/11/26 23:59:59.123|{WORD}|{DATA}|NULL", ROLLED_BACK, COMMITTED),
                error=re.compile(r"error: \[S0002\].*Table '.*nowhere' doesn't exist\(1146\)")),
        Program("poco", (str(pathlib.Path(BUILT.name) / "poco_client"),),
                head=(TABLES, MILLISECONDS, ROLLED_BACK, COMMITTED)),
        Program("iodbc", ("bash", "iodbc_client.sh")),
    )

    @classmethod
    def setUpClass(cls):
        compiler = shown("c++")[0].partition(" && ")[0].split()
        compiler[compiler.index("-o") + 1] = str(pathlib.Path(BUILT.name) / "poco_client")
        subprocess.run(compiler, cwd=PROGRAMS, check=True)
        super().setUpClass()

    @classmethod
    def environment(cls, program):
        environment = super().environment(program)
        if program.name == "gdal":
            more = next(text for text in documented("ini") if "ANSI_QUOTES" in text)
            with open(environment["ODBCINI"], "a", encoding="utf-8") as ini:
                ini.write(more)
        if program.name == "iodbc":
            cls.use_driver(environment["ODBCINI"], cls.library().with_name("libfabricodbca.so"))
        return environment

    @classmethod
    def library(cls):
        return pathlib.Path(cls.farm.data["driver"])

    @staticmethod
    def use_driver(ini, library):
        path = pathlib.Path(ini)
        text = re.sub(r"^(Driver *=).*", rf"\1 {library}", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")

    def test_iodbc_with_the_driver_of_unixodbc_fails_and_does_not_crash(self):
        iodbc = next(program for program in self.programs if program.name == "iodbc")
        environment = self.environment(iodbc)
        self.use_driver(environment["ODBCINI"], self.library())
        done = subprocess.run(["iodbctest", "DSN=shop"], input=b"SELECT 1\nquit\n", env=environment, capture_output=True,
                              timeout=LIMIT, check=False)
        self.assertGreaterEqual(done.returncode, 0, done)  # no signal
        self.assertIn(b"SQLDriverConnect = ", done.stderr)

    def test_gdal_tools(self):
        gdal = next(program for program in self.programs if program.name == "gdal")
        command, printed = shown("ogr2ogr")
        done = subprocess.run(command, shell=True, env=self.environment(gdal), capture_output=True, timeout=LIMIT,
                              encoding="utf-8", check=False)
        self.assertEqual((done.returncode, done.stdout), (0, printed), done)


def tearDownModule():
    BUILT.cleanup()


if __name__ == "__main__":
    unittest.main(verbosity=2)
