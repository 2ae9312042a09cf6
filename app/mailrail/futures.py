"""The runs left behind by forking or running anew, to be returned to."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final, NamedTuple, TypeVar

from mailrail_patterns.commands import Command, format_command
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run

from .arrival import to_instant
from .framing import Framer

T = TypeVar("T")

MOST: Final = 8
"""Runs kept besides the one on the screen; each holds all its events."""

FOLD: Final = 8192
"""Events between two looks at a branch, whose picture is made on the way."""


class Future(NamedTuple):
    """A run that was left.

    Attributes:
        run: The run, its playhead where it was left.
        framer: Makes its frames.
        forks: How many forks led to it.
    """

    run: Run
    framer: Framer
    forks: int

    @property
    def where(self) -> str:
        """Say which it is: its seed, and where it was left."""
        return f"seed {self.run.seed}, at {format_duration(round(self.run.now, 3))}"

    @property
    def done(self) -> str:
        """Say what was done in it by hand."""
        commands, count = self.run.commands, by_hand(self.run)
        if not commands:
            return count
        last = commands[-1]
        when = format_duration(round(last.at, 3))
        return f"{count}, last {format_command(last.command)} at {when}"

    @property
    def broken(self) -> str:
        """Say how its guarantees have fared."""
        names = [each.guarantee.name for each in self.run.findings() if not each.holds]
        return f"breaks {', '.join(names)}" if names else "all guarantees hold"


def by_hand(run: Run) -> str:
    """Say how much was done in a run by hand."""
    done = len(run.commands)
    return f"{done} thing{'s' * (done != 1)} done by hand"


def carrying_out(command: Command) -> Callable[[Run], Generator[float, None, None]]:
    """Return the work of carrying out one command in a run."""

    def work(run: Run) -> Generator[float, None, None]:
        run.do(command)
        yield from ()

    return work


def reaching(
    branch: Run, framer: Framer, time: float, work: Callable[[Run], Generator[float, None, T]]
) -> Generator[float, None, T]:
    """Bring a branch of a run to the instant of the fork and do what is different in it.

    Args:
        branch: The branch, at its start.
        framer: Makes its frames; it reads along, as it is to be drawn at once.
        time: The instant, in seconds.
        work: What is done there; it takes little against the way to there.

    Yields:
        How much of the way is done, from 0 to 1.

    Returns:
        What came of the work.

    Raises:
        BadInput: If the work names something unknown or does not apply.
    """
    for share in to_instant(branch, time):
        if branch.position - framer.seen >= FOLD:
            framer.read()
            branch.view()
            branch.digest()
        yield share
    if branch.stalled:
        raise BadInput("the run stalls before that instant")
    different = work(branch)
    while True:
        try:
            next(different)
        except StopIteration as end:
            came: T = end.value
            return came
        yield 1.0
