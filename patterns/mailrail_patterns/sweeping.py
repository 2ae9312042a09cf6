"""Sweeps: many runs of one scenario, each with one thing different, planned beforehand.

A plan is made of the events of one run that nothing was done to: every other run is the same
up to where it is struck, so what is known of the first is known of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import msgspec

from .commands import Command, Crash, CrashPoint, Heal, Inject, Restart, Timed
from .kernel import events as kind
from .passages import BEGINS, consumers_of, passages, points_of
from .quantities import on_grid
from .run import Run


class Trial(msgspec.Struct, frozen=True):
    """One run of a sweep: what is different about it.

    Attributes:
        seed: Its seed.
        commands: What is done in it besides what is done in all of them.
        time: The instant at which it is to be struck, in seconds.
        actor: Who is crashed; empty: nobody.
        point: The crash point, where it is not the end of an instant.
        fault: The fault that is injected; empty: none.
    """

    seed: int
    commands: tuple[Timed, ...] = ()
    time: float = 0.0
    actor: str = ""
    point: CrashPoint | None = None
    fault: str = ""


class Plan(msgspec.Struct, frozen=True):
    """The runs of a sweep, in order.

    Attributes:
        trials: Those to carry out.
        left_out: How many more there would have been.
    """

    trials: tuple[Trial, ...]
    left_out: int = 0


_ENDS: Final = frozenset({kind.CRASHED, kind.STOPPED})
PATIENCE: Final = 5.0
"""How long the crashed stay away where no lock is worth waiting for, in seconds."""

_GOLDEN: Final = 2654435769
"""The golden ratio's fraction, in units of 2 to the power of -32."""


def by_seed(first: int, count: int) -> Plan:
    """Return ``count`` runs, with the seeds from ``first`` on."""
    return Plan(tuple(Trial(seed) for seed in range(first, first + count)))


def by_crash(run: Run, *, down: float | None, most: int) -> Plan:
    """Return a run for every event of ``run``: the actor of the event is crashed there.

    A crash at an instant comes after everything else of it, so an effect and its settlement
    could never be torn apart. For each message that is worked on there is therefore also a
    crash at each point of the handler where another state is left behind: K5 and K6; K3 if
    handlers publish anything, and K4 if they do so before the effect. K1 and K2 leave what a
    crash at the instant does.

    Args:
        run: The finished run without crashes.
        down: Seconds until a crashed actor is restarted; None: as long as a lock lasts, or as
            the supervisor restarts it where there is one. No restart is later than the end.
        most: Most runs wanted; of more, some are left out evenly.
    """
    found = [*_at_instants(run, down), *_at_points(run, down)]
    return _thinned(sorted(found, key=lambda trial: trial.time), most)


def by_fault(run: Run, *, down: float | None, most: int) -> Plan:
    """Return a run for every instant of ``run`` and every fault the pattern offers.

    Args:
        run: The finished run without the faults.
        down: Seconds until a fault that lasts is healed; None: as long as a lock lasts.
        most: Most runs wanted; of more, some are left out evenly.
    """
    lasting = _patience(run) if down is None else down
    found = []
    for time in dict.fromkeys(event.t for event in run.events):
        for fault in run.pattern.faults:
            commands = [Timed(time, Inject(fault.name))]
            if fault.lasts:
                commands += _later(run, time + lasting, Heal(fault.name))
            found.append(Trial(run.seed, tuple(commands), time, fault=fault.name))
    return _thinned(found, most)


def _patience(run: Run) -> float:
    """Return how long a lock lasts, in seconds; nobody waits for one that outlasts the run."""
    lock: float = run.settings().get("lock", PATIENCE)
    return lock if lock < run.duration else PATIENCE


def _later(run: Run, time: float, command: Command) -> list[Timed]:
    """Return the command at that instant, unless the run is over by then."""
    time = on_grid(time)
    return [Timed(time, command)] if time <= run.duration else []


def _revived(run: Run, actor: str, time: float, down: float | None) -> list[Timed]:
    supervised: float = run.settings().get("restart_after", 0.0)
    if down is None and supervised and actor in consumers_of(run.events):
        return []
    wait = (supervised or _patience(run)) if down is None else down
    return _later(run, time + wait, Restart(actor))


def _at_instants(run: Run, down: float | None) -> Iterator[Trial]:
    alive: set[str] = set()
    for time, group in groupby(run.events, key=lambda event: event.t):
        acting: dict[str, None] = {}
        for event in group:
            if event.kind in BEGINS:
                alive.add(event.actor)
            elif event.kind in _ENDS:
                alive.discard(event.actor)
            acting[event.actor] = None
        for actor in acting:
            if actor in alive:
                commands = (Timed(time, Crash(actor)), *_revived(run, actor, time, down))
                yield Trial(run.seed, commands, time, actor)


def _at_points(run: Run, down: float | None) -> Iterator[Trial]:
    consumers = consumers_of(run.events)
    points = points_of(run.events, consumers)
    for actor, armed, time in passages(run.events, consumers):
        revived = _revived(run, actor, time, down)
        passing = run.points(actor)
        for point in (each for each in points if each in passing):
            commands = (Timed(armed, Crash(actor, point)), *revived)
            yield Trial(run.seed, commands, time, actor, point)


def _thinned(trials: Sequence[Trial], most: int) -> Plan:
    """Leave some out, so that what is kept is spread evenly and in step with nothing.

    To take every ninth of nine faults an instant would be to take one fault only. Multiples of
    the golden ratio, modulo 1, fill every stretch and every residue class evenly.
    """
    count = len(trials)
    if count <= most:
        return Plan(tuple(trials))
    ranked = sorted(range(count), key=lambda index: index * _GOLDEN % 2**32)
    return Plan(tuple(trials[index] for index in sorted(ranked[:most])), count - most)
