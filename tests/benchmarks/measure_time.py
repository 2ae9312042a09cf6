"""Time as a place: seek, fork and step back, against plain folding and plain running."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable

from mailrail_patterns.projections.album import Album
from mailrail_patterns.run import Run

from .interleaved import Ratio, middle, ratio
from .scenarios import SEND_EVERY, competing, play
from .table import COST, Row, seconds

PLACES = 50


def clocked(work: Callable[[], object]) -> float:
    """Return how many seconds of processor time it takes."""
    gc.collect()
    start = time.process_time()
    result = work()
    taken = time.process_time() - start
    del result
    return taken


def seek(run: Run, instant: float) -> object:
    """Go there and look."""
    run.seek(instant)
    return run.picture


def back(run: Run) -> object:
    """Go one event back and look."""
    run.back()
    return run.picture


def rerun(messages: int, instant: float) -> Run:
    """Run to an instant from the start."""
    run = Run(competing(messages))
    run.advance(instant)
    return run


def measure(quick: bool, rounds: int) -> list[Row]:
    """Visit random places, the same in every session."""
    messages = 2_000 if quick else 20_000
    run = play(messages)
    events, end = run.events, messages * SEND_EVERY
    chance = random.Random(1)
    fold: list[float] = []
    first: list[float] = []
    seeks: list[list[float]] = []
    backs: list[list[float]] = []
    forks: list[float] = []
    reruns: list[float] = []
    for _ in range(rounds):
        fold.append(clocked(lambda: run._blank().feed(events, len(events))))
        first.append(clocked(lambda: Album(events, run._blank).at(len(events))))
        places = [chance.uniform(0, end) for _ in range(PLACES)]
        seek(run, end)
        seeks.append([clocked(lambda t=t: seek(run, t)) for t in places])  # type: ignore[misc]
        steps = []
        for place in places:
            seek(run, place)
            back(run)  # from between two events only the clock goes back
            steps.append(clocked(lambda: back(run)))
        backs.append(steps)
        place = chance.uniform(end / 4, end)
        forks.append(clocked(lambda t=place: run.fork(t)))  # type: ignore[misc]
        reruns.append(clocked(lambda t=place: rerun(messages, t)))  # type: ignore[misc]

    def row(what: str, ours: list[float], peer: list[float], than: str) -> Row:
        found: Ratio = ratio(ours, peer)
        return Row(what, seconds(middle(ours)), f"{than}: {seconds(middle(peer))}", found, COST)

    plain = f"one forward fold of {len(events):,} events"
    return [
        row("first look: fold with keyframes", first, fold, plain),
        row(f"seek and look, median of {PLACES}", [middle(s) for s in seeks], fold, plain),
        row(f"seek and look, worst of {PLACES}", [max(s) for s in seeks], fold, plain),
        row(f"one step back, median of {PLACES}", [middle(b) for b in backs], fold, plain),
        row(f"one step back, worst of {PLACES}", [max(b) for b in backs], fold, plain),
        row("fork at a random instant", forks, reruns, "running to it"),
    ]
