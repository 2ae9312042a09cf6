"""A headless Chromium, spoken to by its DevTools protocol: no driver has to be installed."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 120.0
"""Seconds after which something that does not happen is a failure."""

KEYS = {"Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, "")}
"""Keys that are no letters: their code, their number and the text they give."""

PLACE = """
(() => {
  const area = document.querySelector(".xterm-screen").getBoundingClientRect();
  const pen = new OffscreenCanvas(9, 9).getContext("2d");
  pen.font = "16px 'Roboto Mono'";
  return [area.left, area.bottom, pen.measureText("W").width];
})()
"""

COUNT_COLOURS = """
(async () => {
  const picture = new Image();
  picture.src = "data:image/png;base64,%s";
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const dots = new Uint32Array(
    canvas.getImageData(0, 0, picture.width, picture.height).data.buffer);
  return new Set(dots).size;
})()
"""


def chromium() -> str | None:
    """Return where a Chromium is; None: there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One page: what it draws, and what it is told by the sockets it opens."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self.received = b""
        self.requested: list[str] = []
        self.failures: list[str] = []

    async def __aenter__(self) -> Page:
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self._connection:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._note(told["method"], told["params"])
            self._changed.set()

    def _note(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.webSocketFrameReceived":
            frame = told["response"]
            if frame["opcode"] == 2:
                self.received += base64.b64decode(frame["payloadData"])
        elif method == "Network.requestWillBeSent":
            url = told["request"]["url"]
            if not url.startswith("data:"):
                self.requested.append(url)
        elif method == "Runtime.exceptionThrown":
            self.failures.append(str(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.failures.append(told["entry"]["text"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._connection.send_json({"id": number, "method": method, "params": params})
        told = await asyncio.wait_for(answer, PATIENCE)
        assert "result" in told, told
        found: dict[str, Any] = told["result"]
        return found

    async def until(self, condition: Callable[[Page], bool]) -> None:
        """Wait for a condition that what the page is told makes true."""
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    async def evaluate(self, code: str) -> Any:
        told = await self.call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def press(self, key: str) -> None:
        letter = f"Key{key.upper()}", ord(key[0].upper()), key
        code, number, text = KEYS.get(key, letter)
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **event)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    async def click_below(self, column: float) -> None:
        """Click into the last row of the terminal, so many of its columns from the left."""
        left, bottom, wide = await self.evaluate(PLACE)
        spot = {"x": left + column * wide, "y": bottom - 6, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, **spot)

    async def picture(self, path: Path) -> int:
        """Draw the page into a PNG file; return how many colours are in it."""
        data = (await self.call("Page.captureScreenshot", format="png"))["data"]
        path.write_bytes(base64.b64decode(data))
        colours: int = await self.evaluate(COUNT_COLOURS % data)
        return colours


@asynccontextmanager
async def browsing(folder: Path, size: tuple[int, int] = (1280, 800)) -> AsyncIterator[Page]:
    """Start a browser of its own, and yield its one page."""
    name = chromium()
    assert name is not None
    words = [
        "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", "--no-first-run", "--disable-background-networking",
        f"--window-size={size[0]},{size[1]}", "about:blank",
    ]  # fmt: skip
    browser = await asyncio.create_subprocess_exec(
        name, *words, stderr=PIPE, start_new_session=True
    )
    assert browser.stderr is not None
    try:
        address = ""
        async with asyncio.timeout(PATIENCE):
            while not address and (line := (await browser.stderr.readline()).decode()):
                address = line.partition("DevTools listening on ws://")[2].partition("/")[0]
        assert address, "the browser did not start"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{address}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            where = pages[0]["webSocketDebuggerUrl"]
            async with (
                session.ws_connect(where, max_msg_size=0) as connection,
                Page(connection) as page,
            ):
                yield page
                await page.call("Browser.close")
    finally:
        if browser.returncode is None:
            os.killpg(browser.pid, 9)
        await asyncio.gather(browser.stderr.read(), browser.wait())
