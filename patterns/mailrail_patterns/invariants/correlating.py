"""What a table of open requests promises: every entry comes to one end, and stays there."""

from __future__ import annotations

from collections.abc import Sequence

from ..correlations import CORRELATIONS, OPEN, state_of
from ..kernel import events as kind
from ..kernel.events import Event
from .outages import UNREACHABLE
from .rules import Breach, Guarantee, Handler, Rule

ENDS = Guarantee(
    "every-request-ends",
    "Every open request ends once: replied, timed out or cancelled.",
    source="A1 (1)",
)
LATE = Guarantee(
    "late-changes-nothing",
    "An answer that comes late or twice changes nothing any more.",
    source="A1 (1)",
)


class Entries(Rule):
    """Follows the entries of every requester."""

    guarantees = (ENDS, LATE)

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[str, tuple[str, bool]] = {}
        self._ended: dict[str, str] = {}
        self._gone: set[str] = set()
        self._down: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of entries, and of the lives of those they belong to."""
        return {
            kind.STATE: self._written,
            kind.NOTED: self._written,
            kind.CRASHED: self._left,
            kind.STOPPED: self._left,
            kind.PAUSED: self._left,
            kind.RESUMED: self._back,
            kind.RESTARTED: self._restarted,
            kind.INJECTED: self._switched,
            kind.HEALED: self._switched,
        }

    def _written(self, event: Event) -> None:
        state = state_of(event)
        if not state:
            return
        request, before = event.message, self._ended.get(event.message, "")
        if state == OPEN and before:
            what = f"{request} had ended as {before} and was opened again"
            self.breach("late-changes-nothing", event, what)
        elif state == OPEN:
            self._open[request] = event.actor, event.queue == CORRELATIONS
        elif before:
            what = f"{request} ended as {before} and again as {state}"
            self.breach("every-request-ends", event, what)
        else:
            self._open.pop(request, None)
            self._ended[request] = state

    def _left(self, event: Event) -> None:
        self._gone.add(event.actor)

    def _back(self, event: Event) -> None:
        self._gone.discard(event.actor)

    def _restarted(self, event: Event) -> None:
        self._gone.discard(event.actor)
        for request, (owner, durable) in list(self._open.items()):
            if owner == event.actor and not durable:
                del self._open[request]
                self.breach("every-request-ends", event, f"{owner} no longer knows of {request}")

    def _switched(self, event: Event) -> None:
        if event.message in UNREACHABLE:
            change = self._down.discard if event.kind == kind.HEALED else self._down.add
            change(event.message)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report what is open for ever although its requester is there."""
        left = [request for request, (owner, _) in self._open.items() if owner not in self._gone]
        if not quiet or self._down or not left:
            return ()
        return (Breach("every-request-ends", 0, now, f"open for ever: {', '.join(left[:5])}"),)
