"""The source of a pattern, and the lines at which a coroutine stands."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec


class Source(msgspec.Struct, frozen=True, eq=False):
    """A source file. There is one of each, so that it is told from others by being it.

    Attributes:
        name: The file's name.
        lines: Its lines.
    """

    name: str
    lines: tuple[str, ...]


class Place(msgspec.Struct, frozen=True):
    """A line of a source file.

    Attributes:
        source: The file.
        line: The line's number, from 1.
    """

    source: Source
    line: int

    @property
    def text(self) -> str:
        """The line."""
        return self.source.lines[self.line - 1] if self.line <= len(self.source.lines) else ""


class CodeView(msgspec.Struct, frozen=True):
    """Where the coroutine of an actor stands.

    Attributes:
        source: The pattern's module; None: there is nothing to show.
        actor: The actor; empty: none is selected.
        word: ``waits``, ``died`` or ``frozen``: why it stands there.
        places: The line of each call it is in, the outermost first; none: it stands nowhere.
        why: Why it stands nowhere, as a sentence.
    """

    source: Source | None = None
    actor: str = ""
    word: str = "waits"
    places: tuple[Place, ...] = ()
    why: str = ""


@lru_cache(64)
def source_of(path: str) -> Source:
    """Return a source file; one that cannot be read has no lines."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        text = ""
    return Source(Path(path).name, tuple(text.rstrip("\n").split("\n")))
