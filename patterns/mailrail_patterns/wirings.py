"""Which filter's output goes into which filter's pipe: ``decode > resize > publish``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from .names import BadInput, suggest


class Wiring(msgspec.Struct, frozen=True):
    """The joints of a pipeline.

    Attributes:
        chains: Filters, each of which puts its output into the pipe of the next.
    """

    chains: tuple[tuple[str, ...], ...]

    @property
    def joints(self) -> tuple[tuple[str, str], ...]:
        """Every output and the filter it goes to, each joint once."""
        pairs = [pair for chain in self.chains for pair in pairwise(chain)]
        return tuple(dict.fromkeys(pairs))

    @property
    def line(self) -> tuple[str, ...]:
        """The filters an item goes through, in order; of a wiring that has been checked."""
        goes_to = dict(self.joints)
        return _way(next(name for name in goes_to if name not in goes_to.values()), goes_to)

    def check(self, known: Sequence[str], first: str, last: str) -> None:
        """Refuse a wiring that is no pipeline.

        Args:
            known: Every filter there is.
            first: The filter whose pipe the sources put items into.
            last: The filter whose output leaves the pipeline.

        Raises:
            BadInput: Names the filter at fault and the reason.
        """
        goes_to: dict[str, str] = {}
        for output, pipe in self.joints:
            for name in (output, pipe):
                if name not in known:
                    raise BadInput(f"there is no filter {name!r}; {suggest(name, known)}")
            if output == pipe:
                raise BadInput(
                    f"{output} is wired to itself: what it puts out would come back to it for "
                    "ever; wire it to another filter"
                )
            if output == last:
                raise BadInput(f"{last} is wired to {pipe}, but what leaves {last} is published")
            if output in goes_to:
                raise BadInput(
                    f"{output} has two outputs, to {goes_to[output]} and to {pipe}; a filter "
                    "puts its result into one pipe"
                )
            goes_to[output] = pipe
        for name in goes_to:
            way = _way(name, goes_to)
            if goes_to.get(way[-1]) == name:
                circle = " > ".join([*way, name])
                raise BadInput(f"{circle} is a cycle: an item would go round for ever; cut it")
        into = next((output for output, pipe in self.joints if pipe == first), "")
        if into:
            raise BadInput(f"{into} is wired to {first}, which takes what the sources send: files")
        line = _way(first, goes_to)
        if line[-1] != last:
            raise BadInput(
                f"no way leads from the sources to {last}: nothing goes on after {line[-1]}; "
                f"wire it to another filter, in the end to {last}"
            )
        idle = next((name for name in goes_to if name not in line), "")
        if idle:
            raise BadInput(
                f"no way leads from the sources to {idle}; wire a filter to it, or leave it out"
            )


def _way(start: str, goes_to: Mapping[str, str]) -> tuple[str, ...]:
    """Return where the joints lead from a filter, as far as they do, each filter once."""
    way = [start]
    while (after := goes_to.get(way[-1])) is not None and after not in way:
        way.append(after)
    return tuple(way)


def parse_wiring(text: str) -> Wiring:
    """Read a wiring such as ``decode > resize > publish``; commas part chains of their own.

    Raises:
        BadInput: If it is none.
    """
    chains = tuple(
        tuple(name.strip().lower() for name in chain.split(">")) for chain in text.split(",")
    )
    for chain in chains:
        if len(chain) < 2 or not all(chain):
            raise BadInput(
                f"expected filters with > between them, such as 'decode > publish', not {text!r}"
            )
    return Wiring(chains)
