"""What a person has selected: an actor, a message, a queue, a durable row or an event."""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

import msgspec

from mailrail_patterns.run import Run

PAST: Final = 50
"""Selections that can be returned to."""


class Kind(enum.Enum):
    """What can be selected."""

    ACTOR = "actor"
    MESSAGE = "message"
    QUEUE = "queue"
    ROW = "row"
    EVENT = "event"


class Selection(msgspec.Struct, frozen=True):
    """One thing of a run, named; whether there is such a thing is for the run to say.

    Attributes:
        kind: What it is.
        name: The actor, the message, the queue, the key of the row, or the number of the event.
        place: The table of a row; the queue of a message, where that is known.
    """

    kind: Kind
    name: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        """It in one word, as :func:`selection_of` reads it: ``orders/m01``."""
        return f"{self.place}/{self.name}" if self.place else self.name


NOTHING: Final = Selection(Kind.ACTOR)
"""What is selected where nothing is."""


def selection_of(kind: str, key: str) -> Selection | None:
    """Return what a place on the screen stands for; None: nothing that can be selected."""
    if kind not in _KINDS:
        return None
    place, _, name = key.rpartition("/")
    return Selection(_KINDS[kind], name, place)


_KINDS: Final = {kind.value: kind for kind in Kind}


class _Before(NamedTuple):
    selection: Selection
    actor: str


class Selecting:
    """The part of a session that knows what is selected.

    Attributes:
        run: The run on the screen.
        selection: What is selected.
        selected: The actor that the keys of actors act on: the one selected last. It is marked on
            every screen, so that whoever looks at a message still sees whom a key would kill.
    """

    run: Run
    selection: Selection
    selected: str

    def __init__(self) -> None:
        self.selection = NOTHING
        self.selected = ""
        self._past: list[_Before] = []

    def actors(self) -> list[str]:
        """Return the names of the actors at the playhead, in order of appearance."""
        return [actor.name for actor in self.run.view().actors]

    def select(self, name: str) -> None:
        """Select an actor; an unknown name selects none."""
        self.look_at(Selection(Kind.ACTOR, name if name in self.actors() else ""))

    def look_at(self, selection: Selection) -> None:
        """Select anything; what was selected before can be returned to."""
        if selection == self.selection:
            return
        if self.selection.name:
            self._past.append(_Before(self.selection, self.selected))
            del self._past[:-PAST]
        self._take(selection)

    def _take(self, selection: Selection) -> None:
        self.selection = selection
        if selection.kind is Kind.ACTOR:
            self.selected = selection.name

    def look_back(self) -> bool:
        """Select what was selected before; False if there was nothing."""
        if not self._past:
            return False
        before = self._past.pop()
        self._take(before.selection)
        self.selected = before.actor
        return True

    def select_next(self, step: int) -> None:
        """Select the next actor (``step`` 1) or the one before (``step`` -1)."""
        names = self.actors()
        if not names:
            return
        if self.selected in names:
            self.select(names[(names.index(self.selected) + step) % len(names)])
        else:
            self.select(names[0 if step > 0 else -1])

    def reselect(self) -> None:
        """Select another actor where the one that was selected is not part of the run."""
        if self.selected not in self.actors():
            self.selected = ""
            if self.selection.kind is Kind.ACTOR:
                self.select_next(1)
