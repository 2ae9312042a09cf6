"""The themes a person has added, read from the data folder, and read again when they change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mailrail_patterns.names import suggest
from mailrail_themes import BadTheme, Palette, read

from . import places
from .letters import legible

Stamp = tuple[int, int]
"""When a file was written, in nanoseconds, and its length: what differs after an edit."""


class Finds(NamedTuple):
    """What a look into the folder has brought.

    Attributes:
        palettes: Themes that are new, or not what they were.
        problems: What is wrong with the files that cannot be used; each names its file.
    """

    palettes: list[Palette]
    problems: list[str]


class Wardrobe:
    """Looks for themes; of a file that has not changed since the last look nothing is said."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._seen: dict[Path, Stamp] = {}

    def look(self) -> Finds:
        """Return what is new."""
        found = Finds([], [])
        folder = places.data() / "themes"
        try:
            files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
        except OSError as problem:
            return Finds([], [f"{folder}: {problem.strerror or problem}"])
        self._seen = {path: stamp for path, stamp in self._seen.items() if path in files}
        for path in files:
            try:
                about = path.stat()
                stamp = (about.st_mtime_ns, about.st_size)
                if self._seen.get(path) == stamp:
                    continue
                self._seen[path] = stamp
                found.palettes.append(read(path))
            except BadTheme as problem:
                found.problems.append(str(problem))
            except OSError as problem:
                found.problems.append(f"{path.name}: {problem.strerror or problem}")
        return Finds(found.palettes, [legible(problem) for problem in found.problems])


def own_themes() -> Finds:
    """Return the themes in the data folder, and what is wrong with those that cannot be used."""
    return Wardrobe().look()


def refusal(name: str, known: Iterable[str], problems: Iterable[str]) -> str:
    """Return why no theme of a name can be worn: its file cannot be used, or there is none.

    Args:
        name: The name, as a person gave it.
        known: The names of those that can be worn.
        problems: What is wrong with the files that cannot be used; each begins with its file.
    """
    for problem in problems:
        if problem.startswith(f"{name}.toml: "):
            return problem
    return f"unknown theme {name!r}; {suggest(name, known)}"
