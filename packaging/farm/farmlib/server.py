"""One mariadbd: its datadir, its start, its readiness, its end."""

import os
import shutil
import signal
import subprocess
import time

from . import config, plan, ports, process, sql
from .report import FarmError, tail

MARIADBD = "/usr/sbin/mariadbd"
START_LIMIT = 120  # seconds until a server must be ready: a busy machine is slow, a broken one is not waited for
PORT_LIMIT = 3  # seconds until a port that is in use counts as taken
STOP_LIMIT = 20  # seconds a server may take to shut down before it is killed

# The template's accounts. The administrator comes through the Unix socket, known by the system's word alone.
ACCOUNTS = """\
DROP USER IF EXISTS ''@'localhost';
CREATE USER IF NOT EXISTS {app}@'%' IDENTIFIED BY {password};
GRANT PROCESS ON *.* TO {app}@'%';
CREATE USER IF NOT EXISTS {watch}@'%' IDENTIFIED BY {watch_password};
GRANT PROCESS, RELOAD, CONNECTION ADMIN, READ_ONLY ADMIN, REPLICATION SLAVE, REPLICA MONITOR, REPLICATION SLAVE ADMIN,
  REPLICATION MASTER ADMIN ON *.* TO {watch}@'%';
"""


def check_tools():
    """Raises when a Debian package is missing, naming it."""
    needed = {MARIADBD: "mariadb-server", "/usr/bin/mariadb-install-db": "mariadb-server",
              "/usr/bin/mariadb": "mariadb-client", "/usr/lib/galera/libgalera_smm.so": "galera-4",
              "/usr/bin/rsync": "rsync"}
    missing = {package for path, package in needed.items() if not os.path.exists(path)}
    if not any(os.path.exists(path) for path in ("/usr/bin/ss", "/usr/bin/lsof")):
        missing.add("iproute2")  # Galera's rsync transfer looks for its port with ss or lsof
    if missing:
        raise FarmError(f"Missing on this machine: install the Debian packages {' '.join(sorted(missing))}.")


def make_template(farm):
    """One initialised datadir, from which all servers' are copied."""
    template = farm.directory / "servers" / f"template.{os.getpid()}"  # an interrupted farm may still fill another
    template.mkdir(mode=0o700)
    farm.account.own(template)
    seen = farm.server_dir(template.name)
    log = farm.directory / "servers" / "template.log"
    # A server removes the temporary tables that it finds in its tmpdir when it starts, other servers' too.
    common = [f"--datadir={seen}/data", f"--tmpdir={seen}", "--innodb-log-file-size=16M", "--innodb-use-native-aio=OFF"]
    install = ["mariadb-install-db", "--no-defaults", "--basedir=/usr", "--skip-test-db",
               "--auth-root-authentication-method=socket", f"--auth-root-socket-user={farm.account.admin}", *common]
    _to_log(farm, install, log, "mariadb-install-db could not make a datadir")
    text = ACCOUNTS.format(app=sql.literal(plan.APP_USER), password=sql.literal(plan.APP_PASSWORD),
                           watch=sql.literal(plan.WATCH_USER), watch_password=sql.literal(plan.WATCH_PASSWORD))
    text += "".join(f"GRANT ALL PRIVILEGES ON `{name}`.* TO {sql.literal(plan.APP_USER)}@'%';\n"
                    for name in plan.DATABASES)
    accounts = template / "accounts.sql"
    accounts.write_text("USE mysql;\nFLUSH PRIVILEGES;\n" + text, encoding="utf-8")
    os.chmod(accounts, 0o644)
    bootstrap = [MARIADBD, "--no-defaults", "--bootstrap", "--skip-networking", *common]
    with open(accounts, "rb") as given:
        _to_log(farm, bootstrap, log, "mariadbd could not make the accounts", given)
    return template


def remove_templates(farm):
    for path in (farm.directory / "servers").glob("template.*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _to_log(farm, command, log, complaint, given=None):
    options = farm.account.options()
    if given is not None:
        options["stdin"] = given
    with open(log, "ab") as out:
        try:
            code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, timeout=START_LIMIT, check=False,
                                  **options).returncode
        except subprocess.TimeoutExpired:
            code, complaint = None, f"{complaint} within {START_LIMIT} s"
    if code != 0:
        raise FarmError(f"{complaint}. The end of {log}:\n{tail(log)}")


def make_datadir(farm, one, template):
    """The server's folder, with a copy of the template as its data."""
    home = farm.directory / "servers" / one.name
    shutil.rmtree(home, ignore_errors=True)
    for folder in (home, home / "tmp"):
        folder.mkdir()
        os.chmod(folder, 0o755)
        farm.account.own(folder)
    done = subprocess.run(["cp", "-a", "--sparse=always", str(template / "data"), str(home / "data")], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise FarmError(f"The datadir of {one.name} could not be copied: {done.stderr.strip()}")


def write_config(farm, one):
    path = farm.config_file(one.name)
    path.write_text(config.render(farm, one), encoding="utf-8")
    os.chmod(path, 0o644)


def command(farm, one):
    """The command line, which also tells our servers from all others."""
    return [MARIADBD, f"--defaults-file={farm.config_file(one.name)}"]


def state(farm, one):
    """'running', 'frozen' or 'dead'."""
    return process.state(farm.identity(one.name))


def adopt(farm, one):
    """Recognises a server whose farm command was killed before it could write the pid down."""
    if state(farm, one) != "dead":
        return
    try:
        pid = int(farm.pid_file(one.name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    identity = process.identify(pid)
    if identity is not None and process.command_line(pid)[:2] == command(farm, one):
        farm.set_identity(one.name, identity)


def check_ports(farm, one):
    """Raises when another program listens on a port of the server.

    A port of our own may look taken for a moment: a child being forked by another thread holds all sockets of
    this process until it runs its program.
    """
    for purpose, port in config.all_ports(farm, one).items():
        deadline = time.monotonic() + PORT_LIMIT
        while not ports.free(port):
            if time.monotonic() > deadline:
                raise FarmError(f"{one.name} cannot start: its port {port} ({purpose}) is in use by another program"
                                f" on 127.0.0.1. `ss -ltnp sport = :{port}` names it; end it, or make a new farm"
                                " in another folder.")
            time.sleep(0.05)


def start(farm, one, *extra):
    """Starts the process and records it; it is not ready yet."""
    kill(farm, one)  # it is dead; what it has left behind is not
    write_config(farm, one)
    if farm.reserved is not None:
        farm.reserved.release(config.all_ports(farm, one).values())
    check_ports(farm, one)
    log = farm.error_log(one.name)
    with open(log, "ab") as out:
        out.write(f"--- farm starts {one.name} {' '.join(extra)}\n".encode())
        out.flush()
        child = subprocess.Popen([*command(farm, one), *extra], stdout=out, stderr=subprocess.STDOUT,
                                 start_new_session=True, **farm.account.options())
    farm.set_identity(one.name, process.identify(child.pid))


def wait_until(farm, one, ready, limit=START_LIMIT):
    """Polls `ready()` until it is true; raises with the log's end when the server dies or time is up."""
    deadline = time.monotonic() + limit
    while True:
        if state(farm, one) == "dead":
            raise FarmError(f"{one.name} ended while it started. The end of {farm.error_log(one.name)}:\n"
                            f"{tail(farm.error_log(one.name))}")
        if ready():
            return
        if time.monotonic() > deadline:
            raise FarmError(f"{one.name} was not ready after {limit} s. The end of {farm.error_log(one.name)}:\n"
                            f"{tail(farm.error_log(one.name))}")
        time.sleep(0.1)


def query(farm, one, text, timeout=30, database=""):
    return sql.run(farm.socket(one.name), farm.account.admin, text, timeout, database)


def again_if_cut(farm, one, ask, limit):
    """What `ask(timeout)` returns, which is called again where its session was cut: `fabricctl watch` kills all
    sessions of an old primary that comes back. For what may be done twice, and within `limit` seconds."""
    deadline = time.monotonic() + limit
    while True:
        left = deadline - time.monotonic()
        try:
            return ask(max(left, 1))
        except sql.SqlError as error:
            if error.number not in sql.CUT or left <= 0 or state(farm, one) == "dead":
                raise
        time.sleep(0.05)


def records(farm, one, text, timeout=10):
    """As query(), for one result with its column names: a list of dicts."""
    names, *rows = sql.run(farm.socket(one.name), farm.account.admin, text, timeout, names=True) or [[]]
    return [dict(zip(names, row)) for row in rows]


def answers(farm, one):
    try:
        return query(farm, one, "SELECT 1", timeout=5) == [["1"]]
    except sql.SqlError:
        return False


def kill(farm, one):
    """SIGKILL, to its helpers too: Galera's transfer script and rsync outlive their server. Waits for the end."""
    identity = farm.identity(one.name)
    if identity is None:
        return
    process.send(identity, signal.SIGKILL)
    for helper in process.session_members(identity["pid"], str(farm.server_dir(one.name))):
        process.send(helper, signal.SIGKILL)
    while process.state(identity) != "dead":
        time.sleep(0.01)
    farm.set_identity(one.name, None)


def stop(farm, one):
    """A clean shutdown; by SIGKILL when it takes too long or the server is frozen. False when it took too long."""
    clean = True
    identity = farm.identity(one.name)
    if process.state(identity) == "running":
        process.send(identity, signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT
        while process.state(identity) == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
        clean = process.state(identity) != "running"
    kill(farm, one)
    return clean
