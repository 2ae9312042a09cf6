"""One tab: its process and how that ends."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

DRIVER: Final = "mailrail.web.wire:Wire"
"""The driver the explorer of a tab draws with."""

PATIENCE: Final = 5.0
"""Seconds an explorer has to leave before it is killed."""


class Tab(AppService):
    """The explorer of one tab."""

    def __init__(
        self, command: str, connection: web.WebSocketResponse, downloads: DownloadManager
    ) -> None:
        """Prepare the process for the tab at the other end of ``connection``."""
        super().__init__(
            command,
            write_bytes=connection.send_bytes,
            write_str=connection.send_str,
            close=self.close,
            download_manager=downloads,
        )
        self._connection = connection

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        environment["TEXTUAL_DRIVER"] = DRIVER
        return environment

    async def close(self) -> None:
        """Part from the tab; whoever serves it then ends the explorer."""
        await self._connection.close()

    async def run(self) -> None:
        """Pass on what the explorer draws; the tab learns of it when there is no more."""
        await super().run()
        await self.close()

    async def end(self) -> None:
        """End the explorer; nothing of it is left."""
        try:
            await asyncio.wait_for(self.stop(), PATIENCE)
        except TimeoutError:
            self._kill()
        if self._process is not None:
            await self._process.wait()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
