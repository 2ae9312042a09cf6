"""``mailrail serve``: what it refuses, what it serves, and that nothing of it is left behind."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from tests.app.commandline import LEASE, Typed, process

from mailrail import web
from mailrail.screen import opening
from mailrail.web.address import listen
from mailrail.web.server import command

PATIENCE = 120.0
"""Seconds after which something that does not happen is a failure."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to see children"
)


def test_without_the_extra(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "find_spec", lambda name: None)
    assert typed("serve") == (
        2, "", "mailrail: serve: needs the extra 'serve': pip install 'mailrail[serve]'\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("competing-consumer",), "the nearest is 'competing-consumers'"),
        ((LEASE, "--set", "lok=3s"), "the nearest is 'lock'"),
        (("--theme", "duks"), "the nearest is 'dusk'"),
        (("--seed", "3"), "the gallery has no run"),
        ((LEASE, "--at", "99s"), "after the end"),
        (("--port", "70000"), "--port"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(
    typed: Typed, words: tuple[str, ...], problem: str
) -> None:
    result = typed("serve", *words)
    assert (result.code, result.out) == (2, "")
    assert problem in result.err


def test_a_port_in_use(typed: Typed) -> None:
    with listen("localhost", 0) as taken:
        port = taken.getsockname()[1]
        result = typed("serve", "--port", str(port))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"mailrail: --port: port {port} of localhost is in use; --port 0 takes any that is free\n"
    )


@posix
def test_what_was_typed_is_safe_in_a_shell() -> None:
    wanted = opening(
        "-a b'; touch x", seed="-7", sets=["x=$(id)"], length="9s", commands=["1s crash a-1"],
        at="2s", speed="max", theme="paper", paused=True, present=True, loop=True,
    )  # fmt: skip
    words = shlex.split(command(wanted))
    assert words[0] == "exec"
    assert words[words.index("open") :] == [
        "open", "--seed=-7", "--for=9s", "--at=2s", "--theme=paper", "--speed=max",
        "--set=x=$(id)", "--do=1s crash a-1", "--paused",
        "--present", "--loop", "--", "-a b'; touch x",
    ]  # fmt: skip
    said = f"{shlex.quote(sys.executable)} -c 'import sys; print(sys.argv[1:])' "
    shown = subprocess.check_output(said + shlex.join(wanted.arguments()), shell=True, text=True)
    assert shown.strip() == repr(wanted.arguments())


def children(of: int) -> set[int]:
    """Return the processes that a process started and that have not ended."""
    found = Path(f"/proc/{of}/task/{of}/children").read_text(encoding="ascii")
    return {int(each) for each in found.split()}


def alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2][1] != "Z"
    except OSError:
        return False


@asynccontextmanager
async def serving(*words: str) -> AsyncIterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve at a free port; yield the process and the address it tells."""
    server = process("serve", "--port", "0", *words)
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        url = (await asyncio.to_thread(server.stdout.readline)).decode().strip()
        assert url.startswith("http://"), server.stderr.read()
        yield server, url
    finally:
        server.kill()
        await asyncio.to_thread(server.communicate)


@asynccontextmanager
async def tab(url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a tab as a browser does, and wait until the explorer draws."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/ws?width=80&height=24", origin=url) as found,
    ):
        await drawn(found, b"consumer-1")
        yield found


async def drawn(found: aiohttp.ClientWebSocketResponse, what: bytes) -> None:
    """Wait until something is drawn."""
    seen = b""
    async with asyncio.timeout(PATIENCE):
        async for message in found:
            seen += message.data if message.type == aiohttp.WSMsgType.BINARY else b""
            if what in seen:
                return
    raise AssertionError(f"the explorer ended and never drew {what!r}: {seen[-500:]!r}")


async def gone(*pids: int) -> None:
    """Wait until processes have ended."""
    async with asyncio.timeout(PATIENCE):
        while any(alive(pid) for pid in pids):
            await asyncio.sleep(0.05)


async def test_the_page_needs_nobody_else() -> None:
    async with serving() as (_, url), aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            page = await answer.text()
        assert "<title>mailrail</title>" in page
        assert "//" not in page.replace("// The address", "")
        async with session.get(f"{url}/static/js/textual.js") as answer:
            assert answer.status == 200


async def test_a_page_of_somebody_else_is_turned_away() -> None:
    async with serving() as (_, url), aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{url}/ws", origin="http://example.org")
        assert refused.value.status == 403
        async with session.get(url, headers={"Host": "example.org"}) as answer:
            assert answer.status == 403


@proc
async def test_a_tab_has_an_explorer_that_ends_with_it() -> None:
    async with serving(LEASE, "--paused") as (server, url):
        async with tab(url):
            ours = children(server.pid)
            assert len(ours) == 1
        await gone(*ours)
        async with tab(url) as another:
            ours = children(server.pid)
            await another.send_json(["stdin", "q"])
            async with asyncio.timeout(PATIENCE):
                while not another.closed:
                    await another.receive()
        await gone(*ours)
        assert server.poll() is None


@proc
@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
async def test_nothing_is_left_however_it_ends(how: signal.Signals, code: int) -> None:
    async with serving(LEASE, "--paused") as (server, url), tab(url):
        ours = children(server.pid)
        assert len(ours) == 1
        server.send_signal(how)
        assert await asyncio.to_thread(server.wait, PATIENCE) == code
        await gone(*ours)
        assert server.stderr is not None
        said = await asyncio.to_thread(server.stderr.read)
        assert said == b"mailrail: open it in a browser; Ctrl-C ends it\n"
