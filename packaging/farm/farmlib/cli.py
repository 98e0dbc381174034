"""The command line."""

import argparse
import os
import shlex
import signal
import sys

from . import commands, plan
from .report import FarmError, Waits

SERVER_COMMANDS = {
    "kill": (commands.kill, "end a server by SIGKILL"),
    "freeze": (commands.freeze, "stop a server by SIGSTOP: it holds its connections and answers nothing"),
    "thaw": (commands.thaw, "let a frozen server go on"),
    "start": (commands.start, "bring a dead server, or one that was taken out, back in as SPARE and then SECONDARY"),
}


def _parser():
    parser = argparse.ArgumentParser(
        prog="farm", description="A farm of MariaDB servers on this machine: a Galera cluster (group g1, with a"
        " Fabric node in SQL), a global group and two shards.",
        epilog="Servers: " + ", ".join(one.name for one in plan.SERVERS))
    command = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    texts = {"up": "make the farm in DIR, or start what of it is dead", "down": "stop all servers of the farm",
             "status": "show servers, processes and roles", "env": "print the shell lines for its ODBC data sources"}
    for name, text in texts.items():
        one = command.add_parser(name, help=text, description=text)
        one.add_argument("directory", metavar="DIR")
        if name == "up":
            one.add_argument("--driver", metavar="PATH", help="the ODBC driver for odbcinst.ini")
    for name, (_, text) in SERVER_COMMANDS.items():
        one = command.add_parser(name, help=text, description=text)
        one.add_argument("directory", metavar="DIR")
        one.add_argument("server", metavar="SERVER")
    return parser


def _run(given, waits):
    """Prints through `waits`, which does not mind a reader that has gone away."""
    if given.command == "up":
        commands.up(given.directory, waits, given.driver)
    elif given.command == "down":
        commands.down(given.directory, waits)
    elif given.command == "status":
        waits.say(commands.status(given.directory))
    elif given.command == "env":
        waits.say(commands.env(given.directory))
    else:
        SERVER_COMMANDS[given.command][0](given.directory, given.server, waits)


def _stop_at_interrupt(given):
    """At once, wherever the threads are: a farm command may be killed at any moment, and the servers live on."""
    text = f"farm: interrupted; `farm down {shlex.quote(given.directory)}` stops what has started\n"

    def leave(*_):
        os.write(sys.stderr.fileno(), text.encode(errors="surrogateescape"))
        os._exit(130)

    signal.signal(signal.SIGINT, leave)


def main():
    given = _parser().parse_args()
    _stop_at_interrupt(given)
    waits = Waits()
    try:
        _run(given, waits)
        return 0
    except FarmError as error:
        print(f"farm: {error}", file=sys.stderr)
        return 1
    except OSError as error:  # a full disk, a folder that someone took away
        print(f"farm: {error.filename or given.directory}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        waits.close()
        _leave_quietly()


def _leave_quietly():
    """Python flushes stdout once more when it ends, and would complain of a closed pipe."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
