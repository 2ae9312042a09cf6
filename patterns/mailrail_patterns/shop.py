"""A shop of small services: what each of them does for an order, and how it takes it back."""

from __future__ import annotations

from typing import Final, Protocol

from msgspec.structs import replace

from .joining import Join, joins_in_order, looks_up
from .messages import Message
from .port import Port
from .records import Reaction, Reader, Write
from .schemas import Schema, as_read, fields, unreadable
from .steps import WAITING, Step, StepSettings, copies, does, hop_of, joins, tells, undoes

ORDER, PAYMENT, STOCK = "order", "payment", "stock"
SHIPPING, DELIVERY, LOYALTY = "shipping", "delivery", "loyalty"

AMOUNT: Final = "40"
"""What every order comes to."""


class ShopSettings(StepSettings, Protocol):
    """The settings the shop's decisions depend on."""

    @property
    def schema(self) -> Schema:
        """What OrderPlaced looks like."""
        ...

    @property
    def upcaster(self) -> bool:
        """Whether the new version of OrderPlaced is translated into the one that is known."""
        ...

    @property
    def hop_limit(self) -> int:
        """Hops from where nobody handles an event any more; 0: it may come any distance."""
        ...


def place(settings: ShopSettings, message: Message, own: Reader) -> Reaction:
    """Take an order down and tell of it: the root of everything that follows."""
    told = tells(settings, message, "order.placed", f"{message.id}-placed", 1)
    headers = (*told.message.headers, *fields(settings.schema, AMOUNT))
    event = replace(told.message, headers=headers)
    return Reaction((Write("orders", message.id, state="Placed"),), (replace(told, message=event),))


charge = does(PAYMENT, "payments", "Authorised", "payment.authorised", "paid",
              ("Declined", "payment.declined", "declined"))  # fmt: skip
refund = undoes("payments", "Authorised", "Refunded", "payment.refunded", "refunded")
reserve = does(STOCK, "stock", "Reserved", "stock.reserved", "reserved",
               ("Rejected", "stock.rejected", "rejected"))  # fmt: skip
release = undoes("stock", "Reserved", "Released", "stock.released", "released")
pack = does(SHIPPING, "parcels", "Packed", "shipment.packed", "packed",
            ("Failed", "shipment.failed", "failed"))  # fmt: skip
unpack = undoes("parcels", "Packed", "Unpacked", "shipment.unpacked", "unpacked")
book = does(DELIVERY, "couriers", "Booked", "courier.booked", "booked")
unbook = undoes("couriers", "Booked", "Cancelled", "courier.cancelled", "unbooked")
complete = does(ORDER, "orders", "Completed", "order.completed", "completed")
cancel = undoes("orders", "Placed", "Cancelled", "order.cancelled", "cancelled")
BOOKING: Final = ("couriers", ("payment.authorised", "stock.reserved"), WAITING,
                  "Booked", "courier.booked", "booked")  # fmt: skip
book_when_paid_and_reserved = joins(*BOOKING)
book_when_paid_then_reserved = joins_in_order(*BOOKING)
book_if_stock_is_reserved = looks_up("couriers", "stock", "Reserved", WAITING,
                                     "Booked", "courier.booked", "booked")  # fmt: skip
complete_when_packed_and_booked = joins(
    "orders", ("shipment.packed", "courier.booked"), "Placed",
    "Completed", "order.completed", "completed",
)  # fmt: skip
credit = copies("points", {"payment.authorised": "Granted", "payment.refunded": "Revoked",
                           "loyalty.grant": "Granted"})  # fmt: skip

COMPENSATIONS: Final = frozenset({refund, release, unpack, unbook})

OBEYS: Final[dict[str, dict[str, Step]]] = {
    ORDER: {"order.place": place, "order.complete": complete, "order.cancel": cancel},
    PAYMENT: {"payment.charge": charge, "payment.refund": refund},
    STOCK: {"stock.reserve": reserve, "stock.release": release},
    SHIPPING: {"shipping.pack": pack, "shipping.unpack": unpack},
    DELIVERY: {"delivery.book": book, "delivery.unbook": unbook},
    LOYALTY: {"loyalty.grant": credit},
}
"""The commands each service takes: the customer's, and those of an orchestrator."""

LEDGERS: Final = ("orders", "payments", "stock", "parcels", "couriers", "points")
"""The services' tables: what was done in the end."""

BALANCES: Final = {
    "payments": ("Authorised", "Refunded"),
    "stock": ("Reserved", "Released"),
    "parcels": ("Packed", "Unpacked"),
    "couriers": ("Booked", "Cancelled"),
}
"""For each table with a compensation the state of a step done, and of one undone."""


OWNS: Final = {
    "orders": ORDER, "payments": PAYMENT, "stock": STOCK, "parcels": SHIPPING,
    "couriers": DELIVERY, "points": LOYALTY,
}  # fmt: skip
"""Whose each table is: nobody else writes there, and nobody else should look."""


def booking(join: Join, heard: dict[str, Step]) -> dict[str, Step]:
    """Return what delivery hears and does then, by how it waits for two events.

    Args:
        join: How it waits.
        heard: What it hears where it waits as it should.
    """
    if join is Join.IN_ORDER:
        return {event: book_when_paid_then_reserved if step is book_when_paid_and_reserved else step
                for event, step in heard.items()}  # fmt: skip
    if join is Join.LOOKUP:
        rest = {event: step for event, step in heard.items() if event != "stock.reserved"}
        return {**rest, "payment.authorised": book_if_stock_is_reserved}
    return heard


def refuse(port: Port[ShopSettings], message: Message) -> str:
    """Refuse an event that has come too far, or lacks a field: a person has to look at it."""
    settings = port.settings
    if settings.hop_limit and hop_of(message) >= settings.hop_limit:
        return "HopLimitExceeded"
    if message.subject not in ("order.placed", "payment.charge"):
        return ""
    return unreadable(as_read(message, upcaster=settings.upcaster), "amount")


def ignore(settings: ShopSettings, message: Message, own: Reader) -> Reaction:
    """Do nothing about something that is none of this service's business (any more)."""
    return Reaction(effect=False, note=f"ignored: has no use for {message.subject or message.id}")
