"""What takes its time, seen in the lab and worked with by its keys."""

from __future__ import annotations

from typing import Final

import pytest
from tests.app.tui.driving import LARGE, SMALL, Driver, Opened
from tests.support.clock import Clock

from mailrail import arrival, comparison, foresight
from mailrail.tui.screens import twin
from mailrail.tui.screens.player import Player
from mailrail_patterns.commands import Set

KEYS: Final = {
    "jump": ("full_stop", "going to 6s"),
    "step": ("right", "going to what happens next"),
    "search": ("v", "looking for the next violation"),
    "fork": ("c", "forking at 5s"),
    "reset": ("E", "putting settings back"),
}
"""Of each sort of errand the key that sets out on it, and what is told of it."""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock by which the engine takes long; no beat comes but those of a test."""
    monkeypatch.setattr(Player, "_beat", lambda player: None)
    for place in (arrival, foresight):
        monkeypatch.setattr(place, "SLICE", 1)
    return Clock()


async def set_out(d: Driver, sort: str, clock: Clock) -> str:
    """Press the key of an errand; return how it is told."""
    session, (key, told) = d.session, KEYS[sort]
    clock.cost = 0.0
    session.clock = clock
    session.rerun()
    session.seek(1.0)
    for name, value in (("lock", "7s"), ("service", "2s"), ("prefetch", "3")):
        session.do(Set(name, value))
    session.seek(20.0 if sort == "fork" else 5.0)
    session.seek(5.0)
    session.notices.clear()
    clock.cost = 0.3
    await d.press(key)
    assert session.underway.startswith(told)
    return session.underway


async def test_whatever_takes_its_time_is_told_and_stopped_by_escape_at_any_size(
    opened: Opened, slow: Clock
) -> None:
    async with opened() as d:
        for sort in KEYS:
            for size in (LARGE, (39, 11), SMALL):
                await set_out(d, sort, slow)
                await d.pilot.resize_terminal(*size)
                await d.settle()
                assert d.session.underway
                d.lab.pulse(0.05)
                if size == (39, 11):
                    assert "mailrail needs 40×12" in "\n".join(d.text())
                elif d.session.underway:
                    assert f"… {d.session.underway}" in d.text()[0]
                left = d.session.underway
                await d.press("escape")
                assert not d.session.underway
                if left:
                    assert d.told() == [f"Given up: {left}."]
                d.session.notices.clear()


@pytest.mark.parametrize("sort", KEYS)
async def test_what_needs_the_run_to_stand_still_is_held_off(
    sort: str, opened: Opened, slow: Clock
) -> None:
    async with opened() as d:
        told = await set_out(d, sort, slow)
        for key in ("x", "m", "L", "w", "T", "s", "i", "C", "e", "b", "u", "d", "E"):
            await d.press(key)
            assert d.showing("Lab")
            assert d.told() == [f"not while it takes its time: {told}. Esc gives it up."]
            assert d.session.underway == told
        await d.press("q")
        assert d.app.return_code == 0
        assert d.app.return_value is None


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_it_is_no_reason_to_stay(key: str, opened: Opened, slow: Clock) -> None:
    async with opened() as d:
        await set_out(d, "fork", slow)
        await d.press(key)
        assert not d.app.is_running or d.app._exit


async def test_where_two_runs_part_is_looked_for_until_it_is_given_up_or_found(
    opened: Opened, slow: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twin, "STEPS", 0)  # nothing is known yet
    monkeypatch.setattr(comparison, "SLICE", 10)
    async with opened("priority-queue/starve-then-age") as d:
        session = d.session
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        screen = d.app.screen
        assert isinstance(screen, twin.Twin)
        session.clock = slow
        slow.cost = 0.3
        for leave in ("escape", "right"):
            await d.press("f")
            assert session.underway.startswith("looking for where they part, ")
            assert f"… {session.underway} (esc: give up)" in d.text()[0]
            await d.press(leave)
            assert not session.underway.startswith("looking")
            assert d.showing("Twin")
        await d.press("escape", "0", "f")
        slow.cost = 0.0
        for _ in range(5):  # the other run has to come there as well
            screen.pulse(0.05)
        assert session.run.now == screen.other.now == 6.5


async def test_what_is_told_of_a_deed_waits_until_it_is_done(opened: Opened, slow: Clock) -> None:
    async with opened() as d:
        session = d.session
        session.clock = slow
        session.seek(20.0)
        session.seek(5.0)
        slow.cost = 0.3
        await d.press("m")
        assert session.underway.startswith("forking at 5s")
        assert not d.told()
        slow.cost = 0.0
        d.lab.pulse(0.05)
        await d.settle()
        assert d.told() == [
            "Forked at 5s: the future you had is kept. U returns to it.",
            "The next message sent will be poison.",
        ]
