"""The shape in which everything that can be selected is told."""

from __future__ import annotations

import msgspec

from .selection import Selection

SHOWN = 200
"""Entries of a section at the most; of a longer one the latest are told, or the first."""


class Entry(msgspec.Struct, frozen=True):
    """One line of a sheet.

    Attributes:
        text: What is told.
        label: What stands before it in a column of its own: a name, or an instant.
        tone: ``plain good warn bad note``, or ``faint`` for what is beside the point or not yet.
        target: What is selected when the line is chosen; None: nothing.
        left: What is left of a countdown, as a share; below 0: there is none.
        depth: Steps it is indented, as a consequence of what stands above it.
    """

    text: str
    label: str = ""
    tone: str = "plain"
    target: Selection | None = None
    left: float = -1.0
    depth: int = 0


class Section(msgspec.Struct, frozen=True):
    """Lines under one heading.

    Attributes:
        title: The heading; empty: none.
        entries: The lines.
    """

    title: str
    entries: tuple[Entry, ...]


class Sheet(msgspec.Struct, frozen=True):
    """Everything told of one thing.

    Attributes:
        subject: What it is about.
        title: What it is called.
        sections: What is told of it.
        partial: Whether there will be more of it without anything having happened.
    """

    subject: Selection
    title: str
    sections: tuple[Section, ...]
    partial: bool = False


def facts(*pairs: tuple[str, str] | Entry | None) -> tuple[Entry, ...]:
    """Return labelled lines; what is empty is left out."""
    found = []
    for pair in pairs:
        if isinstance(pair, Entry):
            found.append(pair)
        elif pair is not None and pair[1]:
            found.append(Entry(pair[1], pair[0]))
    return tuple(found)


def sections(*pairs: tuple[str, tuple[Entry, ...]]) -> tuple[Section, ...]:
    """Return the sections that have anything to tell."""
    return tuple(Section(title, entries) for title, entries in pairs if entries)
