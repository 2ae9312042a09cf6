"""Saga: one business transaction as a row of local ones, each with a way to make up for it.

An orchestrator sends one command after the other and writes down what it means to do before it
does it. Before the pivot a refusal sends it backwards, undoing what was done; after the pivot
there is no way back, only forward. It keeps nothing in its memory: a crash loses nothing.
What it does is seen by other sagas on the way, and they change what it has read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    AT_ONCE,
    FIXED,
    BadInput,
    Change,
    Fault,
    Hooks,
    Knob,
    Ledger,
    LedgerSettings,
    Pattern,
    Role,
    Rule,
    Safeguard,
    SagaMeter,
    Story,
    Work,
    compensations,
    constant,
    consuming_rules,
    decisions,
    handle_each,
    log,
    produce,
    saga_rules,
    step_types,
    worth,
)
from .port import Distribution, Port, QueueSpec, Sessions

Policy = compensations.Policy
AMOUNTS = {
    "stock": -1, "credit": -worth.USUAL, "card": worth.USUAL, "shipping": 1, "notification": 1,
}  # fmt: skip
"""What each step adds to its participant's ledger; undoing it adds the opposite."""
PRICED = ("credit", "card")
"""The steps that go by the price: the first has read it when the other comes to act on it."""
DEPENDS = {"credit": ("card",), "stock": ("shipping",)}
"""What has to be undone before a step is: the card is refunded while its credit is still held,
and a parcel is back before its item is on the shelf."""


class Settings(LedgerSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    compensation: Annotated[bool, Knob("undo what was done; off = a refusal ends it there")] = True
    pivot: Annotated[int, Knob("the point of no return", "", 0, 99, "--set pivot=N")] = 3
    retryable: Annotated[
        str, Knob("steps repeated until they succeed, as in shipping, notification",
                  instead="--set retryable=STEPS")
    ] = step_types.AFTER_PIVOT  # fmt: skip
    uncompensated: Annotated[
        str, Knob("steps that nothing undoes, as in credit; none = every step before the pivot "
                  "has a compensation", instead="--set uncompensated=STEPS")
    ] = ""  # fmt: skip
    policy: Annotated[Policy, Knob("in which order steps are undone")] = Policy.REVERSE
    custom_order: Annotated[
        str, Knob("the order of the custom policy: card,credit+stock; + is at the same time")
    ] = ""
    timeout: Annotated[float, Knob("wait for an answer so long; 0 = for ever", "s")] = 10.0
    clock_rate: Annotated[
        float, Knob("how fast a skewed clock runs: at 2 a timeout is over in half the time, at "
                    "0.5 in twice", "", 0.01, 100)
    ] = 2.0  # fmt: skip
    asks: Annotated[
        int | None,
        Knob("how often it asks again for what has to succeed, then a human", "", 0, 1000),
    ] = 4
    attempts: Annotated[
        int, Knob("how often a participant tries work that fails, then says so; 0 = until it "
                  "succeeds, which takes max_deliveries=0", "", 0, 1000)
    ] = 4  # fmt: skip
    retry_delay: Annotated[
        float, Knob("pause before work that failed is tried again; doubles each time", "s")
    ] = 1.0
    longest_pause: Annotated[float, Knob("how far that pause grows", "s")] = 60.0
    durable_log: Annotated[bool, Knob("intent on the log before it is sent; off = memory")] = True
    intent_first: Annotated[bool, Knob("write, then send; off = send first, then write")] = True
    pessimistic: Annotated[bool, Knob("reserve last what others look at: credit, stock")] = False
    pinned: Annotated[bool, Knob("a saga ends by the definition it began with")] = True
    convoy: Annotated[bool, Knob("commands of one saga go in a session, one by one")] = False
    detour: Annotated[float, Knob("how much later a delayed command arrives", "s", 0.001)] = 15.0
    orchestrators: Annotated[
        int, Knob("orchestrators at the start", "actors", 0, 100, "spawn orchestrator")
    ] = 1
    producers: Annotated[int, Knob("clients at the start", "actors", 0, 100, "spawn client")] = 1
    every: Annotated[Distribution, Knob("time between two orders of a client", "s", 1e-6)] = (
        constant(4.0)
    )
    count: Annotated[int, Knob("orders a client places; 0 = no end", "", 0, 10**7)] = 0
    stock_time: Annotated[Distribution, Knob("time to reserve an item", "s")] = constant(2.0)
    credit_time: Annotated[Distribution, Knob("time to reserve credit", "s")] = constant(2.0)
    card_time: Annotated[Distribution, Knob("time to charge the card", "s")] = constant(2.0)
    shipping_time: Annotated[Distribution, Knob("time to ship", "s")] = constant(2.0)
    notification_time: Annotated[Distribution, Knob("time to notify", "s")] = constant(1.0)
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 5.0

    @property
    def service(self) -> Distribution:
        """The longest time a step takes, in seconds."""
        times: list[Distribution] = [getattr(self, f"{step}_time") for step in AMOUNTS]
        return max(times, key=lambda time: time.mean)


# --- participants ---------------------------------------------------------------------------


def taking_part(step: str) -> Callable[[Port[Settings]], Awaitable[None]]:
    """Return a participant: its own table, its own inbox, and no idea of the whole.

    Work that fails for a technical reason is a delay: the command comes back after a pause. A
    business refusal is an answer.
    """

    def revocable(settings: Settings) -> bool:
        return step in compensations.revocable(settings, decisions.defined(settings))

    ledger = Ledger(step, AMOUNTS[step], revocable, shelf=step == "stock",
                    account=step == decisions.ACCOUNT, priced=PRICED)  # fmt: skip

    work = Work[Settings](
        service=f"{step}_time",
        fails=lambda port, message: port.strikes("fail", message.id),
        pause=step_types.pause_of,
        tries=lambda settings: step_types.tries_of(settings, decisions.defined(settings), step),
        gives_up=ledger.gives_up,
    )
    change, hooks = Change[Settings](ledger.react), Hooks[Settings](glance=ledger.glance)

    async def participant(port: Port[Settings]) -> None:
        await handle_each(port, f"to-{step}", change, work, hooks)

    return participant


async def client(port: Port[Settings]) -> None:
    """Place orders; a second order under the same key (group) begins no second saga."""
    await produce(port, log.INBOX)


# --- the orchestrator -----------------------------------------------------------------------


COMMANDS: Final = Change[Settings](
    publish_first=lambda settings: not settings.intent_first,
    outbox=lambda settings: settings.durable_log and settings.intent_first,
)
"""What is meant to be sent is on the log before it is sent, or after, as ``intent_first`` says."""

STARTS: Final = Hooks[Settings](refuse=lambda port, message: worth.refuse(message))
"""An order whose worth cannot be read begins no saga."""


async def orchestrator(port: Port[Settings]) -> None:
    """Send again what the log says is unanswered; then take starts, answers and timeouts.

    Any instance may take any of them: what is decided is a change of the saga's row, committed
    together with the commands that follow. Whoever comes second finds the row changed.
    """
    known: set[str] = set()
    await log.resume(port)
    commands = replace(COMMANDS, react=partial(decisions.decide, known))
    await handle_each(port, log.INBOX, commands, AT_ONCE, STARTS)


# --- what the pattern declares --------------------------------------------------------------


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue to the orchestrator, one to each participant.

    An orchestrator decides at once, so its locks are short: what a dead one had received must
    be back before the timeout for it comes.
    """
    lock = min(settings.lock, max(1.0, 4 * settings.latency))
    inbox = replace(settings.queue(log.INBOX), lock=lock, lock_steps=())
    lanes = Sessions() if settings.convoy else None
    return (inbox, *(replace(settings.queue(f"to-{step}"), sessions=lanes) for step in AMOUNTS))


def cast(settings: Settings) -> dict[str, int]:
    """One of each participant."""
    return {
        **dict.fromkeys(AMOUNTS, 1),
        "orchestrator": settings.orchestrators,
        "client": settings.producers,
    }


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    compensations.check_steps(settings, decisions.defined(settings))
    if settings.asks != 0 and not settings.timeout:
        raise BadInput("asks: who waits for ever never asks again; set a timeout, or asks=0")
    if settings.timeout and settings.timeout < settings.service.mean:
        raise BadInput("timeout: shorter than a step takes, so every saga is undone; raise timeout")
    if settings.semantic_lock and not settings.retry_delay:
        raise BadInput("retry_delay: who has to wait would ask again at once, for ever; raise it")
    if settings.max_deliveries and not 0 < settings.attempts <= settings.max_deliveries:
        raise BadInput(
            "attempts: the command is dead-lettered before; "
            + ("raise max_deliveries" if settings.attempts else "set max_deliveries=0")
        )


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of a saga, and those of any peek-lock queue."""
    names = tuple(spec.name for spec in queues(settings()))
    own = saga_rules(settings, AMOUNTS, PRICED, DEPENDS)
    return (*own, *consuming_rules(settings, names, passes_on=True))


FAULTS = (
    Fault("decline", "The next step (or the command named) is refused: a business no.", "message",
          "commands", "1"),
    Fault("fail", "The next work (or the command named) fails so many times, technically.",
          "message", "times", "1"),
    Fault("delay-command", "Commands (or the one named) take a detour.", "message", lasts=True),
    Fault("lose-reply", "The next answer (to the command named) is lost.", "message", "answers",
          "1"),
    Fault("duplicate-reply", "The next answer (to the command named) comes twice.", "message",
          "answers", "1"),
    Fault("slow", "A participant takes so many times as long.", "consumer", "factor", "5",
          lasts=True),
    Fault("poison", "The next order (or the message named, if it is there) cannot be handled.",
          "message", lasts=True, after=FIXED),
    Fault("lose-send", "The next message is lost; only a timeout notices.", "", "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: its message comes back.", "", "settlements",
          "1"),
    Fault("duplicate", "The next message arrives twice.", "", "messages", "1"),
    Fault("reorder", "The next message overtakes what waits.", "", "messages", "1"),
    Fault("expire-lock", "A lock runs out now, its holder unaware.", "message"),
    Fault("broker-down", "Nobody can send or receive.", lasts=True),
    Fault("store-down", "Nobody can read or write rows.", lasts=True),
    Fault("partition", "One of them is cut off, alive and unaware.", "consumer", lasts=True),
    Fault("new-definition", "A new definition is deployed: credit before stock.", lasts=True),
    Fault("price-change", "The price of the item goes up from 50 to 60.", lasts=True),
    Fault("clock-skew", "An orchestrator's clock runs at clock_rate. Fast: it gives up on answers "
          "that are on time. Slow: what is lost is noticed late.", "orchestrator", lasts=True,
          after="The clock is right again; a timeout that was set by it stays where it is."),
)  # fmt: skip

STORY = Story(
    problem="One business transaction changes the data of several services, and no transaction "
    "spans their databases: a failure half-way leaves it half done.",
    brief="No transaction spans services: a failure leaves work half done.",
    words="half done rollback compensation consistency distributed transaction",
    solution="A row of local transactions. An orchestrator with a durable log sends the commands; "
    "before the pivot it undoes what was done, after the pivot it goes on until all is done.",
    when=(
        "Several services must agree in the end, and each can make up for what it did.",
        "Somebody has to be able to say where an order stands.",
    ),
    when_not=(
        "One database holds all the data: use its transaction.",
        "Nobody may ever see an intermediate state.",
        "What is done first cannot be made up for, and cannot be done last.",
    ),
    mistaught=(
        '"Undo the step that failed." It left nothing behind. Undo those that were done.',
        '"A timeout is a failure." The outcome is unknown: the command may still arrive, and '
        "must find a tombstone.",
        '"The pivot is just another step." Before it every step must be one that can be undone, '
        "after it every step must be retryable: repeated until it succeeds (attempts=0; any other "
        "number is a guess at how long trouble lasts). A step that is neither where it stands "
        "leaves the saga stuck between, and needs a human.",
        '"Compensation restores what was." It makes up for it (a refund is no un-payment), it '
        "can fail itself, and it has to succeed.",
        '"Sagas are isolated." Nothing is: one decides on what another will undo (dirty read), '
        "writes back a balance that has changed (lost update), or sees two prices (fuzzy read).",
        '"Then lock it all." Mark what is pending; add, do not overwrite; look again before you '
        "act (reread); reserve last what others look at (pessimistic view); keep what came too "
        "early, so that what belongs before it is refused (version file: the tombstone).",
        '"Every order deserves the same care." Care costs time and turns customers away. Let what '
        "is at stake decide (by value): the small one goes ahead and may err, the big one waits "
        "and looks twice.",
    ),
    brokers=(
        "NServiceBus and MassTransit keep the row under optimistic concurrency and send timeouts "
        "as messages; Azure Durable Functions and Temporal replay the history of the workflow.",
        "Seata's TCC calls the three dangers empty rollback, idempotence and suspension: a null "
        "compensation, a repeated command, one that comes after it was undone.",
    ),
)

PATTERN = Pattern(
    name="saga",
    title="Saga",
    settings=Settings,
    roles=(
        *(Role(step, taking_part(step), "consumer", f"owns the {step} ledger", f"to-{step}")
          for step in AMOUNTS),
        Role("orchestrator", orchestrator, "consumer", "decides what comes next", log.INBOX,
             points=COMMANDS.points),
        Role("client", client, "producer", "places orders", log.INBOX),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=SagaMeter,
    story=STORY,
    check=check,
    switch="compensation=off",
    demo="point-of-no-return",
    safeguards=(
        Safeguard("idempotent", "on", "off", "effect-once",
                  "A command that comes again is answered again, not carried out again."),
        Safeguard("durable_log", "on", "off", "every-saga-ends",
                  "What was meant to be done is on the log when the orchestrator dies."),
        Safeguard("intent_first", "on", "off", "intent-before-send",
                  "What is sent is what the log says; who comes second has sent nothing."),
        Safeguard("tombstones", "on", "off", "nothing-left-behind",
                  "A command that comes after it was undone is refused."),
        Safeguard("semantic_lock", "on", "off", "no-dirty-read",
                  "Nobody decides on what another saga may still undo."),
        Safeguard("commutative", "on", "off", "no-lost-update",
                  "What is added to a balance does not depend on what was read of it before."),
        Safeguard("reread", "on", "off", "no-fuzzy-read",
                  "Who acts on what was read earlier looks whether it is still so."),
        Safeguard("pinned", "on", "off", "completed-means-all",
                  "A new definition does not change the steps of a saga under way."),
    ),
    ledgers=("ledger", "shelf"),
    survives=("orchestrator",),
)  # fmt: skip
