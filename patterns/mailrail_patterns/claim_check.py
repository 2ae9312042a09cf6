"""Claim Check: the luggage goes into a locker, and only the ticket travels.

A payload that is too large for the bus is put into a store first; the message carries a token
to claim it with, its size and its digest. Put before send: whoever sees a ticket can rely on
the payload. Everything that goes wrong, goes wrong with lifetimes: a payload that is deleted, or
lapses, before the last ticket to it is settled; and a payload no ticket points to, because its
sender died between the two steps, which only a sweeper can find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    FIXED,
    FORGED,
    Change,
    Checking,
    Cleanup,
    Deletion,
    Fault,
    Hooks,
    Knob,
    Pattern,
    PayloadSettings,
    Role,
    Rule,
    Safeguard,
    Story,
    Taken,
    Tickets,
    Work,
    checking_rules,
    constant,
    consuming_rules,
    go_round,
    handle_each,
    is_usable,
    kinds,
    produce,
    unticketed,
)
from .port import (
    ENVELOPE,
    Claim,
    CrashPoint,
    Delivery,
    Distribution,
    Message,
    Outcome,
    Outgoing,
    Port,
    QueueSpec,
    Reaction,
    Reader,
    Stored,
    Subscription,
    Tells,
    claim_of,
    ticket,
)

IMAGES, CREATED = "images", "created"
"""The topic of the images; and where the store tells of payloads, if it is to make the tickets."""

RECEIVING, ARCHIVING = "receiving", "archiving"
SUBSCRIBERS = (RECEIVING, ARCHIVING)
TENANT, STRANGER = "airline", "stranger"
"""On whose behalf everybody acts who was not told otherwise; and who has no part in it."""

K3, K4 = CrashPoint.K3, CrashPoint.K4


class Settings(PayloadSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    senders: Annotated[int, Knob("senders at the start", "actors", 0, 1000, "spawn sender")] = 1
    receivers: Annotated[
        int, Knob("receivers at the start", "actors", 0, 1000, "spawn receiver")
    ] = 1
    notifiers: Annotated[
        int, Knob("notifiers, with tokens=automatic", "actors", 0, 1000, "spawn notifier")
    ] = 1
    archivists: Annotated[
        int, Knob("archivists, once they subscribe", "actors", 0, 1000, "spawn archivist")
    ] = 1
    every: Annotated[Distribution, Knob("time between two images of a sender", "s", 1e-6)] = (
        constant(1.0)
    )
    count: Annotated[int, Knob("images a sender sends; 0 = no end", "messages", 0, 10_000_000)] = 0
    service: Annotated[Distribution, Knob("time to process an image", "s")] = constant(0.5)


# --- checking in ------------------------------------------------------------------------------


async def sender(port: Port[Settings]) -> None:
    """Send images at the sender's own rate."""
    await produce(port, IMAGES, send=send_image)


async def send_image(port: Port[Settings], message: Message) -> Outcome:
    """Send one image: inside the message if it is small, else as a ticket to a payload."""
    settings, began = port.settings, port.clock.now
    size = message.size or settings.image_size
    small = not settings.claim_check or size <= settings.threshold
    inline = replace(message, size=size + ENVELOPE, origin=began)
    if small and not (settings.both and settings.claim_check):
        return await port.broker.send(IMAGES, inline)
    claim = port.payloads.claim(message.id, size)
    if not settings.put_first:
        outcome = await port.broker.send(IMAGES, ticket_for(port, inline, claim, began, small))
        await port.at(K4)
        await put(port, claim)
        return outcome
    tells = partial(event_of, port, inline, claim) if settings.announces else None
    visible = await put(port, claim, tells)
    if visible is None:
        return Outcome.REJECTED  # the caller hears of it; nothing is on the bus
    await port.at(K3)
    if tells is not None:
        return Outcome.ACCEPTED  # whatever becomes of the sender now, the store has told of it
    outcome = await port.broker.send(IMAGES, ticket_for(port, inline, claim, visible, small))
    if outcome is Outcome.REJECTED:
        await port.payloads.delete(claim, "withdrawn")
    return outcome


async def put(port: Port[Settings], claim: Claim, tells: Tells | None = None) -> float | None:
    """Store a payload; from when it is visible, or None if the store cannot be reached."""
    stranger = port.strikes("wrong-tenant", claim.message)
    entry = await port.payloads.put(
        claim, tenant=STRANGER if stranger else TENANT, ttl=port.settings.payload_ttl,
        holders=holders(port.settings), tells=tells,
    )  # fmt: skip
    return None if entry is None else entry.visible


def event_of(port: Port[Settings], inline: Message, claim: Claim, entry: Stored) -> Outgoing:
    """Return what the store tells of a payload: everything there is to its ticket."""
    return Outgoing(CREATED, ticket_for(port, inline, claim, entry.visible))


async def notifier(port: Port[Settings]) -> None:
    """Put the ticket onto the bus for each event of the store: at least once."""
    await handle_each(port, CREATED, PASS_ON, EVENT_TIME)


def pass_on(port: Port[Settings], event: Message, own: Reader) -> Reaction:
    """Decide on an event: it is the ticket."""
    return Reaction(sends=(Outgoing(IMAGES, event),), effect=False)


PASS_ON: Final = Change[Settings](pass_on)
EVENT_TIME: Final = Work[Settings]("event_time")


def ticket_for(
    port: Port[Settings], inline: Message, claim: Claim, visible: float, small: bool = False
) -> Message:
    """Return the message that travels; somebody may have put another token on it."""
    if port.strikes("forged-ticket", claim.message):
        port.note(kinds.NOTED, claim.message, FORGED)
        claim = replace(claim, token=f"guess-{claim.message}")
    return ticket(inline, claim, visible, inline=small)


def holders(settings: Settings) -> Sequence[str]:
    """Return who needs each payload."""
    return SUBSCRIBERS[: settings.subscribers]


# --- claiming ---------------------------------------------------------------------------------


async def fetch(port: Port[Settings], delivery: Delivery) -> bool:
    """Read the payload of a message; if that cannot be, settle it accordingly."""
    message, settings = delivery.message, port.settings
    claim = claim_of(message)
    if claim is None or message.header("inline"):
        return True
    found = await port.payloads.get(
        claim, tenant=port.options.get("tenant", TENANT),
        remove=settings.cleanup is Cleanup.DELETE_AFTER_READ,
        wait=settings.deletion is Deletion.SYNC,
    )  # fmt: skip
    return await is_usable(port, delivery, claim, found, excuse, checks=settings.check_digest)


async def excuse(port: Port[Settings], delivery: Delivery, claim: Claim) -> bool:
    """Try again while a payload may be on its way; settle what a twin of the message has done."""
    still = float(delivery.message.header("visible")) - port.clock.now
    if port.settings.retry_missing and still > 0:
        await delivery.abandon(still)
    elif port.settings.idempotent and await port.applied(delivery):
        await delivery.complete()  # done meanwhile, and the payload released
    else:
        return False
    return True


def claiming(holder: str) -> Hooks[Settings]:
    """Return what a subscriber does besides: it fetches the payload, and releases it in the store.

    It does so once the message is settled, and not before: a payload that goes before its ticket
    does turns a redelivery into poison. A subscriber that dies in between leaves it to the sweeper.
    """

    async def release(port: Port[Settings], delivery: Delivery) -> None:
        claim, settings = claim_of(delivery.message), port.settings
        if claim is not None and settings.cleanup is Cleanup.REFCOUNT:
            await port.payloads.release(
                claim, holder, holders(settings), wait=settings.deletion is Deletion.SYNC
            )

    return Hooks(begin=fetch, settled=release)


async def receiver(port: Port[Settings]) -> None:
    """Fetch the payload of each ticket and process it."""
    await handle_each(port, RECEIVING, hooks=claiming(RECEIVING))


async def archivist(port: Port[Settings]) -> None:
    """Do the same for a second subscription: the same payloads, for another purpose."""
    await handle_each(port, ARCHIVING, hooks=claiming(ARCHIVING))


# --- cleaning up ------------------------------------------------------------------------------


async def sweeper(port: Port[Settings]) -> None:
    """Delete what no ticket points to; what is younger than the grace may be about to get one."""
    await go_round(port, unticketed((CREATED, *SUBSCRIBERS)))


# --- the pattern ------------------------------------------------------------------------------


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """A queue for each subscription; the bus takes no message above its limit."""
    found = [replace(settings.queue(name), max_size=settings.bus_limit) for name in SUBSCRIBERS]
    if settings.announces:
        found.append(replace(settings.queue(CREATED), capacity=None, ttl=0.0))
    return tuple(found)


def subscriptions(settings: Settings) -> tuple[Subscription, ...]:
    """Everybody who needs the images gets a ticket of his own."""
    return tuple(Subscription(IMAGES, spec) for spec in queues(settings)[: settings.subscribers])


def cast(settings: Settings) -> dict[str, int]:
    """Archivists come with the second subscription, notifiers with the store's own tickets."""
    found = {
        "receiver": settings.receivers, "sweeper": settings.sweepers, "sender": settings.senders,
    }  # fmt: skip
    if settings.subscribers > 1:
        found["archivist"] = settings.archivists
    if settings.announces:
        found["notifier"] = settings.notifiers
    return found


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.claim_check:
        settings.check_payloads()


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of the cloakroom, and those of any peek-lock queue for each subscription."""
    own = checking_rules(settings, Tickets((CREATED,)))
    return (*own, *consuming_rules(settings, SUBSCRIBERS, passes_on=True))


FAULTS = (
    Fault("store-down", "The payload store cannot be reached: nothing can be put, and tickets "
          "come back until it can, or they are dead.", lasts=True),
    Fault("slow", "A receiver takes so many times as long.", "consumer", "factor", "5",
          lasts=True),
    Fault("poison", "The next image (or the one named) fails every time, with its payload in "
          "the store all the while.", "message", lasts=True, after=FIXED),
    Fault("lose-send", "The next ticket is lost on its way: its payload is an orphan.", "",
          "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: the ticket comes back, and its payload had "
          "better be there.", "", "settlements", "1"),
    Fault("duplicate", "The next ticket reaches the bus twice: two tickets, one payload.", "",
          "messages", "1"),
    Fault("expire-lock", "The lock on a ticket runs out now, its holder unaware.", "message"),
    Fault("burst", "A further sender puts so many images away within a second.", "", "messages",
          "20"),
    Fault("forged-ticket", "The next ticket (or the one named) carries a token somebody guessed.",
          "message", "tickets", "1"),
    Fault("tamper", "The next payload (or the one named) is altered in the store: it is no longer "
          "what its digest says.", "message", "payloads", "1"),
    Fault("wrong-tenant", "The next payload (or the one named) is stored as somebody else's.",
          "message", "payloads", "1"),
)  # fmt: skip

SAFEGUARDS = (
    Safeguard("cleanup", "refcount", "delete-after-read", "ticket-finds-payload",
              "A payload goes when its last subscriber has settled, so that a redelivery and a "
              "second subscriber find it."),
    Safeguard("put_first", "on", "off", "put-before-send",
              "A ticket that can be seen has a payload, wherever its sender dies."),
    Safeguard("sweepers", "1", "0", "orphans-swept",
              "Only a sweeper finds a payload that no message points to."),
    Safeguard("check_digest", "on", "off", "payload-unchanged",
              "The digest in the ticket tells a payload that was altered in the store."),
    Safeguard("idempotent", "on", "off", "effect-once",
              "A ticket that is delivered again does not process its image again."),
)  # fmt: skip

STORY = Story(
    problem="A bus is made for small messages: a large one is refused, or slows every hop.",
    brief="A bus for small messages refuses or chokes on a large one.",
    words="large size payload attachment limit cost privacy",
    solution="Put the payload into a store made for it and send a ticket: a token, the size and "
    "a digest. The receiver claims the payload with it, processes it, settles, and only then "
    "gives it up.",
    when=(
        "Some payloads are larger than the bus takes, or dear to carry through every queue.",
        "Not everybody who sees the message may see, or needs, the payload.",
        "The data is in a store anyway; then the store's own event can be the ticket.",
    ),
    when_not=(
        "Payloads are small: the second round trip costs more than it saves. Set a threshold.",
        "The receiver must not depend on one more thing that can be down.",
        "Nobody will own the cleaning up.",
    ),
    mistaught=(
        '"The sender keeps the data until it is fetched." The store does; the sender may be '
        "gone by then.",
        '"Delete it once it was retrieved." Then a redelivery and a second subscriber find '
        "nothing. Delete when the last subscriber has settled, or by age.",
        '"A time to live cleans up." It also deletes under a backlog: it has to outlast the '
        "ticket, its redeliveries and its stay among the dead letters.",
        '"Every payload has a message." Not if its sender died between the two steps: an orphan '
        "has no ticket, so only who lists the store can find it.",
    ),
    brokers=(
        "Limits differ: Amazon SQS 1 MiB (256 KiB for years), Azure Service Bus 256 KB standard "
        "and up to 100 MB premium, NATS 1 MB and RabbitMQ 16 MB by default, Kafka 1 MB.",
        "MassTransit gives a payload the message's time to live and some extra, and writes even "
        "small ones to the store unless told otherwise; NServiceBus's file share never deletes.",
        "Lifecycle rules of object stores run about once a day: a time to live of minutes is a "
        "sweeper of your own.",
    ),
)

TENANTS = (Taken("tenant", "on whose behalf it reads the store"),)

PATTERN = Pattern(
    name="claim-check",
    title="Claim Check",
    settings=Settings,
    roles=(
        Role("receiver", receiver, "consumer", "claims payloads and processes them", RECEIVING,
             takes=TENANTS),
        Role("archivist", archivist, "consumer", "the second subscriber", ARCHIVING, takes=TENANTS),
        Role("notifier", notifier, "consumer", "makes tickets of the store's events", CREATED,
             serves=EVENT_TIME.service),
        Role("sweeper", sweeper, "consumer", "empties lockers no ticket points to", points=()),
        Role("sender", sender, "producer", "puts payloads away and sends tickets", IMAGES,
             points=lambda s: (K3 if s.put_first else K4,) if s.claim_check else ()),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=lambda settings: Checking(settings, Tickets((CREATED,))),
    story=STORY,
    check=check,
    switch="claim_check=off",
    demo="lost-luggage",
    topics=lambda settings: (IMAGES,),
    subscriptions=subscriptions,
    safeguards=SAFEGUARDS,
)  # fmt: skip
