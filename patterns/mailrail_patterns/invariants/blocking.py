"""A filter that waits for room is full: it holds what it has finished and begins nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

ONE_FINISHED = Guarantee(
    "one-while-blocked",
    "A filter that waits for room holds exactly one item, which it has finished: it takes no other "
    "and gives none back before there is room.",
    source="A5 (1)",
)

GOES_ON: Final = (kind.SENT, kind.REJECTED, kind.DROPPED, kind.LOCK_LOST)
"""What ends a filter's waiting: it was let in, refused, or had nothing to send any more."""

DUST: Final = 1e-9
"""Seconds by which two instants may differ that are one."""


class Work(msgspec.Struct, frozen=True):
    """What a filter works on.

    Attributes:
        message: Its input.
        until: When the work on it ends at the earliest, in seconds.
    """

    message: str
    until: float


class Blocking(Rule):
    """Looks at what a filter has in hand when it begins to wait, and while it does.

    A filter that fetches ahead is handed inputs meanwhile, which it does not touch: those are
    excused, and so is what befalls its lock, which the broker keeps.
    """

    guarantees = (ONE_FINISHED,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._ahead = settings().prefetch > 1
        self._senders: set[str] = set()
        self._work: dict[str, Work] = {}
        self._blocked: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of filters that work, wait, and go on."""
        settles = (
            kind.COMPLETED, kind.ABANDONED, kind.DEAD_LETTERED, kind.SHELVED, kind.DEFERRED,
        )  # fmt: skip
        return {
            kind.SPAWNED: self._came,
            kind.CHANGED: self._changed,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            kind.BLOCKED: self._waits,
            **dict.fromkeys(settles, self._settled),
            **dict.fromkeys(GOES_ON, self._went_on),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._left),
        }

    def _came(self, event: Event) -> None:
        if event.text.endswith(" producer"):
            self._senders.add(event.actor)

    def _changed(self, event: Event) -> None:
        self._ahead = self._ahead or self._settings().prefetch > 1

    def _left(self, event: Event) -> None:
        self._work.pop(event.actor, None)
        self._blocked.pop(event.actor, None)

    def _delivered(self, event: Event) -> None:
        if self._blocked and event.actor in self._blocked and not self._ahead:
            self._one_more(event, "takes")

    def _working(self, event: Event) -> None:
        if self._blocked and event.actor in self._blocked:
            self._one_more(event, "begins")
        self._work[event.actor] = Work(event.message, event.t + event.value)

    def _one_more(self, event: Event, does: str) -> None:
        held = self._blocked[event.actor]
        what = f"{event.actor} {does} {event.message} while it waits with {held}"
        self.breach("one-while-blocked", event, what)

    def _waits(self, event: Event) -> None:
        if event.actor in self._senders:
            return
        work = self._work.get(event.actor)
        if work is None:
            what = f"{event.actor} waits for {event.queue} and holds nothing"
            self.breach("one-while-blocked", event, what)
        elif event.t < work.until - DUST:
            what = f"{event.actor} waits for {event.queue} before it has finished {work.message}"
            self.breach("one-while-blocked", event, what)
        self._blocked[event.actor] = "nothing" if work is None else work.message

    def _settled(self, event: Event) -> None:
        work = self._work.get(event.actor)
        if work is None or work.message != event.message:
            return
        if self._blocked and event.actor in self._blocked:
            what = f"{event.actor} settles {event.message} before its result is in a pipe"
            self.breach("one-while-blocked", event, what)
        del self._work[event.actor]

    def _went_on(self, event: Event) -> None:
        if self._blocked:
            self._blocked.pop(event.actor, None)
