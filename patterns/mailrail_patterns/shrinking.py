"""Making a scenario that breaks something as small as it can be and still break it.

Greedy: one simplification after the other is tried and kept if the same thing still breaks,
until none of them helps any more or enough events have been spent on it.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec
from msgspec.structs import replace

from .document import Document
from .names import BadInput
from .quantities import parse_duration
from .reductions import REDUCTIONS, till
from .run import Run
from .scenario import build
from .trials import EXPECTATION, Break, breaks_of

EFFORT: Final = 300_000
"""Events that may be spent on making one scenario smaller."""

_SETUP: Final = 100
"""What it costs to begin a run, in events."""


class Shrunk(msgspec.Struct, frozen=True):
    """A scenario that breaks something, made small.

    Attributes:
        document: The scenario.
        broken: What breaks in it.
        events: How many events it has.
        tried: How many runs it took to find.
    """

    document: Document
    broken: Break
    events: int
    tried: int


def shrink(document: Document, broken: Break, effort: int = EFFORT) -> Shrunk:
    """Return the smallest scenario found that still breaks the same.

    What is expected of figures is taken out first, for the figures of a smaller scenario are
    others. If it is such an expectation that is not met, nothing is therefore made smaller.

    Args:
        document: The scenario, with everything that was done to it as steps.
        broken: What breaks in it.
        effort: How many events may be spent.

    Raises:
        BadInput: If the scenario cannot be run.
    """
    search = _Search(broken, effort)
    small = broken.sort != EXPECTATION
    found = search.look(replace(document, expect=_excused(document)) if small else document)
    if found is None:
        raise BadInput(f"{broken.name} does not break again")
    if small:
        found = search.cut(found)
        while (smaller := search.smaller(found)) is not None:
            found = search.cut(smaller)
        found = search.settle(found)
    return replace(found, tried=search.tried)


def _excused(document: Document) -> list[str]:
    return [text for text in document.expect if text.split()[-1:] == ["breaks"]]


class _Search:
    def __init__(self, broken: Break, effort: int) -> None:
        self.name = broken.name
        self.left = effort
        self.tried = 0

    def look(self, document: Document) -> Shrunk | None:
        """Run a scenario; None if it does not break the same, or cannot be run."""
        try:
            run = Run(build(document, "shrunk"))
        except BadInput:
            return None
        run.advance(run.duration)
        self.tried += 1
        self.left -= len(run.events) + _SETUP
        for each in breaks_of(run):
            if each.name == self.name:
                return Shrunk(document, each, len(run.events), self.tried)
        return None

    def smaller(self, found: Shrunk) -> Shrunk | None:
        """Return the first simplification that still breaks the same; None if none does."""
        for reduce in REDUCTIONS:
            for candidate in reduce(found.document):
                if self.left <= 0:
                    return None
                smaller = self.look(candidate)
                if smaller is not None:
                    return smaller
        return None

    def cut(self, found: Shrunk) -> Shrunk:
        """End the scenario just after the breach: at the next whole second."""
        length = math.floor(found.broken.time) + 1.0
        if length >= parse_duration(found.document.duration):
            return found
        return self.look(till(found.document, length)) or found

    def settle(self, found: Shrunk) -> Shrunk:
        """Leave out what is expected to break and does not any more."""
        run = Run(build(found.document, "shrunk"))
        run.advance(run.duration)
        broken = {f.guarantee.name for f in run.outcome().findings if not f.holds}
        kept = [text for text in found.document.expect if text.split()[0] in broken]
        return replace(found, document=replace(found.document, expect=kept))
