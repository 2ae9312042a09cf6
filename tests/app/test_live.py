"""A run told live keeps step with real time, and ends as one that is not."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.app.commandline import LEASE, Typed

from mailrail.live import STEPS, TICK, PlainVoice, TerminalVoice, follow
from mailrail.preparation import Request, prepare
from mailrail_patterns import handler
from mailrail_patterns.kernel.events import Event


class Clock:
    """Real time, as the test has it pass."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds or TICK


class Listener(PlainVoice):
    """Remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[float, int]] = []

    def tell(self, events: Sequence[Event], now: float, depth: int) -> None:
        self.heard.append((now, len(events)))


async def test_it_keeps_step() -> None:
    run, clock, voice = prepare(Request(LEASE)), Clock(), Listener()
    await follow(run, 10.0, voice, now=clock.time, sleep=clock.sleep)
    assert run.now == 60.0
    assert sum(count for _, count in voice.heard) == len(run.events) == 140
    assert clock.now - 100.0 == pytest.approx(6.0, abs=2 * TICK)
    assert all(
        later - earlier == pytest.approx(10.0 * TICK, abs=1e-3)
        for (earlier, _), (later, _) in zip(voice.heard[:-2], voice.heard[1:-1], strict=True)
    )


async def test_it_is_the_same_run() -> None:
    straight = prepare(Request(LEASE))
    straight.advance(60.0)
    live, clock = prepare(Request(LEASE)), Clock()
    await follow(live, 7.3, Listener(), now=clock.time, sleep=clock.sleep)
    assert live.digest() == straight.digest()


async def test_an_engine_that_cannot_keep_up_still_lets_others_in() -> None:
    run = prepare(Request("competing-consumers", sets=["every=1ms"], length="30s"))
    clock = Clock()
    await follow(run, 1_000_000.0, Listener(), now=clock.time, sleep=clock.sleep)
    assert run.now == 30.0
    assert len(clock.slept) > len(run.events) // STEPS / 4
    assert 0 in clock.slept


async def test_a_stalled_run_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "ROUND_TRIP", 0.0)
    path = tmp_path / "own.toml"
    path.write_text(
        'pattern = "competing-consumers"\n[settings]\nmax_deliveries = 0\nservice = "0s"\n'
        "[messages.m03]\npoison = true\n",
        encoding="utf-8",
    )
    run, clock = prepare(Request(str(path))), Clock()
    await follow(run, 10.0, Listener(), now=clock.time, sleep=clock.sleep)
    assert run.stalled


def test_it_is_told_in_plain_lines_in_a_pipe(typed: Typed) -> None:
    result = typed("run", LEASE, "--speed", "1000000")
    assert (result.code, result.err) == (0, "")
    first, _, rest = result.out.partition("\n")
    assert first == "The lock is a lease, live at ×1000000"
    told, _, report = rest.partition("\n\n")
    assert "8.50 s ✗ consumer-2 crashes" in told
    assert report == typed("run", LEASE).out
    assert "\x1b" not in result.out


def test_as_fast_as_possible_it_is_told_the_same(typed: Typed) -> None:
    result = typed("run", LEASE, "--speed", "max")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("The lock is a lease, live at max\n")
    assert result.out.endswith(typed("run", LEASE).out)


async def test_the_terminal_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    paper = Terminal()
    monkeypatch.setattr(sys, "stdout", paper)
    monkeypatch.setenv("TERM", "xterm-256color")
    run, clock = prepare(Request(LEASE)), Clock()

    async def interrupted(seconds: float) -> None:
        await clock.sleep(seconds)
        if clock.now > 101:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await follow(run, 10.0, TerminalVoice(60.0, 10.0), now=clock.time, sleep=interrupted)
    written = paper.getvalue()
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == 1
    assert written.rindex("\x1b[?25h") > written.rindex("60 s")
