#!/usr/bin/python3
"""The packages of a build folder, made and used as their users do, in scratch roots: the machine's own drivers
are left alone. The environment names the folder (FABRIC_ODBC_BUILD); a release and a debug build serve alike."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "support"))

from one_server import ROOT, OneServer  # noqa: E402

BUILD = pathlib.Path(os.environ["FABRIC_ODBC_BUILD"]).resolve()
NAME = "MySQL Fabric ODBC"
OTHER = "[Other]\nDriver=/opt/other/libother.so\nThreading=2\nUsageCount=3\n\n"
# What a user misses when it is not there.
WANTED = ["bin/fabricctl", "include/fabric_odbc.h", "share/man/man1/fabricctl.1.gz",
          "share/man/man7/fabric-odbc.7.gz", "share/fabric-odbc/odbcinst.ini", "share/fabric-odbc/registration",
          "share/fabric-odbc/node/90_grants.sql", "share/fabric-odbc/clients/fabric-odbc-mariadb.tdc",
          "share/fabric-odbc/clients/fabric-odbc-mysql.tdc", "share/doc/fabric-odbc/README.md",
          "share/doc/fabric-odbc/docs/keywords.md", "share/doc/fabric-odbc/changelog.gz",
          "share/doc/fabric-odbc/examples/odbc.ini"]
LIBRARIES = ["libfabricodbc.so", "libfabricodbc_xmlrpc.so", "libfabricodbcS.so"]


def run(*command, environment=None, text=None):
    done = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, timeout=300,
                          env={**os.environ, **(environment or {})}, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def pack(folder, generator, release):
    """A package of the build, of a release of its own, so that there is something to upgrade to."""
    folder = folder / f"{generator}-{release}"
    variable = {"DEB": "CPACK_DEBIAN_PACKAGE_RELEASE", "RPM": "CPACK_RPM_PACKAGE_RELEASE"}[generator]
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", generator, "-B", folder, "-D", f"{variable}={release}")
    return next(folder.glob(f"*.{generator.lower()}"))


class Root:
    """A folder that stands for the machine: packages go into it, and their scripts see it as the system."""

    def __init__(self, folder, drivers):
        self.folder = folder
        self.drivers = folder / "etc" / "odbcinst.ini"
        self.drivers.parent.mkdir(parents=True)
        self.drivers.write_text(drivers)
        database = folder / "var" / "lib" / "dpkg"
        (database / "info").mkdir(parents=True)
        (database / "updates").mkdir()
        (database / "status").touch()

    def dpkg(self, *words):
        # The scratch root knows of no other package; test_installs_where_its_dependencies_are asks the machine.
        return run("fakeroot", "dpkg", f"--root={self.folder}", "--force-script-chrootless", "--force-depends",
                   "--log=/dev/null", *words)

    def files(self):
        """Everything but the package manager's own notes."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                      if "var" not in path.relative_to(self.folder).parts)

    def entry(self):
        """The lines of the driver's entry; empty when it is not registered."""
        found = re.search(rf"\[{NAME}\]\n((?:.+\n)*)", self.drivers.read_text())
        return found.group(1).splitlines() if found else []

    def registrations(self):
        return self.drivers.read_text().count(f"[{NAME}]")

    def tools(self):
        """A folder for PATH with what every machine has, and no odbcinst."""
        folder = self.folder / "tools"
        folder.mkdir()
        for name in ("sh", "sed", "dirname"):
            (folder / name).symlink_to(shutil.which(name))
        return folder

    def configuration(self, data_source):
        """A folder for ODBCSYSINI: the root as a driver manager within it would see it."""
        folder = self.folder / "seen"
        folder.mkdir(exist_ok=True)
        inside = re.sub(r"^(Driver|Setup)=/", rf"\1={self.folder}/", self.drivers.read_text(), flags=re.MULTILINE)
        (folder / "odbcinst.ini").write_text(inside)
        (folder / "odbc.ini").write_text(data_source)
        return {"ODBCSYSINI": str(folder), "ODBCINI": str(folder / "odbc.ini")}


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="package-test-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.deb = pack(cls.folder, "DEB", 1)
        cls.content = run("dpkg-deb", "-c", cls.deb)
        cls.libraries = re.search(r"\./(usr/lib.*)/libfabricodbc\.so", cls.content).group(1)

    def root(self, drivers=OTHER):
        return Root(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), drivers)

    def test_holds_what_a_user_needs(self):
        for path in [f"./usr/{name}" for name in WANTED] + [f"./{self.libraries}/{name}" for name in LIBRARIES]:
            self.assertIn(path + "\n", self.content)
        self.assertTrue(self.libraries.endswith("/odbc"))

    def test_links_of_its_pages_lead_to_what_it_holds(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        run("dpkg-deb", "-x", self.deb, folder)
        broken = [f"{page.name}: {link}" for page in folder.rglob("*.md")
                  for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
                  if not (page.parent / link).exists()]
        self.assertEqual(broken, [])

    def test_satisfies_lintian(self):
        # A maintainer's address and a bug to close are the distribution's business.
        run("lintian", "--fail-on", "error", self.deb)

    def test_installs_where_its_dependencies_are(self):
        self.assertIn("Inst fabric-odbc", run("apt-get", "--simulate", "--no-download", "install", self.deb))

    def test_connects_by_its_name_and_leaves_nothing(self):
        root = self.root()
        before = root.files()
        root.dpkg("-i", self.deb)
        library = f"/{self.libraries}/libfabricodbc.so"
        self.assertIn(f"Driver={library}", root.entry())
        self.assertIn(f"Setup=/{self.libraries}/libfabricodbcS.so", root.entry())
        self.assertIn("Threading=0", root.entry())
        self.assertIn("UsageCount=1", root.entry())
        self.assertTrue(root.drivers.read_text().startswith(OTHER))
        self.assertEqual(self.answer(root), "7")
        version = run(root.folder / "usr" / "bin" / "fabricctl", "--version").strip()
        self.assertEqual(run("dpkg-deb", "-f", self.deb, "Version").strip(), version + "-1")
        root.dpkg("-r", "fabric-odbc")
        root.dpkg("-P", "fabric-odbc")
        shutil.rmtree(root.folder / "seen")
        self.assertEqual(root.files(), before)
        self.assertEqual(root.drivers.read_text(), OTHER)

    def test_setup_library_makes_data_sources(self):
        root = self.root()
        root.dpkg("-i", self.deb)
        environment = root.configuration("")
        # As an editor of data sources does; unixODBC finds the library by the driver's name.
        program = (f"import ctypes, sys\nattributes = b'DSN=made\\0' + sys.argv[1].encode() + b'\\0\\0'\n"
                   f"print(ctypes.CDLL('libodbcinst.so.2').SQLConfigDataSource(None, 1, b'{NAME}', attributes))")

        def configure(attribute):
            return run(sys.executable, "-c", program, attribute, environment=environment).strip()

        self.assertEqual(configure("SERVR=db1"), "0")
        self.assertEqual(configure("server=db1"), "1")
        made = pathlib.Path(environment["ODBCINI"]).read_text()
        self.assertRegex(made, rf"(?s)\[made\].*Driver\s*=\s*{NAME}.*SERVER\s*=\s*db1")

    def test_is_registered_once_after_upgrades(self):
        root = self.root()
        root.dpkg("-i", self.deb)
        # An administrator's line in the entry is kept.
        root.drivers.write_text(root.drivers.read_text().replace("Threading=0\n", "Threading=0\nCPTimeout=60\n"))
        before = root.drivers.read_text()
        for package in (self.deb, pack(self.folder, "DEB", 2)):
            root.dpkg("-i", package)
            self.assertEqual(root.drivers.read_text(), before)
        root.dpkg("-r", "fabric-odbc")
        root.dpkg("-i", self.deb)
        self.assertIn("UsageCount=1", root.entry())
        self.assertEqual(root.registrations(), 1)

    def test_goes_whatever_the_usage_count_and_spelling(self):
        root = self.root()
        root.dpkg("-i", self.deb)
        lines = root.drivers.read_text().replace("UsageCount=1", "UsageCount=12").replace(f"[{NAME}]\nDriver=", f"[{NAME}]\ndriver=")
        root.drivers.write_text(lines)
        self.assertIn("UsageCount=12", root.entry())
        root.dpkg("-P", "fabric-odbc")
        self.assertEqual(root.drivers.read_text(), OTHER)

    def test_registers_where_unixodbc_looks_whatever_the_environment(self):
        root = self.root()
        os.environ["ODBCINSTINI"] = "other.ini"
        self.addCleanup(os.environ.pop, "ODBCINSTINI")
        root.dpkg("-i", self.deb)
        self.assertIn("UsageCount=1", root.entry())
        self.assertEqual([path.name for path in root.drivers.parent.iterdir()], ["odbcinst.ini"])

    def test_says_why_it_cannot_register(self):
        root = self.root()
        root.dpkg("--unpack", self.deb)
        shutil.rmtree(root.drivers.parent)
        root.drivers.parent.touch()  # no folder, which not even root can write into
        script = root.folder / "usr/share/fabric-odbc/registration"
        for path, words in ((os.environ["PATH"], "odbcinst -i -d"), (root.tools(), "install the package odbcinst")):
            done = subprocess.run([script, "add"], capture_output=True, text=True, check=False,
                                  env={**os.environ, "ODBCSYSINI": str(root.drivers.parent), "PATH": str(path)})
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)

    def test_leaves_a_driver_of_the_same_name_elsewhere(self):
        root = self.root("")
        root.dpkg("-i", self.deb)
        root.drivers.write_text(root.drivers.read_text().replace(f"/{self.libraries}", "/opt/own"))
        before = root.drivers.read_text()
        root.dpkg("-P", "fabric-odbc")
        self.assertEqual(root.drivers.read_text(), before)

    def test_rpm_holds_the_same_and_registers_alike(self):
        rpm = pack(self.folder, "RPM", 1)
        ours = {line.split()[5].rstrip("/")[1:] for line in self.content.splitlines() if not line.startswith("d")}
        held = set(run("rpm", "-qpl", rpm).splitlines())
        self.assertEqual(ours - held, set())
        self.assertEqual(held & {"/usr", "/usr/lib", f"/{self.libraries}", "/usr/share/man/man1"}, set())
        self.assertIn("unixODBC", run("rpm", "-qpR", rpm))
        root = self.root()
        run("rpm2archive", rpm)
        run("tar", "-xzf", f"{rpm}.tgz", "-C", root.folder)
        scripts = {name: run("rpm", "-qp", "--queryformat", f"%{{{name}}}", rpm) for name in ("POSTIN", "PREUN")}

        def script(name, left):  # as rpm calls it: how many of the package are installed when it is done
            run("sh", "-c", scripts[name].replace("/usr/", f"{root.folder}/usr/"), name, left,
                environment={"ODBCSYSINI": str(root.drivers.parent)})

        script("POSTIN", 1)
        self.assertIn("UsageCount=1", root.entry())
        self.assertEqual(self.answer(root), "7")
        script("POSTIN", 2)  # an upgrade: the new one comes before the old one goes
        script("PREUN", 1)
        self.assertIn("UsageCount=1", root.entry())
        script("PREUN", 0)
        self.assertEqual(root.drivers.read_text(), OTHER)

    def test_man_page_names_every_command(self):
        commands = run(BUILD / "tools" / "fabricctl", "--help").split("Subcommands:\n")[1].split("\n\n")[0]
        page = (ROOT / "packaging" / "man" / "fabricctl.1").read_text()
        for command in re.findall(r"^  (\w+)", commands, flags=re.MULTILINE):
            self.assertIn(f"\n.It Cm {command} ", page)

    def answer(self, root):
        """Of a real server, to a program that names the driver as it is registered."""
        server = OneServer()
        self.addCleanup(server.stop)
        environment = root.configuration(f"[plain]\nDriver = {NAME}\nSERVER = localhost\nSOCKET = {server.socket}\n"
                                         "UID = root\n")
        return run("isql", "plain", "-b", "-d|", environment=environment, text="SELECT 3 + 4\n").splitlines()[0]


if __name__ == "__main__":
    unittest.main()
