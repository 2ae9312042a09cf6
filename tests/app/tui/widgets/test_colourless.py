"""Without any colour and with plain signs only, every picture tells every state by sign or word."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from mailrail.session import Session
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.glyphs import PLAIN
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks
from mailrail_patterns import catalog
from mailrail_patterns.commands import Command, Crash, Pause
from mailrail_patterns.scenario import find

SIZES = [(78, 14), (88, 22), (120, 36)]
"""Columns and rows of a picture at 80x24, at 120x36 and at 160x48."""


def befalls(name: str) -> dict[str, tuple[Command, ...]]:
    return {"well": (), "crashed": (Crash(name),), "paused": (Pause(name),)}


@cache
def members(pattern: str) -> tuple[str, ...]:
    """Return the first actor of each role that handles messages."""
    session = Session(find(pattern), clock=lambda: 0.0)
    session.seek(4.0)
    found: dict[str, str] = {}
    for actor in session.run.view().actors:
        if actor.kind != "producer" and actor.state in ("idle", "working"):
            found.setdefault(actor.role, actor.name)
    return tuple(found.values())


def pictures(pattern: str, name: str) -> dict[str, dict[tuple[int, int], str]]:
    """Return what is drawn after each thing that can befall an actor, at each size, in ASCII."""
    found = {}
    for state, commands in befalls(name).items():
        session = Session(find(pattern), clock=lambda: 0.0)
        session.seek(4.0)
        session.select(name)
        for command in commands:
            session.do(command)
        frame = session.frame()
        painter = PAINTERS[pattern]
        found[state] = {
            size: painter(frame, *size, Peaks()).text().translate(PLAIN) for size in SIZES
        }
    return found


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_what_befell_somebody_can_be_read_without_colour(pattern: str) -> None:
    assert members(pattern)
    for name in members(pattern):
        drawn = pictures(pattern, name)
        for size in SIZES:
            told = {state: texts[size] for state, texts in drawn.items()}
            for one, other in combinations(("well", "crashed", "paused"), 2):
                assert told[one] != told[other], (name, size, one, other)
            for state in ("crashed", "paused"):
                sign = glyphs.state(state).translate(PLAIN)
                new = told[state].count(sign) > told["well"].count(sign)
                assert new or state in told[state], (name, size, state, told[state])
            assert told["well"].isascii()
