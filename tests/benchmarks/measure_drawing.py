"""What the lab of every pattern costs to draw, at three sizes; and a lab with very much in it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from bisect import bisect_left
from pathlib import Path
from typing import NamedTuple

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail_patterns import catalog
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

from .driving import Size, frames, keys
from .interleaved import Ratio, middle, ratio
from .recorder import Bare
from .table import COST, Row, number, seconds

ROOT = Path(__file__).resolve().parents[2]
SIZES: tuple[Size, ...] = ((80, 24), (120, 36), (200, 60))
MAIN: Size = (120, 36)
FPS = 15
GOAL = 1 / 3 / FPS
"""Processor seconds of a frame at 120x36: a third of a core at fifteen a second."""

WINDOW = 5.0
"""Seconds of virtual time that are drawn: those in which most happens."""

ROUNDS = 3
"""Rounds at the most, of however many are asked for: each starts thirty-three labs."""

PRESSED = ("tab", "right", "left", "full_stop", "comma", "2", "2", "z", "z", "end")
"""Keys that look, move and lay out anew."""


class Busy(NamedTuple):
    """The busiest scenario of a pattern.

    Attributes:
        pattern: The pattern.
        name: The scenario.
        start: Where most begins to happen, in seconds.
        rate: Events a second from there.
    """

    pattern: str
    name: str
    start: float
    rate: float


def busiest() -> list[Busy]:
    """Return for every pattern the bundled scenario that has most to draw in a short while."""
    found: dict[str, Busy] = {}
    for name in catalog.bundled():
        run = Run(find(name))
        run.advance(run.duration)
        times = [event.t for event in run.events]
        counts = [bisect_left(times, t + WINDOW) - index for index, t in enumerate(times)]
        most = max(counts)
        here = Busy(run.pattern.name, name, times[counts.index(most)], most / WINDOW)
        before = found.get(here.pattern)
        if before is None or here.rate > before.rate:
            found[here.pattern] = here
    return list(found.values())


def lab(busy: Busy, *, paused: bool = False) -> Explorer:
    """Return the explorer where most happens; it plays on at the end."""
    session = Session(find(busy.name))
    session.lecture.loop = True
    session.seek(busy.start)
    while session.errand is not None:
        session.tick(0.0)
    return Explorer(session, paused=paused)


def drawn(busy: Busy, size: Size, count: int, rounds: int, bare: list[float]) -> Row:
    """Draw a pattern at a size; a frame costs what it costs in the middle one of the rounds."""
    taken = [asyncio.run(frames(lab(busy), size, count, 1 / FPS)) for _ in range(rounds)]
    mean = [sum(one) / count for one in taken]
    worst = max(middle([one[index] for one in taken]) for index in range(count))
    share = middle(mean) * FPS
    return Row(
        f"{busy.pattern}, {size[0]}x{size[1]}, {number(busy.rate)} events/s",
        f"{seconds(middle(mean))}, {share:.1%} of a core; worst {seconds(worst)}",
        f"bare line widget: {seconds(middle(bare))}; worst {number(worst / middle(bare))} x",
        ratio(mean, bare),
        COST,
        f"{seconds(GOAL)} a frame" if size == MAIN else "",
    )


def answered(cases: list[Busy], rounds: int, bare: list[float]) -> Row:
    """Press keys in every pattern."""
    each = [
        asyncio.run(keys(lab(busy, paused=True), MAIN, PRESSED))
        for busy in cases
        for _ in range(rounds)
    ]
    flat = [taken for one in each for taken in one]
    worst = max(
        middle([one[at] for one in each[first : first + rounds]])
        for first in range(0, len(each), rounds)
        for at in range(len(PRESSED))
    )
    typical = middle(flat)
    unit = middle(bare)
    return Row(
        f"key to first changed frame, every pattern, {MAIN[0]}x{MAIN[1]}",
        f"{seconds(typical)}; worst {seconds(worst)}",
        f"bare line widget, a frame: {seconds(unit)}",
        Ratio(typical / unit, min(flat) / unit, worst / unit),
        COST,
    )


def child(messages: int, consumers: int) -> dict[str, float]:
    """Measure a crowded lab in a fresh process."""
    words = [sys.executable, "-m", "tests.benchmarks.crowded", str(messages), str(consumers)]
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def crowded(quick: bool, rounds: int) -> list[Row]:
    """Compare a lab that is full with one that is nearly empty, as much happening in both."""
    messages, consumers = (100_000 if quick else 1_000_000), 1_000
    many, few = [], []
    for _ in range(rounds):
        many.append(child(messages, consumers))
        few.append(child(0, 10))
    held = f"{messages:,} queued, {consumers:,} consumers, {int(many[0]['rows']):,} ledger rows"
    rows = []
    for key, what in (
        ("frame", "frame"),
        ("worst", "worst frame"),
        ("tab", "key that selects"),
        ("right", "key one event forward"),
        ("left", "key one event back"),
        ("2", "key that lays out anew"),
    ):
        above, below = [one[key] for one in many], [one[key] for one in few]
        rows.append(
            Row(
                f"{what}: {held}",
                seconds(middle(above)),
                f"with ten: {seconds(middle(below))}",
                ratio(above, below),
                COST,
            )
        )
    return rows


def measure(quick: bool, rounds: int) -> list[Row]:
    """Draw everything in turn."""
    rounds = min(rounds, ROUNDS)
    sizes = (MAIN,) if quick else SIZES
    count = 20 if quick else int(WINDOW * FPS)
    cases = busiest()
    bare = {
        size: [sum(asyncio.run(frames(Bare(), size, count, 0.0))) / count for _ in range(rounds)]
        for size in sizes
    }
    rows = [drawn(busy, size, count, rounds, bare[size]) for busy in cases for size in sizes]
    return [*rows, answered(cases, rounds, bare[MAIN]), *crowded(quick, rounds)]
