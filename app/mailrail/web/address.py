"""Where the explorer is served, and which pages may talk to it."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec

from mailrail_patterns.names import BadInput

BACKLOG: Final = 64
"""Connections that may wait to be accepted."""


class Address(msgspec.Struct, frozen=True):
    """Where the explorer is served.

    Attributes:
        host: As it was typed.
        port: The port that was bound.
        private: Whether only this machine can reach it.
    """

    host: str
    port: int
    private: bool

    @staticmethod
    def of(host: str, listening: socket.socket) -> Address:
        """Return the address of a socket that listens at ``host``."""
        where, port = listening.getsockname()[:2]
        return Address(host, port, ipaddress.ip_address(where).is_loopback)

    @property
    def url(self) -> str:
        """What is typed into a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def welcomes(self, host: str, origin: str) -> bool:
        """Say whether a page may talk to the explorer.

        A browser lets any page open a socket to this machine. So the page must come from the
        server it talks to; and where only this machine is to be served, that server must have
        been called by a name of this machine, or a name that was made to point here would do.

        Args:
            host: The header ``Host`` of the request.
            origin: Its header ``Origin``; empty: no page sent it.
        """
        if self.private and not self._is_here(urlsplit(f"//{host}").hostname or ""):
            return False
        return not origin or urlsplit(origin).netloc.lower() == host.lower()

    def _is_here(self, name: str) -> bool:
        if name in {"localhost", self.host.lower()} or name.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; of several addresses of a name the first of IPv4 is taken.

    Raises:
        BadInput: If there is no such host, or the port cannot be had; says what to try.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"{host!r} cannot be found: {reason}", "--host") from None
    family, _, _, _, place = min(found, key=lambda each: each[0] != socket.AF_INET)
    try:
        return socket.create_server(place[:2], family=family, backlog=BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            what = f"port {port} of {host} is in use; --port 0 takes any that is free"
            raise BadInput(what, "--port") from None
        flag = "--host" if problem.errno == errno.EADDRNOTAVAIL else "--port"
        reason = os.strerror(problem.errno or 0)
        raise BadInput(f"cannot listen at {host}, port {port}: {reason}", flag) from None
