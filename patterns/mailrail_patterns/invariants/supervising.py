"""What a supervised state store promises: of its rows, one write at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import orders
from ..actor_names import role_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..orders import LATE, Order, Remedy
from ..records import Row
from .asking import Asking
from .outages import track_outage
from .rules import Guarantee, Handler, Rule
from .watching import Watching

COMPENSATE = Remedy.COMPENSATE
MOVES = Guarantee(
    "row-moves",
    "A row goes from Pending to Processing, and from there to Processed, to Error or back. Only a "
    "scheduler claims it, only whoever has claimed it writes how it ended, only a supervisor takes "
    "it away, and only a person reopens an Error.",
    source="A10 (1)",
)
ONE_OWNER = Guarantee(
    "one-owner",
    "A row that is claimed is not claimed again before it was given back.",
    source="A10 rule 1",
)
CHARGED_ONCE = Guarantee(
    "processed-means-charged",
    "A Processed order has been charged exactly once; a Processed refund has been given.",
    source="A10 (1)",
)
FINAL = Guarantee("processed-is-final", "A Processed row never changes.", source="A10 (1)")
COUNTED = Guarantee(
    "failures-counted-once",
    "A row's failures are the claims of it that came to nothing, each counted once.",
    source="A10 rule 6",
)
FENCED = Guarantee(
    "fenced",
    "A reply counts only for the current attempt, to its owner, before its complete-by.",
    source="A10 rule 2",
)
ENOUGH = Guarantee(
    "enough-is-enough", "A row with as many failures as allowed is in Error.", source="A10 (1)"
)
NOT_EARLY = Guarantee(
    "no-early-steal",
    "A claim is taken away only after its complete-by.",
    source="A10 (2)",
    hope=True,
)
ALL_PROCESSED = Guarantee(
    "every-order-processed",
    "Every order that the remote does not decline ends Processed.",
    source="A10 (1)",
    hope=True,
)
UNCHARGED = Guarantee(
    "error-means-uncharged",
    "An order in Error has not been charged.",
    source="A10 rule 7",
    hope=True,
)

SKEW = frozenset({"clock-skew"})
MOVERS = {
    ("", orders.PENDING): ("submitter", "supervisor"),
    (orders.PENDING, orders.PROCESSING): ("scheduler",),
    (orders.PROCESSING, orders.PENDING): ("supervisor",),
    (orders.PROCESSING, orders.PROCESSED): ("scheduler",),
    (orders.PROCESSING, orders.ERROR): ("scheduler", "supervisor"),
    (orders.ERROR, orders.PENDING): (orders.OPERATOR,),
}
"""Whose part it is to move a row from one state to another."""


class Rows(Rule):
    """Judges each write of a row by what the row was before."""

    guarantees = (
        MOVES, ONE_OWNER, CHARGED_ONCE, FINAL, COUNTED, FENCED, ENOUGH, NOT_EARLY, ALL_PROCESSED,
        UNCHARGED,
    )  # fmt: skip

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._rows: dict[str, tuple[str, Order]] = {}
        self._skewed: set[tuple[str, str]] = set()
        self._charged: set[str] = set()
        self._charges: dict[str, tuple[str, int]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of rows, and of whose clock is wrong."""
        return {
            kind.STATE: self._written,
            kind.INJECTED: self._troubled,
            kind.HEALED: self._troubled,
        }

    def _troubled(self, event: Event) -> None:
        track_outage(self._skewed, event, SKEW)

    def _written(self, event: Event) -> None:
        if event.queue == orders.CHARGES:
            self._booked(event)
        elif event.queue == orders.TABLE:
            order = Row(event.message, event.text).fields(Order)
            before = self._rows.get(event.message, ("", Order()))
            self._rows[event.message] = event.group, order
            self._judge(event, *before, order)

    def _judge(self, event: Event, was: str, old: Order, new: Order) -> None:
        now, key, role = event.group, event.message, role_of(event.actor)
        if was == orders.PROCESSED:
            self.breach("processed-is-final", event, f"{event.actor} changed {key} to {now}")
        elif now == orders.PROCESSING and was == orders.PROCESSING:
            what = f"{event.actor} claimed {key}, which {old.locked_by} had claimed"
            self.breach("one-owner", event, what)
        elif role == "scheduler" and now in {orders.PROCESSED, orders.ERROR}:
            self._accepted(event, was, old, new)
        elif role == "supervisor" and was:
            self._given_back(event, was, old, new)
        elif (was, now) not in MOVERS:
            self.breach("row-moves", event, f"{key} went from {was or 'nothing'} to {now}")
        if not self._may_move(event, was, old):
            by = f"{event.actor}, not {old.locked_by}" if old.locked_by else event.actor
            self.breach("row-moves", event, f"{key}: {was or 'nothing'} to {now} by {by}")
        if now == orders.PROCESSED:
            self._look_up(event, new)
        if now == orders.ERROR and was != orders.ERROR:
            self._given_up(event, new)

    def _may_move(self, event: Event, was: str, old: Order) -> bool:
        """Say whether a row may be moved by who has moved it."""
        now, role = event.group, role_of(event.actor)
        if was == orders.PROCESSING and role == "scheduler":
            return now == was or old.locked_by == event.actor
        return role in MOVERS.get((was, now), (role,))

    def _look_up(self, event: Event, order: Order) -> None:
        state, times = self._charges.get(order.order, ("", 0))
        if order.task == orders.REFUND:
            if state != orders.REFUNDED:
                self.breach("processed-means-charged", event, f"{order.order} was not refunded")
        elif (state, times) != (orders.CHARGED, 1):
            what = f"{order.order} is Processed and was charged {times} times"
            self.breach("processed-means-charged", event, what)

    def _accepted(self, event: Event, was: str, old: Order, new: Order) -> None:
        name = orders.attempt_id(event.message, new.attempt)
        if was != orders.PROCESSING:
            self.breach("row-moves", event, f"{event.message} went from {was} to {event.group}")
        if was != orders.PROCESSING or old.attempt != new.attempt:
            what = f"the reply to {name} was accepted; its claim had been given back"
            self.breach("fenced", event, what)
        elif old.locked_by != event.actor:
            self.breach("fenced", event, f"{name} was {old.locked_by}'s, not {event.actor}'s")
        elif event.t > old.complete_by + LATE and not self._is_behind(event.actor):
            late = event.t - old.complete_by
            self.breach("fenced", event, f"the reply to {name} was accepted {late:.1f} s late")

    def _is_behind(self, name: str) -> bool:
        """Say whether an actor takes it for earlier than it is: it cannot know what is late."""
        clocks = {actor for _, actor in self._skewed}
        return self._settings().skew < 0 and not clocks.isdisjoint({"", name})

    def _given_back(self, event: Event, was: str, old: Order, new: Order) -> None:
        key = event.message
        if was != orders.PROCESSING or new.failures != old.failures + 1:
            what = f"{key} has {new.failures} failures; that one had been counted"
            self.breach("failures-counted-once", event, what)
        elif event.t <= old.complete_by + LATE:
            left = old.complete_by - event.t
            self.breach("no-early-steal", event, f"{key} was {old.locked_by}'s for {left:.1f} s")
        if event.group == orders.PENDING and new.failures >= self._settings().max_failures:
            self.breach("enough-is-enough", event, f"{key} is tried again: {new.failures} failures")

    def _given_up(self, event: Event, order: Order) -> None:
        if not order.poison and order.task == orders.CHARGE:
            self.breach("every-order-processed", event, f"{event.message} was given up")
        self._look(event, order.order)

    def _booked(self, event: Event) -> None:
        times = Row(event.message, event.text).fields(orders.Charge).times
        self._charges[event.message] = event.group, times
        if self._rows.get(event.message, ("",))[0] == orders.PROCESSED and times > 1:
            what = f"{event.message} is Processed and is charged again: {times} times"
            self.breach("processed-means-charged", event, what)
        if event.group == orders.CHARGED:
            self._charged.add(event.message)
        else:
            self._charged.discard(event.message)
        self._look(event, event.message)

    def _look(self, event: Event, order: str) -> None:
        state, _ = self._rows.get(order, ("", None))
        mended = self._settings().remedy is COMPENSATE  # the refund is on its way
        if state == orders.ERROR and order in self._charged and not mended:
            self.breach("error-means-uncharged", event, f"{order} is in Error and was charged")


def supervising_rules(settings: Callable[[], Any]) -> tuple[Rule, ...]:
    """Return the rules of a supervised state store."""
    return (Rows(settings), Watching(settings), Asking())
