#!/usr/bin/python3
"""`fabricctl doctor DSN` as a user types it: the ini files, the driver's file, exit codes, JSON, progress. A fix that
can be pasted into a shell is pasted into one, and then the doctor is asked again. FABRICCTL names the program."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from odbc_server import PASSWORD, OdbcServer

FABRICCTL = os.environ.get("FABRICCTL", "fabricctl")
DRIVER = os.environ["FABRIC_ODBC_DRIVER"]
LIMIT = 120  # seconds


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = OdbcServer()
        cls.addClassCleanup(cls.server.stop)
        cls.good = (pathlib.Path(cls.server.settings["ODBCINI"])).read_text()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="doctor-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "system").mkdir()
        self.user_ini = self.folder / "user.ini"
        self.system_ini = self.folder / "system" / "odbc.ini"
        self.drivers_ini = self.folder / "system" / "odbcinst.ini"
        self.write(self.user_ini, self.good)
        self.register(DRIVER)

    @staticmethod
    def write(path, text):
        path.write_text(text)
        path.chmod(0o600)

    def register(self, path, more="Threading = 0\n"):
        self.drivers_ini.write_text(f"[fabric]\nDriver = {path}\n{more}")

    def doctor(self, *arguments, more=None):
        environment = {**os.environ, "ODBCINI": str(self.user_ini), "ODBCSYSINI": str(self.folder / "system"),
                       **(more or {})}
        done = subprocess.run([FABRICCTL, "doctor", *arguments], capture_output=True, text=True, env=environment,
                              timeout=LIMIT, check=False)
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)
        return done

    def findings(self, dsn="plain", code=1):
        done = self.doctor(dsn, "--json")
        self.assertEqual(done.returncode, code, done)
        return json.loads(done.stdout)["findings"]

    def only(self, level, findings):
        """The one finding of that level."""
        found = [one for one in findings if one["level"] == level]
        self.assertEqual(len(found), 1, findings)
        return found[0]

    def paste(self, finding):
        self.assertEqual(finding["fix"]["where"], "in a shell")
        subprocess.run(["sh", "-c", finding["fix"]["lines"]], check=True)

    def expect_health(self):
        self.assertEqual({one["level"] for one in self.findings(code=0)} - {"note"}, {"ok"})

    def test_finds_nothing_where_all_is_well(self):
        done = self.doctor("plain")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(f"ok       DSN plain: is in {self.user_ini}, line 1\n", done.stdout)
        self.assertIn(f"ok       driver fabric: is in {self.drivers_ini}: {DRIVER}\n", done.stdout)
        self.assertIn("and all its libraries are here\n", done.stdout)
        self.assertIn("all keywords are known", done.stdout)
        self.assertTrue(done.stdout.endswith("no errors, no warnings\n"), done.stdout)

    def test_names_the_nearest_data_source(self):
        missing = self.only("error", self.findings("plane"))
        self.assertIn(f"'plane' is in no file: {self.user_ini} has [plain]; {self.system_ini} does not exist",
                      missing["text"])
        self.assertIn("did you mean 'plain'?", missing["fix"]["where"])

    def test_shows_what_to_write_where_there_is_no_data_source(self):
        self.user_ini.unlink()
        missing = self.only("error", self.findings("orders"))
        self.assertTrue(missing["fix"]["lines"].startswith("[orders]\nDriver = MySQL Fabric ODBC\n"))

    def test_says_which_of_two_counts(self):
        self.write(self.system_ini, self.good)
        twice = self.only("warning", self.findings(code=0))
        self.assertIn(f"is in {self.system_ini} too", twice["text"])
        self.user_ini.unlink()
        self.assertIn(f"is in {self.system_ini}, line 1", self.findings(code=0)[0]["text"])

    def test_corrects_a_misspelt_keyword(self):
        self.write(self.user_ini, self.good.replace("SOCKET", "SOKET"))
        misspelt = self.only("warning", self.findings())
        self.assertIn("did you mean SOCKET?", misspelt["text"])
        self.paste(misspelt)
        self.expect_health()

    def test_shows_no_value_of_a_misspelt_password(self):
        self.write(self.user_ini, self.good.replace("PWD", "PASWORD"))
        misspelt = self.only("warning", self.findings())
        self.paste(misspelt)
        self.expect_health()

    def test_removes_what_is_no_keyword_and_what_is_given_twice(self):
        self.write(self.user_ini, self.good + "ZEBRA = 1\n")
        self.paste(self.only("warning", self.findings(code=0)))
        self.expect_health()
        self.write(self.user_ini, self.good + "uid = other\n")
        self.paste(self.only("warning", self.findings(code=0)))
        self.expect_health()

    def test_keeps_the_numbers_of_lines_for_other_fixes(self):
        self.write(self.user_ini, self.good + "ZEBRA = 1\nuid = other\nFORWARD_CURSR = 0\n")
        warnings = [one for one in self.findings(code=0) if one["level"] == "warning"]
        self.assertEqual(len(warnings), 3)
        for warning in warnings:
            self.paste(warning)
        self.expect_health()

    def test_shows_nothing_of_a_line_without_an_equals_sign(self):
        self.write(self.user_ini, self.good + "PWD: hunter2\nPASSWORD hunter2\n")
        done = self.doctor("plain")
        self.assertNotIn("hunter2", done.stdout + done.stderr)

    def test_gives_a_line_its_equals_sign(self):
        for written in ("PWD: ", "PWD ", "PWD : "):
            self.write(self.user_ini, self.good.replace("PWD = ", written))
            line = next(one for one in self.findings() if one["level"] == "warning")
            self.assertIn("PWD: no '=' follows it", line["text"])
            self.paste(line)
            self.expect_health()

    def test_takes_off_what_odbc_ini_does_not_know(self):
        for written in ('"test"', "'test'", "{test}", "test ; the shop's", "test\t# the shop's"):
            self.write(self.user_ini, self.good.replace("DATABASE = test", f"DATABASE = {written}"))
            self.paste(self.only("warning", self.findings()))
            self.expect_health()

    def test_takes_a_password_as_it_stands_and_asks_about_its_quotes(self):
        self.write(self.user_ini, self.good.replace(f"PWD = {PASSWORD}", f'PWD = "{PASSWORD}"'))
        quoted = next(one for one in self.findings() if one["level"] == "note")
        self.assertIn("PWD: the quotes around it count", quoted["text"])
        self.paste(quoted)
        self.expect_health()
        self.write(self.user_ini, self.good.replace(f"PWD = {PASSWORD}", "PWD = a ; b"))
        self.assertNotIn("remark", self.doctor("plain").stdout)

    def test_takes_off_a_byte_order_mark(self):
        for encoding in ("utf-8-sig", "utf-16"):
            self.user_ini.write_bytes(self.good.encode(encoding))
            marked = self.only("error", self.findings())
            self.assertIn("begins with the byte order mark of UTF-", marked["text"])
            self.paste(marked)
            self.expect_health()

    def test_finds_a_data_source_among_the_drivers(self):
        self.user_ini.write_text("")
        self.drivers_ini.write_text(self.drivers_ini.read_text() + "\n" + self.good)
        missing = self.only("error", self.findings())
        self.assertIn(f"move the section [plain], line 5 of {self.drivers_ini}", missing["fix"]["where"])
        self.assertIn(f"to {self.user_ini}", missing["fix"]["where"])

    def test_measures_the_name_of_a_data_source(self):
        name = "n" * 33
        self.write(self.user_ini, self.good.replace("[plain]", f"[{name}]"))
        long = self.only("error", self.findings(name))
        self.assertIn("has a name of 33 bytes: unixODBC takes 32 at most", long["text"])
        self.assertEqual(long["fix"]["lines"], f"[{name[:32]}]")

    def test_says_what_contradicts_and_what_no_value_is(self):
        self.write(self.user_ini, self.good + "FABRIC_NODES = a:1\n")
        self.assertIn("are both given: drop", self.only("error", self.findings())["text"])
        self.write(self.user_ini, self.good + "POOL_TIMEOUT = soon\n")
        bad = self.only("error", self.findings())
        self.assertIn("POOL_TIMEOUT='soon' is not accepted", bad["text"])
        self.assertIn("in line 8 of", bad["fix"]["where"])

    def test_locks_a_file_with_a_password(self):
        self.user_ini.chmod(0o644)
        self.paste(self.only("warning", self.findings(code=0)))
        self.expect_health()

    def test_tells_a_driver_that_is_not_registered(self):
        self.write(self.user_ini, self.good.replace("Driver = fabric", "Driver = fabrik"))
        self.assertEqual(self.only("error", self.findings())["fix"]["lines"], "Driver = fabric")
        self.drivers_ini.unlink()
        self.assertIn("odbcinst -i -d -f", self.only("error", self.findings())["fix"]["lines"])
        self.write(self.user_ini, self.good.replace("Driver = fabric\n", ""))
        self.assertEqual(self.only("error", self.findings())["fix"]["lines"], "Driver = MySQL Fabric ODBC")

    def test_names_the_registered_driver_to_who_names_another(self):
        self.drivers_ini.write_text(f"[MySQL Fabric ODBC]\nDriver = {DRIVER}\nThreading = 0\n")
        for wrong in ("/nowhere/libfabricodbc.so", "MySQL", "libfabricodbc.so", str(self.user_ini)):
            self.write(self.user_ini, self.good.replace("Driver = fabric", f"Driver = {wrong}"))
            self.assertEqual(self.only("error", self.findings())["fix"],
                             {"where": f"in the section [plain] of {self.user_ini}", "lines": "Driver = MySQL Fabric ODBC"})

    def test_warns_of_a_driver_manager_that_lets_in_one_thread(self):
        self.register(DRIVER, "")
        self.assertEqual(self.only("warning", self.findings(code=0))["fix"]["lines"], "Threading = 0")
        self.register(DRIVER, "Threading = 3\n")
        self.assertIn("has Threading = 3", self.only("warning", self.findings(code=0))["text"])

    def test_tells_what_is_wrong_with_the_drivers_file(self):
        file = self.folder / "libfabricodbc.so"
        self.register(file)
        self.assertIn("does not exist", self.only("error", self.findings())["text"])
        file.write_text("no library")
        self.assertIn("is no shared library", self.only("error", self.findings())["text"])
        header = bytearray(pathlib.Path(DRIVER).read_bytes()[:4096])
        header[4] = 1  # ELFCLASS32
        header[18:20] = (3).to_bytes(2, "little")  # EM_386
        file.write_bytes(header)
        self.assertIn("is for a 32-bit i386 machine", self.only("error", self.findings())["text"])

    def test_names_the_package_of_a_missing_library(self):
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "/dev/null", "-o", self.folder / "libPocoZoo.so.80"],
                       check=True)
        file = self.folder / "libfabricodbc.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-x", "c", "/dev/null", "-o", file,
                        f"-L{self.folder}", "-l:libPocoZoo.so.80"], check=True)
        self.register(file)
        (self.folder / "libPocoZoo.so.80").unlink()
        missing = self.only("error", self.findings())
        self.assertIn("it needs libPocoZoo.so.80, which this machine does not have", missing["text"])
        self.assertEqual(missing["fix"]["lines"], "sudo apt-get install libpocozoo80")

    def test_warns_of_a_driver_without_the_library_of_xmlrpc(self):
        file = self.folder / "libfabricodbc.so"
        shutil.copy(DRIVER, file)
        self.register(file)
        text = "the driver can ask no node over XML-RPC"
        self.assertIn(text, self.only("warning", self.findings(code=0))["text"])
        self.write(self.user_ini, "[nodes]\nDriver = fabric\nUID = app\nFABRIC_GROUP = g\n"
                   "FABRIC_NODES = 127.0.0.1:1,127.0.0.1:32274\nFABRIC_TIMEOUT = 1s\n")
        errors = [one for one in self.findings("nodes") if one["level"] == "error"]
        self.assertIn(text, errors[0]["text"])

    def test_knows_the_driver_for_iodbc(self):
        for name in ("libfabricodbca.so", "libfabricodbc_xmlrpc.so"):
            shutil.copy(DRIVER, self.folder / name)
        self.register(self.folder / "libfabricodbca.so")
        self.expect_health()

    def test_takes_a_connection_string_and_shows_none_of_its_secrets(self):
        done = self.doctor(f"DSN=plain;PWD={PASSWORD}", "--json")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["dsn"], "DSN=plain;")

    def test_tells_wrong_usage_by_its_exit_code(self):
        for arguments in ((), ("plain", "--timeout", "soon"), ("plain", "--nonsense")):
            self.assertEqual(self.doctor(*arguments).returncode, 2)

    def test_says_what_it_waits_for(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            self.write(self.user_ini, f"[silent]\nDriver = fabric\nSERVER = 127.0.0.1\nPORT = {port}\nUID = app\n")
            done = self.doctor("silent", "--timeout", "10")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"\.\.\. asking the server 127\.0\.0\.1:{port} \(\d+ s\)\n")
        self.assertIn("takes connections, but says nothing", done.stdout)


if __name__ == "__main__":
    unittest.main()
