"""The settings of services that react to events: what they keep, what they tell, and how."""

from __future__ import annotations

from typing import Annotated

from .joining import Join
from .queue_settings import Knob, QueueSettings
from .schemas import Schema
from .steps import Refuser


class ServiceSettings(QueueSettings, frozen=True, kw_only=True):
    """How a service hears events, remembers them and tells its own."""

    join: Annotated[
        Join,
        Knob("delivery waits for payment and stock by rows of its own; or with payment first, in "
             "memory only, or by a look into stock's rows"),
    ] = Join.ROWS  # fmt: skip
    sessions: Annotated[
        bool,
        Knob("the events of one order come to one instance of delivery at a time, a session each",
             instead="open it again with sessions=on"),
    ] = False  # fmt: skip
    session_idle: Annotated[
        float, Knob("how long delivery keeps a session open for the order's next event", "s")
    ] = 3.0
    outbox: Annotated[
        bool, Knob("transactional outbox: commit the event with the change, send it from there")
    ] = True
    publish_first: Annotated[
        bool, Knob("without an outbox: send the event before the change is committed")
    ] = False
    correlation: Annotated[
        bool, Knob("events carry the id of their conversation; off = no end-to-end view")
    ] = True
    versions: Annotated[bool, Knob("loyalty ignores news that is older than what it knows")] = True
    hop_limit: Annotated[
        int, Knob("hops after which an event is dead-lettered; 0 = no limit", "hops", 0, 1000)
    ] = 8
    throttle: Annotated[
        int,
        Knob("messages of one order an instance takes within throttle_window; 0 = any number",
             "messages", 0, 1000),
    ] = 0  # fmt: skip
    throttle_window: Annotated[float, Knob("time over which the throttle counts", "s", 0.001)] = (
        10.0
    )
    schema: Annotated[
        Schema,
        Knob("what OrderPlaced looks like; v2-breaking has no amount any more, and v2-versioned "
             "says so"),
    ] = Schema.V1  # fmt: skip
    upcaster: Annotated[
        bool, Knob("payment translates OrderPlaced of version 2 into what it knows")
    ] = False
    refuses: Annotated[Refuser, Knob("a service that says no to every order")] = Refuser.NOBODY
    miswired: Annotated[
        bool, Knob("a bug: payment takes a refund for a new attempt and charges again")
    ] = False


__all__ = ["Join", "ServiceSettings"]
