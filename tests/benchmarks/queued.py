"""Run as a process of its own: queues messages nobody takes, prints what they cost as JSON."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from pathlib import Path
from statistics import median

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.screens.stage import Stage

from .peer_model import simulate
from .peer_tuned import TunedQueue
from .scenarios import SEND_EVERY, competing, judged

FRAMES = 60


def resident() -> int:
    """Return the bytes this process has in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def ours(messages: int) -> dict[str, float]:
    """Measure our run, then the lab on it."""
    judged(100)
    session = Session(competing(0, consumers=0), clock=time.perf_counter)
    start = resident()
    session.run.advance((messages - 1) * SEND_EVERY)
    engine = resident()
    session.frame()
    found = {"engine": engine - start, "shown": resident() - start}
    return found | {"frame": asyncio.run(frame(session, messages))}


async def frame(session: Session, messages: int) -> float:
    """Return the median processor seconds of one frame at 120x36, composed but not written."""
    app = Explorer(session, paused=True)
    found: list[float] = []
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        lab = app.screen
        if not isinstance(lab, Stage):
            raise TypeError("the lab should be on the screen")
        for _ in range(FRAMES):
            session.run.advance(session.run.now + SEND_EVERY)
            start = time.process_time()
            lab.redraw()
            found.append(time.process_time() - start)
            await pilot.pause()
    depth = session.run.view().queues[0].depth
    if depth != messages + FRAMES:
        raise RuntimeError(f"{depth} messages are queued")
    return median(found)


def peer(messages: int) -> dict[str, float]:
    """Measure the tuned peer."""
    simulate(TunedQueue, 100)
    start = resident()
    journal = simulate(TunedQueue, messages, service=())
    engine = resident() - start
    return {"engine": engine, "events": len(journal.events)}


if __name__ == "__main__":
    side, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps(ours(count) if side == "ours" else peer(count)))  # noqa: T201
