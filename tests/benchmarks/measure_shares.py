"""Where the time of a run goes.

The judge is the whole run less the run without watchers; the journal and the kernel are timed by
themselves at the same work; broker, handler and ports are what is left.
"""

from __future__ import annotations

from statistics import median

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.run import Run

from . import ours_bare
from .interleaved import Ratio, timed
from .scenarios import SEND_EVERY, competing, judged
from .table import Row


def without_watchers(messages: int) -> Run:
    """Play with a journal that nobody watches, and ask for no verdict."""
    run = Run(competing(messages))
    run._world.journal._watchers.clear()
    run.advance(messages * SEND_EVERY + 60.0)
    return run


def journal_alone(messages: int) -> Journal:
    """Record what a run of so many messages records, with nothing around it."""
    journal = Journal()
    emit = journal.emit
    for n in range(1, messages + 1):
        name = f"a{n:02d}"
        sent = emit(kind.SENT, "producer-1", "work", name, 0, 1, 0, 0.0, 0.0, "", "", name)
        emit(kind.DELIVERED, "consumer-1", "work", name, 1, sent, n, 30.0)
        emit(kind.WORKING, "consumer-1", "work", name, 1, sent, n, 0.0, 1.0)
        effect = emit(kind.EFFECT, "consumer-1", "work", name, 1, sent, n)
        emit(kind.COMPLETED, "consumer-1", "work", name, 1, effect, n)
    return journal


def measure(quick: bool, rounds: int) -> list[Row]:
    """Form the differences round by round."""
    messages = 20_000 if quick else 200_000
    times = timed(
        {
            "full": lambda: judged(messages),
            "unwatched": lambda: without_watchers(messages),
            "journal": lambda: journal_alone(messages),
            "kernel": lambda: ours_bare.run(messages, lease=30.0),
        },
        rounds,
    )
    full, unwatched = times["full"], times["unwatched"]
    journal, kernel = times["journal"], times["kernel"]
    nothing = [0.0] * rounds
    rest = [u - j - k for u, j, k in zip(unwatched, journal, kernel, strict=True)]
    return [
        _share("judge", full, full, unwatched),
        _share("journal", full, journal, nothing),
        _share("broker, handler, ports", full, rest, nothing),
        _share("kernel with lock timers", full, kernel, nothing),
    ]


def _share(what: str, full: list[float], more: list[float], less: list[float]) -> Row:
    each = [(m - s) / f for m, s, f in zip(more, less, full, strict=True)]
    share = Ratio(median(each), min(each), max(each))
    return Row(f"share of a run: {what}", f"{share.median:.0%}", "the whole run", share, "of it")
