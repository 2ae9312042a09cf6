"""What services that react to events promise of their own rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..shop import BALANCES
from ..steps import Copied, Done
from .rules import Breach, Guarantee, Handler, Rule

JOIN_ONCE = Guarantee(
    "join-fires-once",
    "A join fires when it has heard everything it waits for, in whatever order and however "
    "often, and once.",
    source="A3 (1)",
)
COMPENSATED = Guarantee(
    "only-what-was-done-is-undone",
    "A compensation undoes a step that was done, and undoes it once.",
    source="A3 (1)",
)
NEWEST = Guarantee(
    "newest-wins", "A copy of somebody's state is never overwritten by an older one.",
    source="A3 rule 6",
)  # fmt: skip
IN_TIME = Guarantee(
    "over-by-its-deadline",
    "An order is completed or cancelled before the observer would call it stuck.",
    source="A3 rule 8",
    hope=True,
)

JOINS = {
    "couriers": ("Waiting", "Booked", {"payment.authorised", "stock.reserved"}),
    "orders": ("Placed", "Completed", {"shipment.packed", "courier.booked"}),
}
"""For each table with a join the state while it waits, that when it has fired, and for what."""


class Joins(Rule):
    """Reads the rows of whoever waits for two events."""

    guarantees = (JOIN_ONCE,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._fired: dict[tuple[str, str], int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of rows."""
        return {kind.STATE: self._state}

    def _state(self, event: Event) -> None:
        join = JOINS.get(event.queue)
        if join is None or not self._settings().choreographed:
            return
        waiting, fired, awaited = join
        row = msgspec.json.decode(event.text or "{}", type=Done)
        complete = awaited <= set(row.heard)
        if event.group == waiting and complete:
            self.breach("join-fires-once", event, f"{event.message} has heard all and still waits")
        elif event.group == fired:
            key = event.queue, event.message
            before = self._fired.get(key, 0)
            self._fired[key] = row.times
            if not complete:
                missing = ", ".join(sorted(awaited - set(row.heard)))
                self.breach("join-fires-once", event, f"{event.message} fired without {missing}")
            elif row.times > 1 or before:
                self.breach("join-fires-once", event, f"{event.message} fired again")


class Balances(Rule):
    """Adds up steps and compensations."""

    guarantees = (COMPENSATED,)

    def __init__(self) -> None:
        super().__init__()
        self._done: dict[tuple[str, str], int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of rows."""
        return {kind.STATE: self._state}

    def _state(self, event: Event) -> None:
        states = BALANCES.get(event.queue)
        if states is None:
            return
        done, undone = states
        key = event.queue, event.message
        if event.group == done:
            self._done[key] = self._done.get(key, 0) + 1
        elif event.group == undone:
            left = self._done[key] = self._done.get(key, 0) - 1
            if left < 0:
                what = f"{event.queue} {event.message} is {undone} and was not {done}"
                self.breach("only-what-was-done-is-undone", event, what)


class Newest(Rule):
    """Compares the versions a passive subscriber keeps."""

    guarantees = (NEWEST,)

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of rows."""
        return {kind.STATE: self._state}

    def _state(self, event: Event) -> None:
        if event.queue != "points":
            return
        version = msgspec.json.decode(event.text or "{}", type=Copied).version
        known = self._known.get(event.message, 0)
        if version < known:
            what = f"{event.message} is {event.group} by version {version} after version {known}"
            self.breach("newest-wins", event, what)
        self._known[event.message] = version


class Deadlines(Rule):
    """Compares how long orders take with what an observer is patient for."""

    guarantees = (IN_TIME,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._placed: dict[str, float] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of rows."""
        return {kind.STATE: self._state}

    def _state(self, event: Event) -> None:
        if event.queue != "orders":
            return
        if event.group == "Placed":
            self._placed.setdefault(event.message, event.t)
            return
        placed = self._placed.pop(event.message, None)
        if placed is not None and event.t - placed > self._settings().deadline:
            what = f"{event.message} is {event.group} after {event.t - placed:g} s"
            self.breach("over-by-its-deadline", event, what)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report what is under way for longer than that."""
        patience = self._settings().deadline
        late = [order for order, placed in self._placed.items() if now - placed > patience]
        if not late:
            return ()
        what = f"not over: {', '.join(late[:5])}"
        return (Breach("over-by-its-deadline", 0, now, what),)
