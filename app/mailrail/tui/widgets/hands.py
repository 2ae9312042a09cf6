"""Who works on a message, and under whose lock it lies: looked for once a frame."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView, MessageView

HOLDING: Final = frozenset({"crashed", "paused", "stopped"})
"""States in which somebody holds what they do not work on."""

POST: Final = "-post"
"""How the name of a request ends that is sent with its own reply address; a number may follow."""


class Hands:
    """What the actors of one frame have in hand.

    Attributes:
        now: The instant of the frame, in seconds.
    """

    def __init__(self, frame: LabFrame) -> None:
        """Look through the actors and the locked messages of a frame."""
        view = frame.view
        self.now = view.now
        self._states: dict[str, str] = {}
        self._working: dict[str, tuple[int, ActorView]] = {}
        self._held: dict[str, tuple[int, MessageView, float]] = {}
        for index, actor in enumerate(view.actors):
            self._states.setdefault(actor.name, actor.state)
            if actor.message and actor.state not in HOLDING and actor.takes > 0:
                for name in _names(actor.message):
                    self._working.setdefault(name, (index, actor))
        index = 0
        for queue in view.queues:
            for message in queue.locked:
                index += 1
                for name in _names(message.name):
                    self._held.setdefault(name, (index, message, queue.lock))

    def at_work(self, names: tuple[str, ...]) -> tuple[str, ActorView] | None:
        """Return the first actor that works on one of these messages, and on which."""
        found = [(*self._working[name], name) for name in names if name in self._working]
        if not found:
            return None
        _, actor, name = min(found, key=itemgetter(0))
        return name, actor

    def held(self, names: tuple[str, ...]) -> tuple[MessageView | None, float]:
        """Return the first of these under a lock, and how long one lasts there, in seconds."""
        found = [self._held[name] for name in names if name in self._held]
        _, message, lock = min(found, key=itemgetter(0), default=(0, None, 0.0))
        return message, lock

    def state(self, actor: str) -> str:
        """Return the state of an actor; ``gone`` if there is none."""
        return self._states.get(actor, "gone")


def _names(message: str) -> Iterator[str]:
    """Return the names a message goes by: a copy has a number behind that of the original."""
    bare = message.partition("~")[0]
    yield bare
    request, post, number = bare.partition(POST)
    if post and number:
        yield request + post
