"""Who works on a message, whose lock it is under, what is put off: looked for once a frame."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.requesting import is_inbox_of
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
        """Look through the actors of a frame, and the messages that are locked or put off."""
        view = frame.view
        self.now = view.now
        self._actors: dict[str, ActorView] = {}
        self._working: dict[str, tuple[int, ActorView]] = {}
        self._held: dict[str, tuple[int, MessageView, float]] = {}
        self._later: dict[str, tuple[int, MessageView]] = {}
        self._queues: list[str] = []
        self._inboxes: dict[str, str] = {}
        for index, actor in enumerate(view.actors):
            self._actors.setdefault(actor.name, actor)
            if actor.message and actor.state not in HOLDING and actor.takes > 0:
                for name in _names(actor.message):
                    self._working.setdefault(name, (index, actor))
        index = 0
        for queue in view.queues:
            self._queues.append(queue.name)
            for message in queue.locked:
                index += 1
                for name in _names(message.name):
                    self._held.setdefault(name, (index, message, queue.lock))
        for index, message in enumerate(each for queue in view.queues for each in queue.later):
            for name in _names(message.name):
                self._later.setdefault(name, (index, message))

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

    def later(self, names: tuple[str, ...]) -> MessageView | None:
        """Return the first of these that stays away for a while; None if none does."""
        found = [self._later[name] for name in names if name in self._later]
        return min(found, key=itemgetter(0))[1] if found else None

    def actor(self, name: str) -> ActorView | None:
        """Return the actor of that name; None if there is none."""
        return self._actors.get(name)

    def inbox(self, owner: str) -> str:
        """Return the queue to which answers come to somebody now; empty: there is none."""
        if owner not in self._inboxes:
            mine = [queue for queue in self._queues if is_inbox_of(queue, owner)]
            self._inboxes[owner] = mine[-1] if mine else ""
        return self._inboxes[owner]


def _names(message: str) -> Iterator[str]:
    """Return the names a message goes by: a copy has a number behind that of the original."""
    bare = message.partition("~")[0]
    yield bare
    request, post, number = bare.partition(POST)
    if post and number:
        yield request + post
