"""What a sweep found, as its report and its JSON tell it."""

from __future__ import annotations

from typing import Final

import msgspec

from mailrail_patterns.run import Run
from mailrail_patterns.shrinking import Shrunk
from mailrail_patterns.sweeping import Plan, Trial
from mailrail_patterns.trials import Break, Result

from .narration import seconds
from .reproduce import look, look_at_file, reproduce

SEEDS: Final = "seeds"
CRASH: Final = "crash"
FAULT: Final = "fault"
"""What the runs of a sweep differ in."""


class Shortest(msgspec.Struct, frozen=True):
    """The failure that takes the fewest events.

    Attributes:
        index: Which trial.
        broken: What broke in it.
        run: Its run; nothing has happened in it.
        shrunk: The same, made small.
    """

    index: int
    broken: Break
    run: Run
    shrunk: Shrunk


class Findings(msgspec.Struct, frozen=True):
    """Everything a sweep found.

    Attributes:
        mode: What the runs differ in: ``seeds``, ``crash`` or ``fault``.
        run: The run they differ from.
        plan: The runs.
        results: How each of them ended.
        shortest: The shortest failure; None: nothing broke.
        saved: The file it was written to; empty: none.
    """

    mode: str
    run: Run
    plan: Plan
    results: tuple[Result, ...]
    shortest: Shortest | None
    saved: str = ""

    @property
    def failures(self) -> int:
        """In how many runs something broke."""
        return sum(1 for result in self.results if result.breaks)

    @property
    def distinct(self) -> int:
        """How many of the runs differ in anything that happened."""
        return len({result.digest for result in self.results})

    @property
    def alike(self) -> bool:
        """Whether several seeds were tried and all gave the very same run."""
        return self.mode == SEEDS and self.distinct == 1 < len(self.results)

    @property
    def idle(self) -> int:
        """In how many runs the crash or the fault never took effect."""
        if self.mode == SEEDS:
            return 0
        return sum(1 for result in self.results if result.struck is None)

    @property
    def open(self) -> str:
        """The command that opens the shortest failure where it breaks; empty: nothing broke."""
        short = self.shortest
        if short is None:
            return ""
        if self.saved:
            return look_at_file(self.saved, short.shrunk.broken.time)
        return look(short.run, short.broken.time)

    @property
    def again(self) -> str:
        """The command that repeats the shortest failure; empty: nothing broke."""
        return "" if self.shortest is None else reproduce(self.shortest.run)


def told(trial: Trial, struck: float | None = None) -> str:
    """Say what is different about a trial."""
    time = seconds(trial.time if struck is None else struck)
    if trial.fault:
        return f"{trial.fault} at {time}"
    if trial.actor:
        point = f", {trial.point.name} {trial.point.value}" if trial.point else ""
        return f"{trial.actor} crashes at {time}{point}"
    return f"seed {trial.seed}"
