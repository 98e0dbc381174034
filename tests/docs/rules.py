"""What is done with each block of the documentation: a rule for each, or a reason why it is not run."""

import configparser
import re

import named
import pages
from one_server import install_node
from place import DRIVER, masked

KEYWORDS = pages.table_keywords()


# What is done with a block: (place, block's text). A check that fails is an AssertionError.

def figure(_place, _text):
    """A drawing, or a form that is explained below it."""


def source(place, text):
    """A data source: its keywords do something, and it leads to rows."""
    for name in keywords(place, text):
        rows = place.isql(name, "SELECT 40 + 2")
        assert rows.strip() == "42", f"{name}: {rows}"


def keywords(place, text):
    """A data source that cannot be connected to here (see NOT_RUN)."""
    names = place.add_source(text)
    assert names, "no section"
    for name, entries in sections(text):
        assert entries["Driver"] == DRIVER, name
        known(entries)
    return names


def known_keywords(_place, text):
    """Of data sources of this driver, and of lines to add to one."""
    for _, entries in sections(text if "[" in text.split("=")[0] else f"[more]\nDriver = {DRIVER}\n{text}"):
        if entries.get("Driver") == DRIVER:
            known(entries)


def sections(text):
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.read_string(text)
    return [(name, parsed[name]) for name in parsed.sections()]


def known(entries):
    for key in entries:
        assert KEYWORDS.get(key.upper()), f"{key} does nothing"


def shell(place, text):
    place.shell(text)


def by_name(_place, text):
    """A command that is not run here (see NOT_RUN): its syntax, and that what it names exists."""
    named.check_shell(text)


def syntax(_place, text):
    named.check_syntax(text)


def shown(place, text):
    """What the block before it wrote, but for addresses, times and numbers of processes."""
    assert masked(place.said) == masked(place.here(text)), f"shown: {text}said: {place.said}"


def parts_shown(place, text):
    """Lines that are among what the block before it wrote."""
    for line in place.here(text).strip().splitlines():
        assert masked(line) in masked(place.said), f"{line}\nnot in: {place.said}"


def python(place, text):
    place.python(text)


def compiles(_place, text):
    """Of another library, that is not here."""
    compile(text, "block", "exec")


def with_connection(name):
    """Python behind `connection = pyodbc.connect(...)`."""
    def run(place, text):
        place.python(f"import pyodbc\nconnection = pyodbc.connect('DSN={name}', autocommit=True)\n{text}")
    return run


def c(place, text):
    place.c(text)


def on(name):
    """SQL through a data source, a statement for each line or each semicolon."""
    def run(place, text):
        for statement in filter(None, map(str.strip, re.split(r";\s*$|\n(?=SET FABRIC|SHOW|EXPLAIN)", text, flags=re.M))):
            said = place.isql(name, statement.replace("\n", " ") + "\n")
            assert not said.startswith("["), said
            place.said = said
    return run


def tested_by(file):
    """A test of its own runs this block."""
    def check(_place, _text):
        assert (pages.ROOT / file).exists(), file
    return check


CLIENTS = pages.ROOT / "docs" / "clients.md"
PROGRAMS = "tests/clients/programs/"
EXCERPT = 15  # lines


def excerpt(_place, text):
    """A few lines of the program that the page names last before them, whole and one after the other."""
    before, *more = pages.text_of(CLIENTS).split(f"\n{text}```\n")
    assert len(more) == 1, "shown twice"
    program = re.findall(r"\]\(\.\./((?:tests|packaging)/clients/[\w./-]+)\)", before)[-1]
    assert f"\n{text}" in "\n" + pages.text_of(pages.ROOT / program), f"not in {program}"
    assert text.count("\n") <= EXCERPT, f"more than {EXCERPT} lines"


def transcript(_place, text):
    """Of a program: tests/clients/client_case.py compares it with what each of them prints."""
    command = text.partition("\n")[0]
    program = re.fullmatch(r"\$ (?:.* && )?seq 3 \| (?:\w+ |\./)(\w+_client)\b.* shop", command)
    assert program and any((pages.ROOT / PROGRAMS).glob(f"{program[1]}.*")), command


def file_of(name, use=None):
    """A file that the next block names."""
    def write(place, text):
        (place.folder / name).write_text(place.here(text), encoding="utf-8")
        if use:
            rows = place.isql(place.add_source(use)[0], "SELECT total FROM shop.orders WHERE order_id = 1007")
            assert rows.strip() == "364.07", rows
    return write


def doctor_finds(change):
    """What the doctor says of the last data source when it is changed so."""
    def check(place, text):
        good = place.ini.read_text(encoding="utf-8")
        place.ini.write_text(re.sub(*change, good), encoding="utf-8")
        place.said = place.shell("fabricctl doctor orders || true")
        place.ini.write_text(good, encoding="utf-8")
        parts_shown(place, text)
    return check


def unit(_place, text):
    """A unit of systemd that starts what the package installs."""
    started = re.search(r"(?m)^ExecStart=/usr/bin/(\w+) (\w+)", text)
    named.check_shell(" ".join(started.groups()))


def admin(place, text):
    """As the administrator of the page's own server, which is started where none is yet."""
    if place.server is None:
        place.serve()
    place.query(place.here(text))


def have_node(place):
    """The server may be one already, of an earlier page."""
    if not place.query("SHOW SCHEMAS LIKE 'fabric'")[0].rows:
        install_node(place.server.socket)
    place.query("DELETE FROM fabric.servers; DELETE FROM fabric.`groups`")


def at_node(place, text):
    have_node(place)
    admin(place, text)


def install(place, text):
    if place.server is None:
        place.serve()
    place.shell(text)


def remove(place, text):
    """And install again: the node leaves nothing in the way."""
    place.query(text)
    install_node(place.server.socket)


# What docs/tls.md says of messages, in its order there: what is changed in its last data source (None: taken out).
TLS_ERRORS = {
    "offers no TLS, but the connection's settings require it": {},
    "self-signed certificate in certificate chain": {"SSLCA": "/etc/mysql/tls/other.pem"},
    "Validation of SSL server certificate failed": {"SERVER": "127.0.0.1"},
    "certificate has expired": {},
    "needs the authority's certificate; name it in SSLCA": {"SSLMODE": "VERIFY_CA", "SSLCA": None},
    "cannot be read: No such file or directory": {"SSLCA": "/etc/mysql/tls/nowhere.pem"},
    "key values mismatch": {"SSLKEY": "/etc/mysql/tls/server-key.pem"},
    "TLS/SSL error: unsupported": {"SSLKEY": None},
    "alert protocol version": {"TLS_VERSIONS": "TLSv1.0"},
    "refused the login: Access denied": {"SSLCERT": None, "SSLKEY": None},
}
OTHERS = """openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=Other" -keyout other-key.pem -out other.pem
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days -1 -extfile names -out server-cert.pem"""


def tls_errors(place, text):
    """A new certificate is read; then each row of the table at the end of the page is made."""
    admin(place, text)
    table = pages.text_of(pages.ROOT / "docs" / "tls.md").partition("## What goes wrong")[2]
    assert re.findall(r"(?m)^\| `([^`]+)`", table) == list(TLS_ERRORS), table
    last = "certificate has expired", next(iter(TLS_ERRORS))
    place.shell(OTHERS)  # the server does not know yet that its certificate has expired
    for message in set(TLS_ERRORS) - set(last):
        tls_error(place, message)
    admin(place, text)
    tls_error(place, last[0])
    place.serve()
    tls_error(place, last[1])


def tls_error(place, message):
    block = next(one.text for one in pages.blocks(pages.ROOT / "docs" / "tls.md") if "[reports_tls]" in one.text)
    entries = dict(re.findall(r"(?m)^(\w+) *= (.*)$", block)) | TLS_ERRORS[message]
    name = f"broken{place.ini.read_text(encoding='utf-8').count('[')}"
    place.add_source(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items() if value is not None))
    said = place.isql(name, "SELECT 1")
    assert message in said, f"{message}: {said}"


def first_farm(place, text):
    servers = place.query(text)[-1].rows
    assert len(servers) == 3, servers


def mapping(place, text):
    for group in ("global", "shard1", "shard2"):
        place.query(f"CALL `group`.`create`('{group}', '', 'true')")
    place.query(text)
    shards = place.query("CALL dump.shard_index(0, '')")[-1].rows
    assert len(shards) == 2, shards


def tls_server(place, text):
    """The server's configuration, as its options. It is another user, who reads the files that were copied to it."""
    for file in place.folder.glob("*.pem"):
        file.chmod(0o644)
    place.serve([f"--{re.sub(' *= *', '=', line)}" for line in place.here(text).splitlines()[1:]])
    place.query("CREATE DATABASE demo")


def node_with_tls(place, text):
    """A group on the page's own server, which is a node then."""
    have_node(place)
    uuid = "6b6f2a0e-0001-11f1-8000-000000000001"
    address = f"localhost:{place.port}"
    place.query("GRANT EXECUTE ON dump.* TO app@'%'; GRANT EXECUTE ON threat.* TO app@'%'; "
                "CALL `group`.`create`('g1', '', 'true'); "
                f"CALL server.register('{uuid}', '{address}'); CALL `group`.`add`('g1', '{address}', 5, 'false', 'true'); "
                f"CALL `group`.promote('g1', '{uuid}', 'false', 'true')")
    source(place, text)


# Pages with a test of their own; here the keywords of their data sources and the syntax of their programs are looked at.
ELSEWHERE = {"docs/fabricctl.md", "docs/status-page.md"}
OF_LANGUAGE = {"ini": known_keywords, "sh": syntax, "python": compiles}

# Blocks that are not run here, and why not: their syntax is checked, and that what they name exists; of a data source, that its
# keywords do something.
NOT_RUN = {
    "README.md": {
        "./quickstart": "installs packages and boots a farm: minutes",
        "--workflow --preset deb": "builds and installs a package: tests/packaging/package_test.py does",
        "cmake --install": "builds the release preset, and registers the driver on the machine",
    },
    "docs/conformance.md": {"FABRIC_ODBC_DRIVER_UNDER_TEST": "needs another driver"},
    "docs/contributing.md": {
        "install_packages.sh test": "installs packages and builds",
        "./test dev": "these are the tests themselves",
        "packaging/farm/farm up": "boots a farm: tests/farm/farm_test.py does",
        ".ci/run": "all of CI",
    },
    "docs/failover.md": {"./test dev stress.failover": "a test of its own, which takes minutes"},
    "docs/getting-started.md": {
        "--workflow --preset deb": "as in README.md",
        "[old_farm]": "a MySQL Fabric node needs Python 2; its answers are replayed in tests/fabric",
    },
    "docs/packages.md": {
        "--workflow --preset deb": "as in README.md",
        "registration add": "changes the machine's odbcinst.ini: tests/packaging/package_test.py does it elsewhere",
    },
    "docs/performance.md": {"bench/run": "minutes", "cold_start": "minutes", "pool_bench": "minutes", "bench/growth": "minutes"},
    "docs/reliability.md": {"--seconds 600": "ten minutes; the test stress.chaos runs one of them"},
    "docs/watch.md": {
        "on two machines": "does not end; tests/farm/watch_test.py runs it",
        "[farm_watch]": "needs three nodes; tests/farm/watch_test.py connects with one",
    },
}

BY_FILE = """[by_file]
Driver = MySQL Fabric ODBC
FABRIC_NODES = file:/etc/fabric-farm.ini
UID = app
PWD = secret
"""

# Of a page: the language of a block, words that it holds, and what is done with it.
RULES = {
    "README.md": (("ini", "[orders]", source), ("python", "Lamp", python)),
    "docs/architecture.md": (("", "application -> driver manager", figure),),
    "docs/clients.md": (
        ("ini", "[shop]", known_keywords), ("ini", "ANSI_QUOTES", known_keywords),
        ("sql", "CREATE TABLE kinds", tested_by("tests/clients/client_case.py")), ("console", "_client", transcript),
        ("console", "ogr2ogr", tested_by("tests/clients/desktop_clients_test.py")),
        *((language, "", excerpt) for language in ("sh", "python", "php", "perl", "tcl", "r", "erlang", "js", "cpp", "powerquery")),
    ),
    "docs/fabric-statements.md": (("", "SET FABRIC name = value", figure), ("sql", "SET FABRIC tables", on("shop"))),
    "docs/compatibility.md": (("sh", "libmariadb3", shell), ("", "dialog.so", shown)),
    "docs/failover.md": (
        ("sql", "CREATE TABLE done", tested_by("tests/docs/failover_snippets_test.py")),
        ("python", "def transaction", tested_by("tests/docs/failover_snippets_test.py")),
        ("php", "function transaction", tested_by("tests/docs/failover_snippets_test.py")),
    ),
    "docs/getting-started.md": (
        ("sh", "odbcinst -q", shell), ("ini", "[plain]", source), ("ini", "[orders]", source),
        ("ini", "[group g1]", file_of("farm.ini")), ("ini", "[orders_by_file]", source), ("ini", "[shop]", source), ("sh", "isql", shell), ("", "Crème", shown),
        ("", "1007,364.07", shown), ("python", "import pyodbc", python), ("", "Brass lamp", shown),
        ("sh", "fabricctl doctor orders", shell),
        ("", "error    group g9", doctor_finds((r"(?s)(\[orders\].*?FABRIC_GROUP    = )g1", r"\1g9"))),
    ),
    "docs/keywords.md": (("c", "SQL_ATTR_FABRIC_TABLES", c), ("python", "SQL_ATTR_FABRIC_KEY", with_connection("shop"))),
    "docs/migration.md": (("python", "mysql.connector", compiles), ("python", "pyodbc", python)),
    "docs/node.md": (
        ("sh", "mariadb <", install), ("sql", "DROP SCHEMA", remove), ("sql", "CALL `group`.`create`", first_farm),
        ("sql", "sharding.create_definition", mapping),
    ),
    "docs/packages.md": (("", "is no keyword of this driver", figure),),
    "docs/pooling.md": (
        ("ini", "[orders_web]", source), ("python", "SHOW FABRIC POOLS", python), ("", "40 sessions", shown),
        ("", "warning: farm n1:32275", tested_by("tests/docs/failover_snippets_test.py")),
    ),
    "docs/routing.md": (
        ("ini", "[shop]", source), ("python", "DSN=shop", python), ("", "40 orders", shown), ("", "its own word?", figure),
    ),
    "docs/tls.md": (
        ("sh", "openssl x509 -noout -enddate -in", shell), ("sh", "openssl", shell), ("", "server-cert.pem: OK", parts_shown),
        ("ini", "[mariadb]", tls_server), ("sql", "FLUSH SSL", tls_errors), ("sql", "", admin),
        ("ini", "[orders_node_tls]", node_with_tls), ("ini", "", source), ("sh", "isql", shell), ("", "Ssl_version", shown),
    ),
    "docs/topology-file.md": (("ini", "[farm]", file_of("farm.ini", BY_FILE)),),
    "docs/watch.md": (("sql", "fabric_watch", at_node), ("sql", "", admin), ("ini", "[Service]", unit)),
}
