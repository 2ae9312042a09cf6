"""An observer: nobody owns the timeout of a choreography, so somebody has to look.

It hears every event, writes down what it heard for each conversation, and sets itself a
deadline. It tells nobody: no service knows that it is there.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from .messages import Message
from .records import Outgoing, Reaction, Reader, Write

OBSERVER: Final = "observer"
"""Its queue."""

WATCH: Final = "watch"
"""Its table: one row a conversation."""

DEADLINE: Final = "deadline"
"""Subject of the message it sends itself."""

RUNNING, STUCK, DONE, UNDONE = "Running", "Stuck", "Done", "Undone"


class Watched(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a conversation.

    Attributes:
        last: The event heard last.
        paid: Payments authorised and not refunded.
        reserved: Reservations not released.
        booked: Couriers booked and not cancelled.
        charged: Whether payment has said anything yet.
        end: ``Completed`` or ``Cancelled`` once the order is.
        overdue: Whether the deadline has passed.
    """

    last: str = ""
    paid: int = 0
    reserved: int = 0
    booked: int = 0
    charged: bool = False
    end: str = ""
    overdue: bool = False

    @property
    def state(self) -> str:
        """What that amounts to."""
        if self.end == "Completed":
            return DONE
        if self.end and self.charged and not (self.paid or self.reserved or self.booked):
            return UNDONE
        return STUCK if self.overdue else RUNNING


class ObserverSettings(Protocol):
    """The settings an observer obeys."""

    @property
    def deadline(self) -> float:
        """Time after which a conversation is called stuck, in seconds."""
        ...


_COUNTS: Final = {
    "payment.authorised": ("paid", 1),
    "payment.refunded": ("paid", -1),
    "stock.reserved": ("reserved", 1),
    "stock.released": ("reserved", -1),
    "courier.booked": ("booked", 1),
    "courier.cancelled": ("booked", -1),
}
_ENDS: Final = {"order.completed": "Completed", "order.cancelled": "Cancelled"}


def observe(settings: ObserverSettings, message: Message, own: Reader) -> Reaction:
    """Note an event, or that the deadline of a conversation has come.

    What is added up comes to the same in whatever order events are heard.
    """
    conversation = message.conversation or message.id
    row = own.row(WATCH, conversation)
    seen = row.fields(Watched)
    if message.subject == DEADLINE:
        seen = replace(seen, overdue=True)
        note = ""
        if seen.state == STUCK:
            note = (
                f"stuck: has not seen the end of {conversation} for {settings.deadline:g} s; "
                f"last seen: {seen.last}"
            )
        return Reaction((Write(WATCH, conversation, seen, seen.state),), effect=False, note=note)
    seen = _heard(seen, message.subject)
    write = Write(WATCH, conversation, seen, seen.state)
    if row.version:
        return Reaction((write,), effect=False)
    alarm = Message(
        f"{conversation}-deadline", subject=DEADLINE, delay=settings.deadline,
        correlation=message.id,
    )  # fmt: skip
    return Reaction((write,), (Outgoing(OBSERVER, alarm),), effect=False)


def _heard(seen: Watched, subject: str) -> Watched:
    counted = _COUNTS.get(subject)
    paying = seen.charged or subject.startswith("payment.")
    seen = replace(seen, last=subject, charged=paying, end=_ENDS.get(subject, seen.end))
    if counted is None:
        return seen
    field, step = counted
    return replace(seen, **{field: getattr(seen, field) + step})
