"""What a person sees: the farm's one kind of error, and progress on all that takes longer than 2 s."""

import contextlib
import sys
import threading
import time

PATIENCE = 2.0  # seconds of silence before the first word, and between two of them


class FarmError(Exception):
    """Something the user must know of: the message is a whole sentence and says what to do."""


class Waits:
    """The things waited for at this moment; one thread says them aloud when they take long."""

    def __init__(self, stream=None):
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()
        self._open = {}
        self._stop = threading.Event()
        self._thread = None

    def say(self, text):
        """Prints a line; a reader that has gone away does not stop the work."""
        with self._lock, contextlib.suppress(BrokenPipeError):
            print(text, file=self._stream, flush=True)

    @contextlib.contextmanager
    def waiting(self, what):
        """While the body runs, `what` is named every 2 s with the time it has taken."""
        key = object()
        with self._lock:
            self._open[key] = (what, time.monotonic())
            if self._thread is None:
                self._thread = threading.Thread(target=self._talk, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._open[key]

    def close(self):
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _talk(self):
        while not self._stop.wait(PATIENCE):
            now = time.monotonic()
            with self._lock:
                long = [f"{what} ({now - since:.0f} s)" for what, since in self._open.values()
                        if now - since >= PATIENCE]
            if long:
                self.say("  waiting for " + ", ".join(long))


def tail(path, lines=15):
    """The errors of a log since the last start and its last lines, indented, or a word that there is none."""
    try:
        with open(path, "rb") as log:
            text = log.read()[-65536:].decode("utf-8", "replace")
    except OSError:
        return f"    (no log at {path})"
    told = text.rpartition("--- farm starts")[2].splitlines()
    errors = [line for line in told[:-lines] if "ERROR" in line][:5]
    return "\n".join("    " + line for line in [*errors, *told[-lines:]]) or "    (the log is empty)"
