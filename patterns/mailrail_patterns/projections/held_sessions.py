"""Which sessions are open, and who holds each: all that a picture without lanes needs of them."""

from __future__ import annotations

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler


class SessionView(msgspec.Struct, frozen=True):
    """One open session.

    Attributes:
        queue: The queue.
        group: What its messages have in common.
        holder: Who holds its lock, alive or not.
    """

    queue: str
    group: str
    holder: str


class HeldSessions:
    """Follows the locks on sessions."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], SessionView] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of sessions that are accepted and that end."""
        return {
            kind.SESSION_ACCEPTED: self._accepted,
            **dict.fromkeys((kind.SESSION_EXPIRED, kind.SESSION_CLOSED), self._ended),
        }

    def _accepted(self, event: Event) -> None:
        self._held[event.queue, event.group] = SessionView(event.queue, event.group, event.actor)

    def _ended(self, event: Event) -> None:
        self._held.pop((event.queue, event.group), None)

    def views(self) -> tuple[SessionView, ...]:
        """Return the open sessions, the one accepted first before the others."""
        return tuple(self._held.values())

    def copy(self) -> HeldSessions:
        """Return an independent copy."""
        twin = HeldSessions()
        twin._held = dict(self._held)
        return twin
