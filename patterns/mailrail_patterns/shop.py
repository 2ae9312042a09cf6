"""A shop of small services: what each of them does for an order, and how it takes it back."""

from __future__ import annotations

import enum
from typing import Final, Protocol

from msgspec.structs import replace

from .messages import Message
from .records import Reaction, Reader, Write
from .steps import Step, StepSettings, copies, does, joins, tells, undoes

ORDER, PAYMENT, STOCK = "order", "payment", "stock"
SHIPPING, DELIVERY, LOYALTY = "shipping", "delivery", "loyalty"


class Schema(enum.Enum):
    """What OrderPlaced looks like."""

    V1 = "v1"
    ADDITIVE = "v2-additive"
    BREAKING = "v2-breaking"


class ShopSettings(StepSettings, Protocol):
    """The settings the shop's decisions depend on."""

    @property
    def schema(self) -> Schema:
        """What OrderPlaced looks like."""
        ...


def place(settings: ShopSettings, message: Message, own: Reader) -> Reaction:
    """Take an order down and tell of it: the root of everything that follows."""
    told = tells(settings, message, "order.placed", f"{message.id}-placed", 1)
    fields: tuple[tuple[str, str], ...] = (("amount", "40"),)
    if settings.schema is Schema.ADDITIVE:
        fields = (*fields, ("currency", "EUR"))
    elif settings.schema is Schema.BREAKING:
        fields = (("total", "40"),)
    event = replace(told.message, headers=(*told.message.headers, *fields))
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
book_when_paid_and_reserved = joins(
    "couriers", ("payment.authorised", "stock.reserved"), "Waiting",
    "Booked", "courier.booked", "booked",
)  # fmt: skip
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


def ignore(settings: ShopSettings, message: Message, own: Reader) -> Reaction:
    """Do nothing about something that is none of this service's business (any more)."""
    return Reaction(effect=False, note=f"ignored: has no use for {message.subject or message.id}")
