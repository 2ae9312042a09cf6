"""Bounded pipes make filters wait for each other; never in a circle, for that has no end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

NO_CIRCLE = Guarantee(
    "no-deadlock",
    "No filters wait in a circle, each for room in the pipe of the next.",
    source="A5 rule 5",
)


class Waiting(Rule):
    """Who waits for room in which pipe, and who could make it.

    One wiring has no cycle. But an item is on its way by the wiring that held when it set out: if
    a filter is put in before another one while items are on their way, some go from the first to
    the second and some the other way round.
    """

    guarantees = (NO_CIRCLE,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._serves: dict[str, str] = {}
        self._waits: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of filters that come, go, wait and go on."""
        goes_on = (kind.SENT, kind.REJECTED, kind.DROPPED, kind.LOCK_LOST)
        return {
            **dict.fromkeys((kind.SPAWNED, kind.RESTARTED), self._came),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._left),
            kind.BLOCKED: self._blocked,
            **dict.fromkeys(goes_on, self._went_on),
        }

    def _came(self, event: Event) -> None:
        if event.queue and event.text.endswith(" consumer"):
            self._serves[event.actor] = event.queue

    def _left(self, event: Event) -> None:
        self._serves.pop(event.actor, None)
        self._waits.pop(event.actor, None)

    def _went_on(self, event: Event) -> None:
        if self._waits:
            self._waits.pop(event.actor, None)

    def _blocked(self, event: Event) -> None:
        self._waits[event.actor] = event.queue
        stuck = self._stuck()
        if event.queue in stuck and not self._settings().ttl:  # which would end the waiting
            what = ", ".join(f"{actor} for {pipe}" for actor, pipe in self._circle(event.queue))
            self.breach("no-deadlock", event, f"each waits for room: {what}")

    def _circle(self, pipe: str) -> list[tuple[str, str]]:
        """Return who waits for which pipe, once round, beginning wherever ``pipe`` leads."""
        way: list[tuple[str, str]] = []
        while True:
            actor = min(name for name, served in self._serves.items() if served == pipe)
            if (step := (actor, self._waits[actor])) in way:
                return sorted(way[way.index(step) :])
            way.append(step)
            pipe = step[1]

    def _stuck(self) -> set[str]:
        """Return the pipes nobody takes from unless there is room in another one of them."""
        waits: dict[str, set[str]] = {}
        for actor, pipe in self._serves.items():
            waits.setdefault(pipe, set()).add(self._waits.get(actor, ""))
        while ends := [pipe for pipe, others in waits.items() if not others <= waits.keys()]:
            for pipe in ends:
                del waits[pipe]
        return set(waits)
