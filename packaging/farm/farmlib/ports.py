"""Ports on loopback: chosen once below the range the kernel gives to outgoing connections (which could
take a port of ours while its server is down), held until the server starts."""

import random
import socket

from .report import FarmError

LOWEST = 10000


def _bound(port, reuse):
    """A socket bound to 127.0.0.1:port, or None when the port is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError:
        sock.close()
        return None
    return sock


def _ceiling():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        lowest = int(file.read().split()[0])
    return lowest if lowest > LOWEST + 5000 else 65536


class Reserved:
    """Ports chosen for a new farm, kept bound until release() so that no other farm chooses them too."""

    def __init__(self):
        self._held = {}

    def take(self):
        ceiling = _ceiling()
        for _ in range(2000):
            port = random.randrange(LOWEST, ceiling)
            sock = None if port in self._held else _bound(port, reuse=False)
            if sock is not None:
                self._held[port] = sock
                return port
        raise FarmError("No free TCP port found on 127.0.0.1: is this machine out of ports?")

    def release(self, ports):
        for port in ports:
            sock = self._held.pop(port, None)
            if sock is not None:
                sock.close()


def free(port):
    """Whether a server may listen on 127.0.0.1:port now. Closed connections in TIME_WAIT do not matter."""
    sock = _bound(port, reuse=True)
    if sock is None:
        return False
    try:
        sock.listen(1)  # two sockets may share a bound port, but only one may listen
        return True
    except OSError:
        return False
    finally:
        sock.close()
