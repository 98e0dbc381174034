"""SQL on a farm's server as its administrator, through the mariadb client and the server's Unix socket."""

import subprocess

from .account import PATH
from .report import FarmError


CUT = (1053, 1317, 1927, 2006, 2013, 2055)  # the session was killed, or its link cut


class SqlError(FarmError):
    """A statement failed; `number` is MariaDB's error number, 0 when the client said none."""

    def __init__(self, message, number):
        super().__init__(message)
        self.number = number


def run(socket, user, text, timeout=30, database="", names=False):
    """Runs statements, returns the rows of all results as lists of strings (NULL is the text NULL),
    each led by its column names if `names`.

    Raises SqlError, also when the server does not answer within `timeout` seconds.
    """
    command = ["mariadb", "--no-defaults", f"--socket={socket}", f"--user={user}", "--batch",
               "--column-names" if names else "--skip-column-names", "--default-character-set=utf8mb4", "--connect-timeout=5"]
    if database:
        command.append(f"--database={database}")
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=False,
                              env={"PATH": PATH, "LC_ALL": "C.UTF-8"})
    except subprocess.TimeoutExpired:
        raise SqlError(f"No answer within {timeout} s from the server at {socket}.", 0) from None
    if done.returncode != 0:
        # The client repeats the statement too, which may hold a password: only its ERROR lines are passed on.
        words = " ".join(line for line in done.stderr.splitlines() if line.startswith("ERROR")) or "nothing"
        raise SqlError(f"The server at {socket} said: {words}", _number(words))
    return [line.split("\t") for line in done.stdout.splitlines()]


def _number(text):
    _, _, rest = text.partition("ERROR ")
    digits = rest.split(" ", 1)[0]
    return int(digits) if digits.isdigit() else 0


def literal(text):
    return "'" + str(text).replace("\\", "\\\\").replace("'", "''") + "'"
