"""Run as a process of its own: a lab with very much in it, and what it costs as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from statistics import median

from mailrail.session import Session
from mailrail.tui.app import Explorer

from .driving import frames, keys
from .scenarios import competing

SIZE = (120, 36)
FRAMES = 60
FPS = 15
DONE_EVERY = 0.04
"""Seconds between two messages done, however many consumers share them."""

SEND_EVERY = 0.001
QUEUED = 300
"""Messages of a lab with little in it: as many as are worked on while it is watched."""

PRESSED = ("tab", "right", "left", "2")


def session(messages: int, consumers: int) -> Session:
    """Return a session in which so many messages wait and as much is done whoever does it."""
    span = consumers * DONE_EVERY
    sent = max(messages, QUEUED) + consumers
    scenario = competing(
        sent, every=f"{SEND_EVERY}s", consumers=consumers, lock="100000s",
        service=f"uniform({span / 2}s, {span * 1.5}s)",
    )  # fmt: skip
    found = Session(scenario)
    found.run.advance(sent * SEND_EVERY + 1.0)
    while found.moving:  # its run is looked at ahead, once; what is measured comes after
        found.tick(0.0)
    found.frame()
    return found


def measured(messages: int, consumers: int) -> dict[str, float]:
    """Return processor seconds of a frame and of keys, and how many rows the ledger has."""
    watched = session(messages, consumers)
    each = asyncio.run(frames(Explorer(watched), SIZE, FRAMES, 1 / FPS))
    watched.pause()
    told = asyncio.run(keys(Explorer(watched, paused=True), SIZE, PRESSED * 5))
    found = {key: median(told[at :: len(PRESSED)]) for at, key in enumerate(PRESSED)}
    rows = float(watched.run.position)
    return {"frame": median(each), "worst": max(each), "rows": rows, **found}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201
