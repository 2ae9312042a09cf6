"""What the ledgers of a saga promise: all of it or nothing, and no way back past the pivot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..ledger_gaps import Gaps
from ..ledger_rows import Balance, Entry, Shelf, at_price
from ..ledgers import LEDGER, PENDING, SHELF
from ..log import ABANDONED, COMPENSATED, COMPLETED, LOG, Saga, taken_apart
from ..worth import QUICK
from .orchestrating import Orchestrating
from .rules import Guarantee, Handler, Rule

ALL = Guarantee(
    "completed-means-all", "A completed saga has done every step, each once.", source="A9 (1)"
)
NOTHING_LEFT = Guarantee(
    "nothing-left-behind",
    "A saga that was undone has left every ledger at zero, and did nothing after the pivot.",
    source="A9 (1)",
)
NO_WAY_BACK = Guarantee(
    "no-way-back", "After the pivot has committed nothing is undone.", source="A9 4"
)
NO_DIRTY_READ = Guarantee(
    "no-dirty-read",
    "No saga decides on what another one may still undo; by value, none that is worth the care.",
    source="A9 8",
)
NO_LOST_UPDATE = Guarantee(
    "no-lost-update",
    "The balance of a ledger is what its sagas have booked: none writes over what others added.",
    source="A9 8",
)
NO_FUZZY_READ = Guarantee(
    "no-fuzzy-read",
    "All steps of a saga that go by the price go by the same one; by value, those of a saga that "
    "is worth the care.",
    source="A9 8",
)
ADDS_UP = Guarantee(
    "stock-adds-up", "Free, reserved and sold items are always as many.", source="A9 (1)"
)
NOT_THERE = Entry()


class Accounting(Rule):
    """Keeps the ledgers of each saga beside its state."""

    guarantees = (
        ALL, NOTHING_LEFT, NO_WAY_BACK, NO_DIRTY_READ, NO_LOST_UPDATE, NO_FUZZY_READ, ADDS_UP,
    )  # fmt: skip

    def __init__(
        self, settings: Callable[[], Any], amounts: Mapping[str, int], priced: Sequence[str]
    ) -> None:
        """Judge ledgers; see :func:`saga_rules`."""
        super().__init__()
        self._settings = settings
        self._amounts = amounts
        self._priced = priced
        self._gaps = Gaps()
        self._entries: dict[str, dict[str, Entry]] = {}
        self._ended: dict[str, tuple[str, Saga]] = {}
        self._pivot: dict[str, str] = {}
        self._accepts: set[str] = set()
        self._items: int | None = None
        self._reserved = 0
        self._pending: dict[str, set[str]] = {}
        self._seen: dict[tuple[str, str], list[str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of rows, and of what participants take notice of."""
        return {
            kind.STATE: self._written, kind.NOTED: self._noted,
            kind.WORKING: self._looks, kind.SENT: self._told,
        }  # fmt: skip

    def _written(self, event: Event) -> None:
        if event.queue == LOG:
            self._logged(event)
        elif event.queue == SHELF:
            self._counted(event)
        elif event.queue == LEDGER:
            self._balanced(event)
        elif event.queue in self._amounts:
            self._booked(event)

    def _logged(self, event: Event) -> None:
        key, saga = event.message, msgspec.json.decode(event.text, type=Saga)
        self._pivot[key] = saga.steps[self._settings().pivot - 1]
        (self._accepts.add if saga.way == QUICK else self._accepts.discard)(key)
        if event.group in {COMPLETED, COMPENSATED, ABANDONED}:
            self._ended[key] = event.group, saga
            self._settle(event, key)

    def _booked(self, event: Event) -> None:
        key, step = event.message, event.queue
        entries = self._entries.setdefault(key, {})
        before, now = entries.get(step, NOT_THERE), msgspec.json.decode(event.text, type=Entry)
        pivot = entries.get(self._pivot.get(key, ""), NOT_THERE)
        if now.back != before.back and pivot.amount and not pivot.back:
            self.breach("no-way-back", event, f"{key}: {step} is undone after the pivot")
        entries[step] = now
        held = self._pending.setdefault(step, set())
        (held.add if event.group == PENDING else held.discard)(key)
        self._gaps.book(step, key, now.amount + now.back)
        if now.amount != before.amount and step in self._priced and key not in self._accepts:
            self._compare(event, key, step, entries)
        if key in self._ended:
            self._settle(event, key)

    def _compare(self, event: Event, key: str, step: str, entries: Mapping[str, Entry]) -> None:
        """Compare the price a step went by with that of the others that still stand."""
        for other in self._priced:
            entry = entries.get(other, NOT_THERE)
            if entry.amount + entry.back and entry.price != entries[step].price:
                prices = f"{step} {entries[step].amount:+d}, {other} {entry.amount:+d}"
                self.breach("no-fuzzy-read", event, f"{key} goes by two prices: {prices}")

    def _balanced(self, event: Event) -> None:
        table, balance = event.message, msgspec.json.decode(event.text, type=Balance).balance
        if self._gaps.balance(table, balance):
            missing = self._gaps.missing[table]
            what = f"{table} stands at {balance:+d}, its sagas have booked {balance - missing:+d}"
            self.breach("no-lost-update", event, what)

    def _settle(self, event: Event, key: str) -> None:
        state, saga = self._ended[key]
        entries = self._entries.get(key, {})
        if state == COMPLETED:
            wrong = [
                step for step in saga.steps if not self._once(step, entries.get(step, NOT_THERE))
            ]
            if wrong:
                what = f"{key} is completed, but not once each: {', '.join(wrong)}"
                self.breach("completed-means-all", event, what)
            return
        pivot = saga.steps.index(self._pivot[key])
        left = [
            f"{step} {entry.amount + entry.back:+d}"
            for step, entry in entries.items()
            if entry.amount + entry.back or (saga.steps.index(step) > pivot and entry.amount)
        ]
        if left:
            self.breach("nothing-left-behind", event, f"{key} is {state}: {', '.join(left)}")

    def _once(self, step: str, entry: Entry) -> bool:
        return entry.amount == at_price(self._amounts[step], entry.price) and not entry.back

    def _counted(self, event: Event) -> None:
        shelf = msgspec.json.decode(event.text, type=Shelf)
        total = shelf.free + shelf.reserved + shelf.sold
        if self._items is None:
            self._items = total
        if total != self._items or min(shelf.free, shelf.reserved, shelf.sold) < 0:
            what = f"{shelf.free} free + {shelf.reserved} reserved + {shelf.sold} sold"
            self.breach("stock-adds-up", event, what)
        self._reserved = shelf.reserved

    def _looks(self, event: Event) -> None:
        """Remember what is pending in a ledger at the moment a balance is read from it."""
        key, read, table = event.message.partition("~")[0].partition("-read-")
        if read:
            self._seen[key, table] = sorted(self._pending.get(table, set()) - {key})

    def _told(self, event: Event) -> None:
        """Judge a balance that is told to a saga although another one may still undo its part."""
        key, read, rest = event.message.partition("-read-")
        table, _, word = rest.partition("~")[0].partition("-")
        if not read or word != "done" or key in self._accepts:
            return
        pending = self._seen.get((key, table))
        if pending:
            what = f"{key} is told a balance that {' and '.join(pending)} may still undo"
            self.breach("no-dirty-read", event, what)

    def _noted(self, event: Event) -> None:
        code = event.text.partition(":")[0]
        key = taken_apart(event.message)[0]
        if code not in {"dirty-read", "sold-out"} or "-read-" in event.message:
            return
        if self._reserved and key not in self._accepts:
            what = f"{event.message} is told sold out while {self._reserved} may still come back"
            self.breach("no-dirty-read", event, what)


def saga_rules(
    settings: Callable[[], Any],
    amounts: Mapping[str, int],
    priced: Sequence[str],
    depends: Mapping[str, Sequence[str]],
) -> Sequence[Rule]:
    """Return the rules of an orchestrated saga.

    Args:
        settings: Returns the settings as they are.
        amounts: What each step adds to its ledger, at the usual price.
        priced: The steps that go by the price.
        depends: What has to be undone before a step is.
    """
    return (Orchestrating(settings, depends), Accounting(settings, amounts, priced))
