"""What is wanted of a sweep, and the plan that follows from it."""

from __future__ import annotations

from typing import Final

import msgspec

from mailrail_patterns.names import BadInput, suggest
from mailrail_patterns.quantities import parse_duration
from mailrail_patterns.run import Run
from mailrail_patterns.sweeping import Plan, by_crash, by_fault, by_seed

from .preparation import flagged
from .sweep_findings import CRASH, FAULT, SEEDS

EVERYWHERE: Final = "every-event"
_SEEDS: Final = "100"
_MOST: Final = "1000"
_MANY: Final = 1_000_000
_PROCESSES: Final = 256


class Wish(msgspec.Struct, frozen=True):
    """What is wanted of a sweep, as it was typed.

    Attributes:
        seeds: How many seeds.
        crash: Where to crash whoever acts: ``every-event``.
        fault: Where to inject every fault: ``every-event``.
        down: How long a crash or a fault lasts.
        most: Most crashes or faults.
        jobs: How many processes to use.
        json: One JSON object on stdout instead of the report.
        save: File for the shortest failure.
        force: Whether it may be overwritten.
    """

    seeds: str | None = None
    crash: str | None = None
    fault: str | None = None
    down: str | None = None
    most: str | None = None
    jobs: str | None = None
    json: bool = False
    save: str | None = None
    force: bool = False


def mode_of(wish: Wish) -> str:
    """Return what the runs are to differ in.

    Raises:
        BadInput: If that is not one thing.
    """
    given = {SEEDS: wish.seeds, CRASH: wish.crash, FAULT: wish.fault}
    modes = [mode for mode, value in given.items() if value is not None]
    if len(modes) > 1:
        flags = " and ".join(
            {SEEDS: "--seeds", CRASH: "--crash", FAULT: "--fault"}[m] for m in modes
        )
        raise BadInput(f"{flags} cannot be had together; a sweep varies one thing")
    mode = modes[0] if modes else SEEDS
    if mode != SEEDS and given[mode] != EVERYWHERE:
        raise BadInput(
            f"unknown place {given[mode]!r}; {suggest(str(given[mode]), [EVERYWHERE])}", f"--{mode}"
        )
    if mode == SEEDS:
        for flag, value in (("--restart", wish.down), ("--most", wish.most)):
            if value is not None:
                raise BadInput("goes with --crash or --fault only", flag)
    return mode


def jobs_of(wish: Wish) -> int | None:
    """Return how many processes to use; None: as many as are worth it.

    Raises:
        BadInput: If it is no such number.
    """
    return None if wish.jobs is None else _number("--jobs", wish.jobs, _PROCESSES)


def plan_of(run: Run, wish: Wish, mode: str) -> Plan:
    """Return the runs of a sweep; for crashes and faults ``run`` is carried to its end.

    Raises:
        BadInput: If a flag cannot be used.
    """
    if mode == SEEDS:
        count = _number("--seeds", wish.seeds or _SEEDS, _MANY)
        if run.seed + count > 2**63:
            raise BadInput(f"there are not so many seeds after {run.seed}", "--seeds")
        return by_seed(run.seed, count)
    down = None if wish.down is None else flagged("--restart", parse_duration, wish.down)
    if down == 0:
        raise BadInput("expected more than 0s", "--restart")
    most = _number("--most", wish.most or _MOST, _MANY)
    run.advance(run.duration)
    return (by_crash if mode == CRASH else by_fault)(run, down=down, most=most)


def _number(flag: str, text: str, highest: int) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise BadInput(f"expected a whole number from 1 to {highest}, not {text[:40]!r}", flag)
    if not 1 <= int(text) <= highest:
        raise BadInput(f"expected 1 to {highest}, not {text}", flag)
    return int(text)
