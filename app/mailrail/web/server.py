"""The server: a page, and for each tab that shows it a process with an explorer."""

from __future__ import annotations

import asyncio
import html
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import Final

import textual_serve.server
from aiohttp import web

from mailrail.screen import Opening

from .address import Address
from .tab import PATIENCE, Tab

PAGE: Final = Path(__file__).with_name("page.html")

ENDED: Final = 128 + 15
"""What the command returns when it was ended by SIGTERM or because its terminal went away."""

HEARTBEAT: Final = 15.0
"""Seconds between the signs of life that are asked of a tab."""


def command(wanted: Opening) -> str:
    """Return the command line of an explorer, quoted for the shell it is handed to."""
    words = [sys.executable, "-P", "-m", "mailrail", *wanted.arguments()]
    if sys.platform == "win32":
        return subprocess.list2cmdline(words)
    return f"exec {shlex.join(words)}"


class Server(textual_serve.server.Server):
    """Serves explorers; see :func:`mailrail.web.carry_out`."""

    def __init__(self, wanted: Opening, address: Address) -> None:
        """Prepare to serve ``wanted`` at ``address``."""
        title = f"{wanted.name} · mailrail" if wanted.name else "mailrail"
        super().__init__(command(wanted), address.host, address.port, title, address.url)
        self._address = address
        self._tabs: set[Tab] = set()
        page = Template(PAGE.read_text(encoding="utf-8"))
        self._page = page.substitute(title=html.escape(title))

    async def run(self, listening: socket.socket) -> int:
        """Serve until a signal ends it.

        Returns:
            The exit code; Ctrl-C is raised as it is everywhere else.
        """
        ended = asyncio.Event()
        if sys.platform != "win32":
            for name in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(name, ended.set)
        runner = web.AppRunner(
            await self._make_app(), access_log=None, shutdown_timeout=2 * PATIENCE
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            await ended.wait()
        finally:
            await asyncio.gather(*(tab.close() for tab in self._tabs))
            await runner.cleanup()
        return ENDED

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: what is said has been said before."""

    async def handle_index(self, request: web.Request) -> web.Response:
        """Answer with the page."""
        self._admit(request)
        return web.Response(text=self._page, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start an explorer for a tab, and end it with the tab."""
        self._admit(request)
        connection = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=PATIENCE)
        await connection.prepare(request)
        tab = Tab(self.command, connection, self.download_manager)
        self._tabs.add(tab)
        try:
            await tab.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await self._process_messages(connection, tab)
        finally:
            await tab.end()
            self._tabs.discard(tab)
        return connection

    def _admit(self, request: web.Request) -> None:
        if not self._address.welcomes(request.host, request.headers.get("Origin", "")):
            raise web.HTTPForbidden(text=f"mailrail is served at {self._address.url}")


def _cells(request: web.Request, name: str, usual: int) -> int:
    """Return a size a tab has told, in cells."""
    told = request.query.get(name, "")
    return min(max(int(told), 1), 1000) if told.isascii() and told.isdigit() else usual
