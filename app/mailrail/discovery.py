"""Finding a pattern by what somebody remembers of it, and the scenarios in the present folder."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from mailrail_patterns import catalog
from mailrail_patterns.document import read
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

from .letters import legible

MOST_FILES: Final = 200
"""Files of the present folder that are looked into."""


class Match(NamedTuple):
    """What was found.

    Attributes:
        patterns: The patterns, those with a word in their name first, in the order of learning.
        where: What speaks of it: ``name or problem``, ``faults``, ``anything said``.
    """

    patterns: list[str]
    where: str


WHERE: Final = ("name or problem", "faults", "anything said")
"""Where a word is looked for, one after the other: most patterns mention most words somewhere, and
every one has a fault that is called slow."""


@lru_cache(32)
def _told(name: str) -> tuple[str, ...]:
    """Return what a pattern says of itself in each place, and those before, in lower case."""
    pattern = catalog.pattern(name)
    story, faults = pattern.story, pattern.faults
    problem = [name, pattern.title, story.problem, story.brief, story.words]
    more = [story.solution, *story.when, *story.mistaught, *(fault.before for fault in faults)]
    more += [find(each).title for each in catalog.bundled(name)]
    parts = (problem, [fault.name for fault in faults], more)
    return tuple(accumulate((" ".join(words).lower() for words in parts), "{} {}".format))


def matching(query: str) -> Match:
    """Return the patterns that speak of every word of ``query``.

    Where some do in their name or problem, the others are not among them; and where some have a
    fault of that name, those that only mention it are not.
    """
    words = query.lower().split()
    for place, where in enumerate(WHERE):
        found = [n for n in catalog.MODULES if all(word in _told(n)[place] for word in words)]
        if found:
            found.sort(key=lambda name: not any(word in name for word in words))
            return Match(found, where)
    return Match([], WHERE[-1])


def own_files(pattern: str, folder: Path | None = None) -> list[Path]:
    """Return the scenario files of a pattern in a folder (default: the present one), by name.

    A file whose name holds bytes that are no letters is left out: nobody could type it.
    """
    found = []
    try:
        files = sorted((folder or Path()).glob("*.toml"))[:MOST_FILES]
    except OSError:
        return []
    for path in files:
        if legible(path.name) != path.name:
            continue
        try:
            if read(path).pattern == pattern:
                found.append(path)
        except BadInput:
            continue  # some other program's file
    return found
