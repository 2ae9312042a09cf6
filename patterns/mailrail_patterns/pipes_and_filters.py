"""Pipes and Filters: a task split into stages that know nothing of each other.

Each filter takes a message from the pipe before it, does one thing, and puts the result into the
pipe after it. The filters run at the same time on different messages, so the throughput is that
of the slowest stage; more instances of that stage help until another one is the slowest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    FIXED,
    SERVED,
    BadInput,
    Carrying,
    Change,
    Fault,
    Flowing,
    Knob,
    Meter,
    Pattern,
    Role,
    Rule,
    Safeguard,
    StoreSettings,
    Story,
    Work,
    carrying_rules,
    claimed,
    constant,
    consuming_rules,
    fault_policy,
    go_round,
    handle_each,
    item_keys,
    key_rules,
    parse_wiring,
    passes_on,
    piping_rules,
    produce,
    published,
    resequencing,
    result_of,
)
from .port import ENVELOPE, CrashPoint, Distribution, Message, Outcome, Overflow, Port, QueueSpec

DECODE, RESIZE, WATERMARK, PUBLISH = "decode", "resize", "watermark", "publish"
STAGES = (DECODE, RESIZE, WATERMARK, PUBLISH)
"""The filters there are. Decode takes a file and gives an image, publish takes an image and gives
nothing back. Those between take an image and give one: they may change places or be left out."""

TO_DECODE, TO_RESIZE, TO_WATERMARK, TO_PUBLISH = (f"to-{stage}" for stage in STAGES)
PIPES = (TO_DECODE, TO_RESIZE, TO_WATERMARK, TO_PUBLISH)


class Settings(StoreSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    split: Annotated[
        bool, Knob("three filters; off = one filter that does all three steps in turn")
    ] = True
    producers: Annotated[int, Knob("sources at the start", "actors", 0, 1000, "spawn source")] = 1
    decoders: Annotated[int, Knob("decode filters", "actors", 0, 1000, "spawn decode")] = 1
    resizers: Annotated[int, Knob("resize filters", "actors", 0, 1000, "spawn resize")] = 1
    publishers: Annotated[int, Knob("publish filters", "actors", 0, 1000, "spawn publish")] = 1
    every: Annotated[Distribution, Knob("time between two items of a source", "s", 1e-6)] = (
        constant(2.0)
    )
    count: Annotated[int, Knob("items a source sends; 0 = no end", "messages", 0, 10_000_000)] = 0
    decode_time: Annotated[Distribution, Knob("time to decode one item", "s")] = constant(1.0)
    resize_time: Annotated[Distribution, Knob("time to resize one item", "s")] = constant(3.0)
    publish_time: Annotated[Distribution, Knob("time to publish one item", "s")] = constant(1.0)
    wiring: Annotated[
        str, Knob("where the output of each filter goes: filters with > between them")
    ] = "decode > resize > publish"
    watermark_time: Annotated[Distribution, Knob("time to watermark one item", "s")] = constant(1.0)
    broker_dedupe: Annotated[
        bool, Knob("the broker drops a message whose id it has accepted before")
    ] = False
    overflow: Annotated[Overflow, Knob("what a full pipe does")] = Overflow.BLOCK
    item_size: Annotated[
        int, Knob("size of an item that has none; 0 = too small to matter", "B", 0, 1e12)
    ] = 0
    bus_limit: Annotated[
        int, Knob("largest message a pipe takes, envelope included; 0 = any", "B", 0, 1e12)
    ] = 0
    claim_check: Annotated[
        bool, Knob("items wait in a store and only tickets travel; off = they travel inside",
                   instead="run --set claim_check=on")
    ] = False  # fmt: skip
    sweepers: Annotated[
        int, Knob("sweepers of the store at the start", "actors", 0, 100, "spawn sweeper")
    ] = 1
    on_fault: Annotated[
        fault_policy.OnFault, Knob("what a filter does with an item whose last attempt has failed")
    ] = fault_policy.OnFault.DEAD_LETTER
    order: Annotated[
        item_keys.ItemOrder,
        Knob("what keeps the order: nothing; a lane for each key; numbers, at the sink"),
    ] = item_keys.ItemOrder.OFF
    keys: Annotated[
        int, Knob("keys the items of a source go round; 0 = none", "", 0, 1000, "run --set keys=4")
    ] = 0
    gap_timeout: resequencing.GapTimeout = 20.0
    gap_policy: resequencing.GapPolicy = resequencing.Gap.SKIP
    gap_buffer: resequencing.GapBuffer = 100

    @property
    def by_number(self) -> bool:
        """Whether the sink goes by the numbers that the sources gave the items of a key."""
        return self.order is item_keys.ItemOrder.RESEQUENCED

    @property
    def sink(self) -> str:
        """The pipe before the sink: the last filter, or the one that does everything."""
        return TO_PUBLISH if self.split else TO_DECODE

    @property
    def line(self) -> tuple[str, ...]:
        """The stages in the order in which the pipes join them now."""
        return parse_wiring(self.wiring).line

    @property
    def service(self) -> Distribution:
        """Time one item takes in all stages together, in seconds, where it does not vary."""
        return constant(sum(self.time_of(stage).mean for stage in self.line))

    def time_of(self, stage: str) -> Distribution:
        """Return the time a stage takes for one item, in seconds."""
        times = {
            DECODE: self.decode_time, RESIZE: self.resize_time,
            WATERMARK: self.watermark_time, PUBLISH: self.publish_time,
        }  # fmt: skip
        return times[stage]


async def source(port: Port[Settings]) -> None:
    """Put items into the first pipe."""
    if port.settings.claim_check:
        await claimed.catch_up(port, TO_DECODE)
    await produce(port, TO_DECODE, stamped=item_keys.keyed, send=send_item)


async def send_item(port: Port[Settings], message: Message) -> Outcome:
    """Send an item: inside its message, or as a ticket to what is in the store."""
    size = message.size or port.settings.item_size
    if size and port.settings.claim_check:
        return await claimed.check_in(port, TO_DECODE, replace(message, size=size))
    return await port.broker.send(TO_DECODE, replace(message, size=size and size + ENVELOPE))


async def filters(port: Port[Settings], stage: str) -> None:
    """Take from the pipe before a stage, work, and pass the result on.

    With claim checks a filter claims its input first, stores its result before it sends the
    ticket to it, and deletes its input once that is settled.
    """
    goes_on = passes_on(stage, STAGES)
    change = Change[Settings](goes_on)
    work = Work[Settings](
        service=f"{stage}_time",
        tries=fault_policy.passes_at,
        gives_up=fault_policy.hands_on(stage, goes_on),
    )
    breaker = fault_policy.Breaker(port.broker.receiver(f"to-{stage}", port.settings.prefetch))
    hooks = claimed.hooks(port.settings.claim_check, breaker.settle, result_of(stage, STAGES))
    await handle_each(port, breaker, change, work, hooks)


async def last_filter(port: Port[Settings], stage: str, work: Work[Settings]) -> None:
    """Take from the pipe before a stage, work, and let the result be seen outside.

    Nobody is left to hand on to what it cannot handle: unless it is to halt, that is
    dead-lettered. It is the sink, with a resequencer before it, and writes down how far a key has
    come with what it publishes.
    """
    breaker = fault_policy.Breaker(resequencing.in_sequence(port, f"to-{stage}"))
    hooks = claimed.hooks(port.settings.claim_check, breaker.settle)
    await handle_each(port, breaker, PUBLISHED, work, hooks)


async def decode(port: Port[Settings]) -> None:
    """First filter."""
    await filters(port, DECODE)


async def resize(port: Port[Settings]) -> None:
    """Second filter, three times slower than the others unless told otherwise."""
    await filters(port, RESIZE)


async def watermark(port: Port[Settings]) -> None:
    """Put in while the others go on: none of them is changed, only what the pipes join."""
    await filters(port, WATERMARK)


PUBLISHED: Final = Change[Settings](published, reacts=lambda settings: settings.keys > 0)
PUBLISH_TIME: Final = Work[Settings]("publish_time")


async def publish(port: Port[Settings]) -> None:
    """Last filter: what it does can be seen outside."""
    await last_filter(port, PUBLISH, PUBLISH_TIME)


async def monolith(port: Port[Settings]) -> None:
    """All three steps in one: the same work without the pattern."""
    await last_filter(port, DECODE, SERVED)


async def sweeper(port: Port[Settings]) -> None:
    """Empty lockers no ticket points to and none will: where a filter died before it deleted."""
    await go_round(port, claimed.unclaimed(PIPES))


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """Return one pipe before each filter; the source never has to wait, filters may."""

    def pipe(name: str) -> QueueSpec:
        spec = item_keys.shared_by_key(
            settings, fault_policy.holds_on(settings, settings.queue(name))
        )
        capacity = None if name == TO_DECODE else spec.capacity
        return replace(
            spec, capacity=capacity, max_size=settings.bus_limit,
            duplicate_detection=inf if settings.broker_dedupe else spec.duplicate_detection,
        )  # fmt: skip

    return tuple(pipe(f"to-{stage}") for stage in settings.line)


def cast(settings: Settings) -> dict[str, int]:
    """Each filter that is wired, or one that does everything; a sweeper where there is a store."""
    sweepers = {"sweeper": settings.sweepers} if settings.claim_check else {}
    if not settings.split:
        return {"monolith": settings.decoders, **sweepers, "source": settings.producers}
    crews = {
        DECODE: settings.decoders, RESIZE: settings.resizers,
        WATERMARK: 1, PUBLISH: settings.publishers,
    }  # fmt: skip
    wired = {stage: crew for stage, crew in crews.items() if stage in settings.line}
    return {**wired, **sweepers, "source": settings.producers}


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    try:
        parse_wiring(settings.wiring).check(STAGES, DECODE, PUBLISH)
    except BadInput as problem:
        raise problem.inside("wiring") from None
    fault_policy.check_faults(settings)
    item_keys.check_keys(settings)
    if settings.claim_check and 0 < settings.bus_limit < ENVELOPE:
        raise BadInput(f"bus_limit: a ticket alone weighs {ENVELOPE} B; raise bus_limit")


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of the pipeline, and those of any peek-lock queue for each pipe.

    With claim checks those of the cloakroom hold as well, at every hop.
    """
    checks = carrying_rules(settings) if settings().claim_check else ()
    return (
        *piping_rules(settings, PIPES), *key_rules(settings, TO_DECODE),
        *consuming_rules(settings, PIPES, passes_on=True), *checks,
    )  # fmt: skip


def meter(settings: Callable[[], Settings]) -> Meter:
    """How items flow; and what the bus and the store carry, where items have a size."""
    heavy = settings().claim_check or settings().item_size
    return Carrying(settings) if heavy else Flowing(settings)


FAULTS = (
    Fault("slow", "A filter takes so many times as long: its pipe fills up before it, and the "
          "filters after it starve.", "consumer", "factor", "5", lasts=True),
    Fault("poison", "The next item (or the one named) fails in every filter that touches it, "
          "until one hands it on unfiltered.", "message", lasts=True, after=FIXED),
    Fault("duplicate", "The next item is put into its pipe twice.", "", "messages", "1"),
    Fault("reorder", "The next item overtakes everything in its pipe.", "", "messages", "1"),
    Fault("lose-send", "The next item is lost on its way into a pipe; the filter does not "
          "notice.", "", "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: the item comes back and the filter does its "
          "work again.", "", "settlements", "1"),
    Fault("expire-lock", "The lock on an item runs out now, its holder unaware.", "message"),
    Fault("broker-down", "No pipe can be reached; filters finish what they have and wait.",
          lasts=True),
    Fault("store-down", "The store cannot be reached: a filter that has a result to hand on waits "
          "with it, and with claim checks nobody gets at an item.", lasts=True),
    Fault("burst", "A further source puts so many items into the first pipe within a second.",
          "", "messages", "20"),
)  # fmt: skip

STORY = Story(
    problem="A task in one piece scales only as a whole; its slowest step holds up all others.",
    brief="The slowest step of a task holds up all its other steps.",
    words="slow bottleneck order scale reuse stages",
    solution="Split it into filters that each take from one pipe and put into the next. They "
    "run at the same time on different items, and the slowest one can be given more instances.",
    when=(
        "The steps of an image service, an ETL job, a compiler or a stream need different "
        "amounts of time, memory or concurrency.",
        "Steps are to be added, replaced or put into another order without touching the rest.",
        "An item may pass through the steps at its own pace.",
    ),
    when_not=(
        "The steps have to succeed or fail together, in one transaction.",
        "Somebody waits for the answer to each item (Asynchronous Request-Reply).",
        "The items are so large that copying them through every pipe is the cost: then pass "
        "claim checks (claim_check=on).",
    ),
    mistaught=(
        '"An item goes through one filter after the other, so the time is the sum." Of one '
        "item, yes; the throughput is that of the slowest stage.",
        '"More instances make it faster." Of the slowest stage, until another one is the '
        "slowest; beyond that nothing changes.",
        '"Each item comes out once." A filter that dies after sending and before settling '
        "sends again. The id of an output must follow from its input, so that it can be told.",
        '"Filters can change places at any time." If the pipes are bounded, items that set out '
        "before and after the change make two filters wait for room in each other's pipe, for "
        "ever. Let the pipes between them run empty first.",
        '"What fails is dead-lettered." Only where an item is worth nothing unfiltered. Where the '
        "filter adds what can be done without, hand it on marked (on_fault=pass-through); where "
        "none may be missing, halt until somebody has looked at it (on_fault=fail).",
        '"Parallel instances keep the order." They do not. Where it matters, let them '
        "share the items by key (order=keyed): a slow one then holds up its keys alone. Or put it "
        "right at the sink (order=resequenced): what is early waits there, for what may be lost.",
    ),
    brokers=(
        "Any queue can be a pipe; what differs is what a full one does: RabbitMQ can refuse or "
        "drop, Azure Service Bus refuses, Amazon SQS is practically unbounded.",
        "A resequencer is yours to write on any of them: Azure Service Bus can set a message aside "
        "(defer) and keep the number awaited in the session state; elsewhere it takes a table.",
        "Duplicate detection is on the sending side and for a window of time: ten minutes in "
        "Azure Service Bus by default, five in SQS FIFO, two in NATS JetStream.",
    ),
)

PATTERN = Pattern(
    name="pipes-and-filters",
    title="Pipes and Filters",
    settings=Settings,
    roles=(
        Role("decode", decode, "consumer", "the first filter", TO_DECODE),
        Role("resize", resize, "consumer", "the second filter", TO_RESIZE),
        Role("watermark", watermark, "consumer", "a filter that can be put in", TO_WATERMARK),
        Role("publish", publish, "consumer", "the last filter", TO_PUBLISH),
        Role("monolith", monolith, "consumer", "all three steps in one", TO_DECODE),
        Role("sweeper", sweeper, "consumer", "empties lockers no ticket points to", points=()),
        Role("source", source, "producer", "puts items into the first pipe", TO_DECODE,
             points=lambda settings: (CrashPoint.K3,) if settings.claim_check else ()),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=meter,
    story=STORY,
    check=check,
    switch="split=off",
    demo="moving-bottleneck",
    safeguards=(
        Safeguard(
            "idempotent", "on", "off", "effect-once",
            "a crash between effect and settlement (K5), or a lock that runs out, means a second "
            "delivery.",
        ),
        Safeguard(
            "sweepers", "1", "0", "orphans-swept",
            "a filter that dies before it deletes its input, and a ticket that is lost, leave a "
            "payload no message points to; only who lists the store finds it.",
            given="claim_check=on",
        ),
    ),
)  # fmt: skip
