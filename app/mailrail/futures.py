"""The runs left behind by forking or running anew, to be returned to."""

from __future__ import annotations

from typing import Final, NamedTuple

from mailrail_patterns.commands import format_command
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run

from .framing import Framer

MOST: Final = 8
"""Runs kept besides the one on the screen; each holds all its events."""


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
        commands = self.run.commands
        count = f"{len(commands)} thing{'s' * (len(commands) != 1)} done by hand"
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
