"""What a message costs in each pattern, as a multiple of one of competing consumers.

Every pattern plays its defaults for a long stretch of virtual time. A message is one that a queue
accepted: patterns that answer, copy or coordinate send several for each that a client sent.
"""

from __future__ import annotations

from functools import partial

from mailrail_patterns import catalog
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, build

from .interleaved import Ratio, middle, timed
from .table import COST, Row, number

PEER = "competing-consumers"
GOAL = "<= 10"


def played(name: str, seconds: float) -> Run:
    """Play a pattern's defaults for so many seconds of virtual time, and judge them."""
    run = Run(build(Document(pattern=name, duration=seconds), name))
    run.advance(seconds)
    run.findings()
    return run


def messages(run: Run) -> int:
    """Return how many messages queues accepted."""
    return sum(1 for event in run.events if event.kind == kind.SENT)


def measure(quick: bool, rounds: int) -> list[Row]:
    """Play every pattern once a round, in turn."""
    seconds = 1_000.0 if quick else 10_000.0
    counts = {name: messages(played(name, seconds)) for name in catalog.MODULES}
    times = timed({name: partial(played, name, seconds) for name in catalog.MODULES}, rounds)
    cost = {name: [t / counts[name] for t in times[name]] for name in times}
    rows = []
    for name in catalog.MODULES:
        each = [own / peer for own, peer in zip(cost[name], cost[PEER], strict=True)]
        spread = Ratio(middle(each), min(each), max(each))
        rate = f"{number(1 / middle(cost[name]))} msg/s"
        rows.append(Row(f"a message of {name}", rate, PEER, spread, COST, GOAL))
    return rows
