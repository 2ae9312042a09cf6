"""Finding a pattern by what somebody remembers of it, and the scenarios in the present folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from mailrail_patterns import catalog
from mailrail_patterns.document import read
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

MOST_FILES: Final = 200
"""Files of the present folder that are looked into."""


@lru_cache(32)
def _told(name: str) -> str:
    """Return everything a pattern says of itself, in lower case: name, story, faults, scenarios."""
    pattern = catalog.pattern(name)
    story = pattern.story
    words = [name, pattern.title, story.problem, story.solution, *story.when, *story.mistaught]
    words += [f"{fault.name} {fault.before}" for fault in pattern.faults]
    words += [find(each).title for each in catalog.bundled(name)]
    return " ".join(words).lower()


def matching(query: str) -> list[str]:
    """Return the patterns that mention every word of ``query``, in the order of learning.

    Those with a word in their name come first.
    """
    words = query.lower().split()
    found = [name for name in catalog.MODULES if all(word in _told(name) for word in words)]
    return sorted(found, key=lambda name: not any(word in name for word in words))


def own_files(pattern: str, folder: Path | None = None) -> list[Path]:
    """Return the scenario files of a pattern in a folder (default: the present one), by name."""
    found = []
    try:
        files = sorted((folder or Path()).glob("*.toml"))[:MOST_FILES]
    except OSError:
        return []
    for path in files:
        try:
            if read(path).pattern == pattern:
                found.append(path)
        except BadInput:
            continue  # some other program's file
    return found
