"""Choreography: services react to each other's events, and nobody holds the workflow.

Each service knows which events it hears and what it tells in return. An order runs through them
as a chain of facts, and back through each service's own compensation. What is gained: one
subscriber more changes nobody. What is lost: nobody waits for the end. The twin with an
orchestrator (``choreographed=off``) runs the same services by command.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    AT_ONCE,
    EVENTS,
    FIXED,
    OBSERVER,
    ORCHESTRATOR,
    BadInput,
    Change,
    Choreographed,
    Fault,
    Hooks,
    Join,
    Knob,
    Memory,
    Pattern,
    Role,
    Rule,
    Safeguard,
    ServiceSettings,
    Step,
    Story,
    Throttle,
    Work,
    choreography_rules,
    conduct,
    constant,
    consuming_rules,
    dual_write_rules,
    handle_each,
    has_outbox,
    observe,
    produce,
    publishes_first,
    schemas,
    shop,
    throttled,
)
from .port import Distribution, Message, Port, QueueSpec, Reaction, Reader, Sessions, Subscription

HEARS: Final[dict[str, dict[str, Step]]] = {
    "order": {
        "shipment.packed": shop.complete_when_packed_and_booked,
        "courier.booked": shop.complete_when_packed_and_booked,
        "payment.declined": shop.cancel,
        "stock.rejected": shop.cancel,
        "shipment.failed": shop.cancel,
    },
    "payment": {
        "order.placed": shop.charge,
        "stock.rejected": shop.refund,
        "shipment.failed": shop.refund,
    },
    "stock": {"payment.authorised": shop.reserve, "shipment.failed": shop.release},
    "shipping": {"stock.reserved": shop.pack},
    "delivery": {
        "payment.authorised": shop.book_when_paid_and_reserved,
        "stock.reserved": shop.book_when_paid_and_reserved,
        "shipment.failed": shop.unbook,
    },
    "loyalty": {"payment.authorised": shop.credit, "payment.refunded": shop.credit},
}
"""The whole choreography: what each service hears, and what it does then. You read it in one
place here; a service knows no more than its own lines, and which event it tells in return."""

SERVICES: Final = ("order", "payment", "stock", "shipping", "delivery")
TAKE_TIME: Final = ("payment", "stock", "shipping")


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    choreographed: Annotated[
        bool,
        Knob("services react to events; off = an orchestrator commands them",
             instead="open it again with choreographed=off"),
    ] = True  # fmt: skip
    customers: Annotated[int, Knob("customers", "actors", 0, 1000, "spawn customer")] = 1
    instances: Annotated[
        int, Knob("instances of each service at the start", "actors", 1, 100, "spawn stock")
    ] = 1
    every: Annotated[Distribution, Knob("time between two orders of a customer", "s", 1e-6)] = (
        constant(4.0)
    )
    count: Annotated[int, Knob("orders of a customer; 0 = no end", "orders", 0, 10_000_000)] = 0
    service: Annotated[
        Distribution, Knob("time payment, stock and shipping take for a step", "s")
    ] = constant(1.0)
    observer: Annotated[
        bool, Knob("somebody reads along and looks for the end", instead="spawn observer")
    ] = True
    deadline: Annotated[
        float, Knob("time after which the observer calls an order stuck", "s", 0.001)
    ] = 12.0
    step_timeout: Annotated[
        float, Knob("time the orchestrator waits for an answer", "s", 0.001)
    ] = 6.0
    loyalty_step: Annotated[
        bool, Knob("the orchestrator's definition has a step for the loyalty service")
    ] = False
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 5.0
    max_deliveries: Annotated[
        int, Knob("deliveries before a message is dead-lettered; 0 = no limit", "", 0, 1000)
    ] = 5
    idempotent: Annotated[
        bool, Knob("inbox: every service knows which messages it has handled")
    ] = True


def heard_by(service: str, settings: Settings) -> dict[str, Step]:
    """Return what a service does on which event."""
    if service == "payment" and settings.miswired:
        return {**HEARS[service], "payment.refunded": shop.charge}
    if service == "delivery":
        return shop.booking(settings.join, HEARS[service])
    return HEARS[service]


def subscription(service: str, settings: Settings) -> Subscription:
    """Return what a service subscribes to, one queue for all of it."""
    events = ",".join(heard_by(service, settings))
    return Subscription(EVENTS, queue(service, settings), events)


def queue(service: str, settings: Settings) -> QueueSpec:
    """Return a service's queue; delivery's may have a session, a lane with a lock, per order."""
    spec = settings.queue(service)
    if service == "delivery" and settings.sessions and settings.choreographed:
        return replace(spec, sessions=Sessions(idle=settings.session_idle))
    return spec


# --- participants -----------------------------------------------------------------------------


async def customer(port: Port[Settings]) -> None:
    """Tell the order service to place orders: a command, not an event."""
    await produce(
        port, "order", stamped=lambda port, message: replace(message, subject="order.place")
    )


TELLS: Final = Change[Settings](publish_first=publishes_first, outbox=has_outbox)
"""A service changes its own rows and tells of it, in one step if there is an outbox."""


def service(name: str) -> Callable[[Port[Settings]], Awaitable[None]]:
    """Return who plays a service: one local transaction a message, guarded by inbox and outbox."""

    def step_for(settings: Settings, message: Message) -> Step | None:
        return {**heard_by(name, settings), **shop.OBEYS[name]}.get(message.subject)

    work = Work[Settings](
        service="service" if name in TAKE_TIME else "",
        fails=lambda port, message: (
            step_for(port.settings, message) in shop.COMPENSATIONS
            and port.strikes("compensation-fails", message.id)
        ),
    )

    async def play(port: Port[Settings]) -> None:
        memory = Memory()

        def react(port: Port[Settings], message: Message, own: Reader) -> Reaction:
            settings = port.settings
            step = step_for(settings, message) or shop.ignore
            read = schemas.as_read(message, upcaster=settings.upcaster)
            if settings.join is not Join.MEMORY or name != "delivery":
                return step(settings, read, own)
            return memory.keep(step(settings, read, memory.over(own)))

        hooks = Hooks[Settings](refuse=shop.refuse, begin=throttled(Throttle()))
        await handle_each(port, name, replace(TELLS, react=react), work, hooks)

    return play


async def loyalty(port: Port[Settings]) -> None:
    """A service nobody thought of: it subscribes itself, and nobody has to know."""
    if port.settings.choreographed:
        await port.broker.subscribe(subscription("loyalty", port.settings))
    await service("loyalty")(port)


OBSERVES: Final = Change[Settings](
    lambda port, message, own: observe(port.settings, message, own), outbox=has_outbox
)
CONDUCTS: Final = replace(
    TELLS, react=lambda port, message, own: conduct(port.settings, message, own)
)


async def observer(port: Port[Settings]) -> None:
    """Read everything that is told, and tell nobody."""
    await port.broker.subscribe(Subscription(EVENTS, port.settings.queue(OBSERVER), "#"))
    await handle_each(port, OBSERVER, OBSERVES, AT_ONCE)


async def orchestrator(port: Port[Settings]) -> None:
    """The twin: one who knows the workflow, commands each step, and waits for it."""
    await handle_each(port, ORCHESTRATOR, CONDUCTS, AT_ONCE)


# --- what is there ----------------------------------------------------------------------------


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue a service; those of the hot-added are there before they are."""
    own = (OBSERVER,) if settings.choreographed else (ORCHESTRATOR,)
    return tuple(queue(name, settings) for name in (*SERVICES, "loyalty", *own))


def subscriptions(settings: Settings) -> tuple[Subscription, ...]:
    """Everybody's subscription but those of who subscribes itself; none under an orchestrator."""
    if not settings.choreographed:
        return ()
    return tuple(subscription(name, settings) for name in SERVICES)


def cast(settings: Settings) -> dict[str, int]:
    """The services, and an observer or an orchestrator; no loyalty service yet."""
    found = dict.fromkeys(SERVICES, settings.instances) | {"customer": settings.customers}
    if settings.choreographed:
        return found | {"observer": int(settings.observer)}
    return found | {"orchestrator": 1}


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if 0 < settings.hop_limit < 4:
        raise BadInput("hop_limit: an order needs 4 hops to be completed; raise it, or 0 for none")
    if settings.throttle and settings.max_deliveries == 1:
        raise BadInput("throttle: what it puts off is delivered twice; raise max_deliveries")
    if settings.sessions and not settings.choreographed:
        raise BadInput("sessions: commands wait for nothing together; set choreographed=on")
    if not settings.correlation and not settings.choreographed:
        raise BadInput("correlation: an orchestrator finds no workflow without it; leave it on")


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of the choreography, of the dual write, and of any peek-lock queue."""
    everybody = (*SERVICES, "loyalty", OBSERVER, ORCHESTRATOR)
    return (
        *choreography_rules(settings, SERVICES),
        *dual_write_rules(),
        *consuming_rules(settings, everybody, passes_on=True),
    )


FAULTS = (
    Fault("slow", "A service takes so many times as long for everything: its queue grows, and "
          "nobody else notices.", "consumer", "factor", "5", lasts=True),
    Fault("poison", "The next order (or the message named) fails in every handler that touches "
          "it.", "message", lasts=True, after=FIXED),
    Fault("poison-one", "The next event a service takes is one that it cannot handle, and all "
          "others can: the order ends there, and only its own dead-letter queue knows.",
          "consumer", sticks=True, after=FIXED),
    Fault("lose-send", "The next message is lost on its way: an order that ends in the middle.",
          "", "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: the message comes back and is handled "
          "again.", "", "settlements", "1"),
    Fault("duplicate", "The next message arrives twice, an event at every subscriber.", "",
          "messages", "1"),
    Fault("reorder", "The next message overtakes everything that waits, an event at every "
          "subscriber.", "", "messages", "1"),
    Fault("broker-down", "Nobody reaches the broker; locks go on ageing.", lasts=True),
    Fault("partition", "A service cannot reach the broker, the others can.", "consumer",
          lasts=True),
    Fault("store-down", "Nobody can commit anything; handlers wait, locks go on ageing.",
          lasts=True),
    Fault("burst", "A further customer places so many orders within a second.", "", "messages",
          "20"),
    Fault("storm", "Payment is wired to its own refunds: a refused order is charged again and "
          "again.", lasts=True, turns="miswired=on"),
    Fault("schema-drift", "The order service goes over to a version of OrderPlaced that has no "
          "amount.", lasts=True, turns="schema=v2-breaking"),
    Fault("compensation-fails", "The next compensation throws and is tried again.", "consumer",
          "times", "1"),
)  # fmt: skip

STORY = Story(
    problem="A workflow that one component conducts makes that component know everybody, change "
    "with everybody, and fail for everybody.",
    brief="A conductor must know everybody, and all fail when it does.",
    words="coupling teams autonomy events workflow",
    solution="Let every service tell what has happened and react to what it hears, its own "
    "compensation included. The workflow is nowhere; it comes about.",
    when=(
        "The services are owned by different teams and change at different times.",
        "Subscribers come and go, and those who tell must not care.",
        "The chains are short, and each step can be taken back by its own service.",
    ),
    when_not=(
        "Somebody has to say at any moment where an order stands, and when to give up (Saga).",
        "The chain is long or branches often: nobody will be able to read it off the wiring.",
        "There is no tracing: without conversation ids nobody sees a workflow at all.",
    ),
    mistaught=(
        '"Choreography is a kind of request and reply." An event is a fact in the past tense, '
        "without an addressee. Who tells it does not know whether anybody listens.",
        '"No central brain, so no single point of failure." And nobody who notices: a service '
        "that has died is silence, and the only symptom is the age of its conversations.",
        '"Decoupled." From each other\'s addresses, yes; everybody still depends on the meaning '
        "and the fields of the events.",
        '"Save, then publish." A crash between the two leaves a record nobody heard of; the '
        "other way round, news of something that never happened. An outbox makes it one step.",
        '"It waits for both." In what? Memory dies with its process, and two instances have two; '
        "what has been heard is written down, whichever event comes first.",
        '"Events come in order, and once." Neither, as soon as anything is retried or scaled.',
    ),
    brokers=(
        "Azure Service Bus, RabbitMQ and NATS filter at the broker, by property, routing key or "
        "subject; a Kafka consumer reads the whole partition and drops what it does not want.",
        "No broker counts hops for you except where it forwards by itself: Azure Service Bus "
        "stops after four auto-forwards. Carry a count of your own.",
        "NServiceBus and MassTransit bring inbox and outbox along; with a bare client they are "
        "yours to write.",
        "NServiceBus and MassTransit have headers for conversation and causation, others W3C's.",
    ),
)

ABOUT = {
    "order": "takes orders and hears how they end", "payment": "charges, and refunds",
    "stock": "reserves, and releases", "shipping": "packs the parcel",
    "delivery": "books a courier once it has heard of payment and of stock",
    ORCHESTRATOR: "knows it all; only in the twin", "loyalty": "grants points; nobody knows of it",
}  # fmt: skip
KNOWING = {ORCHESTRATOR: orchestrator, "loyalty": loyalty}

PATTERN = Pattern(
    name="choreography",
    title="Choreography",
    settings=Settings,
    roles=(
        *(Role(name, KNOWING.get(name) or service(name), "consumer", about, name,
               points=TELLS.points) for name, about in ABOUT.items()),
        Role("observer", observer, "consumer", "looks for what does not end", OBSERVER),
        Role("customer", customer, "producer", "places orders", "order"),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=Choreographed,
    story=STORY,
    check=check,
    switch="choreographed=off",
    demo="who-noticed",
    topics=lambda settings: (EVENTS,) if settings.choreographed else (),
    subscriptions=subscriptions,
    safeguards=(
        Safeguard("idempotent", "on", "off", "effect-once",
                  "a crash before settling (K5), or a duplicate, means the step is done again."),
        Safeguard("outbox", "on", "off", "no-zombie-records",
                  "a crash between commit and publish (K3) leaves a change nobody hears of; with "
                  "publish_first, one between publish and commit (K4) leaves news of nothing."),
        Safeguard("hop_limit", "8", "0", "hops-bounded",
                  "services wired in a loop set each other off for ever."),
        Safeguard("join", "rows", "memory", "no-workflow-vanishes",
                  "what delivery has heard and not written down is gone with its process."),
        Safeguard("versions", "on", "off", "newest-wins",
                  "news that overtakes older news is overwritten by it."),
        Safeguard("correlation", "on", "off", "one-conversation",
                  "without the id of its conversation an event belongs to nothing."),
    ),
    ledgers=shop.LEDGERS,
    survives=("order", "payment", "stock", "shipping", "delivery"),
)  # fmt: skip
