"""Publisher-Subscriber: whoever wants to know gets a copy of its own.

A publisher sends an event to a topic and knows nobody who listens. The topic puts a copy on the
queue of each subscription whose filter matches; each of them settles, retries, lags and fails
alone. What a subscriber does not get, and for how long it is kept for it, is decided by its
subscription: by the filter, by whether it is durable, and by what a full buffer does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    EFFECT,
    FIXED,
    FROM_OVERFLOW,
    SERVED,
    SUBSCRIBES,
    Asks,
    BadInput,
    Change,
    Fault,
    Hooks,
    Knob,
    Pattern,
    Policy,
    QueueSettings,
    Role,
    Rule,
    Safeguard,
    Spreading,
    Story,
    Work,
    constant,
    consuming_rules,
    fits,
    handle_each,
    invoices,
    kinds,
    news,
    produce,
    publishing_rules,
    schemas,
    subscription,
    terms,
    written,
)
from .port import (
    CrashPoint,
    Distribution,
    Grammar,
    Message,
    Outcome,
    Overflow,
    Port,
    QueueSpec,
    Subscription,
    TopicSpec,
)

TOPIC = "orders"
EVERYBODY = "everybody"
"""Name of the one subscription that all share where the pattern is switched off."""


class Settings(QueueSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    copies: Annotated[
        bool,
        Knob(
            "a copy for each subscription; off = all subscribers share one queue",
            instead="open it again with --set copies=off",
        ),
    ] = True
    grammar: Annotated[
        Grammar,
        Knob("how filters are written", instead="open it again with --set grammar=nats"),
    ] = Grammar.AMQP
    publishers: Annotated[
        int, Knob("publishers at the start", "actors", 0, 1000, "spawn publisher")
    ] = 1
    audits: Annotated[int, Knob("audit trails at the start", "actors", 0, 1000, "spawn audit")] = 1
    billings: Annotated[
        int, Knob("billing services at the start", "actors", 0, 1000, "spawn billing")
    ] = 1
    eus: Annotated[int, Knob("EU desks at the start", "actors", 0, 1000, "spawn eu")] = 1
    dashes: Annotated[int, Knob("dashboards at the start", "actors", 0, 1000, "spawn dash")] = 1
    searches: Annotated[
        int, Knob("search indexers at the start", "actors", 0, 1000, "spawn search")
    ] = 0
    every: Annotated[Distribution, Knob("time between two events of a publisher", "s", 1e-6)] = (
        constant(0.5)
    )
    count: Annotated[
        int, Knob("events a publisher sends; 0 = no end", "messages", 0, 10_000_000)
    ] = 0
    service: Annotated[Distribution, Knob("time a subscriber takes for an event", "s")] = constant(
        0.1
    )
    search_time: Annotated[Distribution, Knob("time search takes for an event", "s")] = constant(
        2.0
    )
    policy: Annotated[
        Policy,
        Knob("what a full buffer does", instead="spawn search policy=drop-newest"),
    ] = Policy.DROP_OLDEST
    terms: Annotated[
        str,
        Knob("what holds for one subscription only: billing ttl=5s max_deliveries=3, "
             "dash mode=receive-and-delete"),
    ] = ""  # fmt: skip
    retain: Annotated[
        int, Knob("events the topic's log keeps for replay; 0 = no log", "messages", 0, 1_000_000)
    ] = 0
    mandatory: Annotated[bool, Knob("an event nobody subscribes to goes back to its publisher")] = (
        False
    )
    schema: Annotated[
        schemas.Schema,
        Knob("what events look like; v2-breaking has no amount any more, v2-versioned says so"),
    ] = schemas.Schema.V1
    upcaster: Annotated[bool, Knob("billing translates events of version 2 into what it knows")] = (
        False
    )
    unsubscribe: Annotated[bool, Knob("who is asked to leave takes its subscription along")] = False
    reconnect: Annotated[
        float, Knob("time until a subscriber that was cut off subscribes again; 0 = never", "s")
    ] = 2.0
    keepalive: Annotated[
        float,
        Knob("silence after which a connection is given up; 0 = never", "s",
             instead="open it again with --set keepalive=5s"),
    ] = 10.0  # fmt: skip

    def queue(self, name: str) -> QueueSpec:
        """Return the declaration of a subscription's queue: its own terms, else everybody's."""
        return terms.on_terms(self.terms, QueueSettings.queue(self, name))


AUDIT = Asks(("orders", "many"))
BILLING = Asks(("orders", "one", "paid"))
EU = Asks(("orders", "eu", "one"))
DASH = Asks(("orders", "many"), durable=False)
SEARCH = Asks(("orders", "many"), durable=False, buffer=10)
SUBSCRIBER = Asks(("many",))


READS: Final = Hooks[Settings](refuse=news.unread)
PAYS: Final = Hooks[Settings](refuse=invoices.unpayable)
INVOICES: Final = Change[Settings](invoices.issue)
INDEXES: Final = Work[Settings]("search_time")


# --- participants ---------------------------------------------------------------------------


async def publisher(port: Port[Settings]) -> None:
    """Say what happened to orders, to nobody in particular."""

    async def told(port: Port[Settings], message: Message, outcome: Outcome) -> None:
        if outcome is Outcome.REJECTED:
            what = f"returned: gets {message.id} back: nobody subscribes to {message.subject}"
            port.note(kinds.NOTED, message.id, what)

    await produce(port, TOPIC, told=told, stamped=news.about, confirmed=True)


async def subscriber(
    port: Port[Settings],
    asks: Asks = SUBSCRIBER,
    change: Change[Settings] = EFFECT,
    work: Work[Settings] = SERVED,
    hooks: Hooks[Settings] = READS,
) -> None:
    """Subscribe, handle copies one by one, and come back if the connection was cut."""
    while True:
        wanted = subscription(TOPIC, port.settings, port.options, port.name, asks)
        if not port.settings.copies:
            port.note(kinds.NOTED, port.name, f"shares: wants {wanted.filter}")
            wanted = shared(port.settings, wanted)
        await port.broker.subscribe(wanted)
        await handle_each(port, wanted.queue.name, change, work, hooks)
        if port.stopping:
            if port.settings.unsubscribe and not port.options.get("group"):
                await port.broker.unsubscribe(TOPIC, wanted.queue.name)
            return
        if not port.settings.reconnect:
            return
        await port.clock.sleep(port.settings.reconnect)


async def audit(port: Port[Settings]) -> None:
    """Keep a trail of everything; durable, for a trail must have no hole."""
    await subscriber(port, AUDIT)


async def billing(port: Port[Settings]) -> None:
    """Issue an invoice for every paid order: once, one hopes."""
    await subscriber(port, BILLING, INVOICES, hooks=PAYS)


async def eu(port: Port[Settings]) -> None:
    """Deal with whatever happens in the EU."""
    await subscriber(port, EU)


async def dash(port: Port[Settings]) -> None:
    """Show what is going on; it needs no yesterday, so its subscription is not durable."""
    await subscriber(port, DASH)


async def search(port: Port[Settings]) -> None:
    """Index everything, four times slower than it comes."""
    await subscriber(port, SEARCH, work=INDEXES)


def shared(settings: Settings, wanted: Subscription) -> Subscription:
    """Return the one subscription that all share where the pattern is switched off."""
    own = wanted.queue
    spec = replace(settings.queue(EVERYBODY), capacity=own.capacity, overflow=own.overflow)
    return Subscription(TOPIC, spec, written(("many",), settings.grammar))


# --- what is declared, and what is refused --------------------------------------------------


def topics(settings: Settings) -> tuple[TopicSpec, ...]:
    """One topic for all events of orders."""
    return (TopicSpec(TOPIC, settings.grammar, settings.retain, settings.mandatory),)


def retune(settings: Settings, spec: QueueSpec) -> QueueSpec:
    """Let the queue of a subscription follow the settings; its bound is its own."""
    fresh = settings.queue(spec.name)
    keeps = settings.overflow is Overflow.REJECT
    overflow = spec.overflow if keeps else settings.overflow
    return replace(fresh, capacity=spec.capacity, overflow=overflow)


def cast(settings: Settings) -> dict[str, int]:
    """Four kinds of subscriber, and who publishes."""
    return {
        "audit": settings.audits,
        "billing": settings.billings,
        "eu": settings.eus,
        "dash": settings.dashes,
        "search": settings.searches,
        "publisher": settings.publishers,
    }


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    terms.check_terms(settings)
    said = FROM_OVERFLOW.get(settings.overflow, settings.policy)
    if settings.policy not in (said, Policy.DROP_OLDEST):
        raise BadInput(f"overflow: says {said.value}, and policy {settings.policy.value}; set one")
    if settings.policy is Policy.DISCONNECT and settings.capacity is not None:
        raise BadInput("policy: a durable subscription cannot be disconnected; leave capacity "
                       "unbounded and give buffer= to one that is not durable")  # fmt: skip


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of a topic, and those of any peek-lock queue for each subscription."""
    return (*publishing_rules(settings, ("audit", "billing", "eu", "dash", "search")),
            *consuming_rules(settings, ()))  # fmt: skip


FAULTS = (
    Fault("slow", "A subscriber takes so many times as long: its backlog grows, and its policy "
          "decides who pays.", "consumer", "factor", "20", lasts=True),
    Fault("poison", "The next event (or the one named) fails in every subscriber: each "
          "subscription buries its own copy.", "message", lasts=True, after=FIXED),
    Fault("poison-one", "The next event a subscriber takes is one that it cannot handle, and all "
          "others can: only its own dead-letter queue gets a copy.", "consumer",
          sticks=True, after=FIXED),
    Fault("lose-send", "The next event is lost on its way to the topic: nobody gets a copy.", "",
          "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: that one copy comes back to that one "
          "subscription.", "", "settlements", "1"),
    Fault("duplicate", "The publisher hears no confirmation of the next event, or dies before it "
          "does, and publishes it again.", "", "messages", "1"),
    Fault("reorder", "The next event overtakes everything that waits, in every subscription.", "",
          "messages", "1"),
    Fault("broker-down", "Nobody reaches the topic; publishers and subscribers wait.", lasts=True),
    Fault("partition", "The network comes apart: a subscriber hears nothing and is not heard, "
          "until its connection is given up.", "consumer", lasts=True),
    Fault("burst", "A further publisher publishes so many events within a second.", "",
          "messages", "40"),
)  # fmt: skip

STORY = Story(
    problem="Several services need to know of the same event. If the sender calls each of them, it "
    "must know them all, and the slowest or deadest of them holds it up.",
    brief="A sender that calls all who must know waits for the slowest.",
    words="slow coupling many broadcast events fan-out copies",
    solution="Publish the event to a topic. Every subscription gets a copy of its own on a queue "
    "of its own; who is slow, down or wrong harms nobody else.",
    when=(
        "Several services react to the same event, and more may come that nobody knows yet.",
        "Subscribers work at different speeds, or are down at different times.",
        "The publisher needs no answer.",
    ),
    when_not=(
        "Exactly one service is to act: that is a command, and a queue (Competing Consumers).",
        "The sender needs to know that it was done, or wants the answer.",
        "Subscribers must succeed or fail together: there is no atomicity across subscriptions.",
    ),
    mistaught=(
        '"The broker keeps events for who is down." Only for a durable subscription. One that is '
        "not durable ends with its connection, and nothing tells it what it missed.",
        '"Subscribers share the events." They get copies. Instances share only if they give the '
        "same group name; forget it, and every instance does everything.",
        '"A slow subscriber slows only itself." As long as its policy is to drop, to be cut off, '
        "or to buffer. If the broker blocks instead, everybody waits for the slowest.",
        '"An event that nobody gets is an error." To a topic it is nothing at all: a typo in a '
        "subject is a shout into the void, unless somebody counts.",
        '"Wildcards are wildcards." In AMQP # may stand for no word and anywhere; > in NATS needs '
        "one word at least, at the end; # in MQTT also matches the parent, and * is a letter.",
    ),
    brokers=(
        "RabbitMQ: a queue is a subscription, bound with a pattern; exclusive or auto-delete "
        "queues are not durable; a full one drops its head by default.",
        "NATS core: no buffer at the server but for a connection's, and who does not read fast "
        "enough is cut off as a slow consumer; JetStream adds durable consumers and replay.",
        "Azure Service Bus: subscriptions are durable, with correlation and SQL filters and a "
        "switch for filter errors; each has a dead-letter queue, the topic has none.",
        "Kafka: a group's offset is its durable subscription, replay is a seek, and filters are "
        "the consumer's own affair.",
        "MQTT: a persistent session buffers while the client is away, a clean one does not.",
    ),
)

PATTERN = Pattern(
    name="publisher-subscriber",
    title="Publisher-Subscriber",
    settings=Settings,
    roles=(
        Role("audit", audit, "consumer", "keeps a trail of every event", takes=SUBSCRIBES,
             check=fits(AUDIT)),
        Role("billing", billing, "consumer", "issues invoices for paid orders", takes=SUBSCRIBES,
             check=fits(BILLING)),
        Role("eu", eu, "consumer", "deals with orders of the EU", takes=SUBSCRIBES, check=fits(EU)),
        Role("dash", dash, "consumer", "shows what is going on; not durable", takes=SUBSCRIBES,
             check=fits(DASH)),
        Role("search", search, "consumer", "indexes every event, slowly", takes=SUBSCRIBES,
             check=fits(SEARCH)),
        Role("subscriber", subscriber, "consumer", "wants what you say", takes=SUBSCRIBES,
             check=fits(SUBSCRIBER)),
        Role("publisher", publisher, "producer", "publishes what happens to orders", TOPIC,
             points=(CrashPoint.K3, CrashPoint.K4)),
    ),
    queues=lambda settings: (),
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=Spreading,
    story=STORY,
    check=check,
    switch="copies=off",
    demo="copies-not-shares",
    topics=topics,
    retune=retune,
    mentions=terms.mentioned,
    safeguards=(
        Safeguard("idempotent", "on", "off", "effect-once",
                  "A copy that comes back after its settlement was lost takes effect again."),
    ),
    ledgers=(invoices.TABLE,),
    survives=("billing",),
)  # fmt: skip
