"""What happened: one small frozen struct, and the kinds it comes in."""

from __future__ import annotations

from typing import Final

import msgspec


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that happened. Everything a view shows is folded from these and nothing else.

    Attributes:
        n: Number of the event, from 1, without gaps.
        t: Instant, in seconds of virtual time.
        kind: One of :data:`KINDS`.
        actor: Who did it, or whom it happened to; empty for the broker itself.
        queue: The queue concerned.
        message: The message concerned, by its name in the queue; for ``state``, the row's key.
        delivery: The delivery count after the event; for ``declared``, the maximum (0 = none).
        cause: Number of the event that caused this one; 0 for a root.
        token: Lock token of a delivery; for actors, the incarnation; for ``injected``,
            :data:`LASTING`, :data:`PENDING` or 0; for ``declared``, the capacity (-1 = unbounded);
            for ``sent``, 1 if it overtook the others; for ``state``, the row's version.
        until: When a lock runs out or a scheduled message becomes due, in seconds.
        value: The number the event carries (work in seconds, a factor, …).
        text: Reason, caption or detail in the field's terms.
        group: Session or partition key; for ``state``, the row's state word; for ``session_…``,
            the lane; for ``declared``, how it keeps groups together (``lanes``, ``lanes 4``); for
            a payload, the token it is claimed with; for ``subscribed``, how the subscription lives.
        conversation: The conversation a sent message belongs to.
        size: Bytes of a sent message on the bus; 0: too few to matter.
        sequence: Number of a sent message within its group, as its producer counts; 0: none.
    """

    n: int
    t: float
    kind: str
    actor: str = ""
    queue: str = ""
    message: str = ""
    delivery: int = 0
    cause: int = 0
    token: int = 0
    until: float = 0.0
    value: float = 0.0
    text: str = ""
    group: str = ""
    conversation: str = ""
    size: int = 0
    sequence: int = 0


SENT: Final = "sent"
DELIVERED: Final = "delivered"
CONTENDED: Final = "contended"
WORKING: Final = "working"
COMPLETED: Final = "completed"
ABANDONED: Final = "abandoned"
RENEWED: Final = "renewed"
DEFERRED: Final = "deferred"
DUE: Final = "due"
LOCK_EXPIRED: Final = "lock_expired"
LOCK_LOST: Final = "lock_lost"
DEAD_LETTERED: Final = "dead_lettered"
SHELVED: Final = "shelved"
REDRIVEN: Final = "redriven"
EXPIRED: Final = "expired"
REJECTED: Final = "rejected"
RANKED: Final = "ranked"
PEEKED: Final = "peeked"
BLOCKED: Final = "blocked"
DROPPED: Final = "dropped"
DUPLICATED: Final = "duplicated"
EFFECT: Final = "effect"
EFFECT_SKIPPED: Final = "effect_skipped"
SESSION_ACCEPTED: Final = "session_accepted"
SESSION_RENEWED: Final = "session_renewed"
SESSION_EXPIRED: Final = "session_expired"
SESSION_CLOSED: Final = "session_closed"
REBALANCING: Final = "rebalancing"
REBALANCED: Final = "rebalanced"
RESENT: Final = "resent"
LATE: Final = "late"
STATE: Final = "state"
NOTED: Final = "noted"
PUBLISHED: Final = "published"
UNROUTED: Final = "unrouted"
SUBSCRIBED: Final = "subscribed"
UNSUBSCRIBED: Final = "unsubscribed"
STORED: Final = "stored"
FETCHED: Final = "fetched"
RELEASED: Final = "released"
REMOVED: Final = "removed"
LAPSED: Final = "lapsed"
ALTERED: Final = "altered"
REFUSED: Final = "refused"
DECLARED: Final = "declared"
CHANGED: Final = "changed"
SPAWNED: Final = "spawned"
CRASHED: Final = "crashed"
PAUSED: Final = "paused"
RESUMED: Final = "resumed"
RESTARTED: Final = "restarted"
IGNORED: Final = "ignored"
STOPPING: Final = "stopping"
STOPPED: Final = "stopped"
HALTED: Final = "halted"
ARMED: Final = "armed"
DISARMED: Final = "disarmed"
STRUCK: Final = "struck"
INJECTED: Final = "injected"
HEALED: Final = "healed"
SAID: Final = "said"
WAITED: Final = "waited"
STALLED: Final = "stalled"
VIOLATED: Final = "violated"

QUEUE_FULL: Final = "QueueFull"
SUBSCRIPTION_ENDED: Final = "SubscriptionEnded"
LIMIT: Final = "DeliveryLimit"
TURNED_DOWN: Final = "Rejected"
INPUT_GONE: Final = "InputGone"
LEAVES: Final = frozenset({QUEUE_FULL, SUBSCRIPTION_ENDED, LIMIT, TURNED_DOWN})
"""Why an accepted message is ``dropped`` from its queue; other texts tell of what got lost."""
RETENTION: Final = "Retention"
"""Why a dead letter is ``dropped``: it was kept long enough."""
LET_GO: Final = LEAVES | {RETENTION}
"""Why a broker ``dropped`` what it had accepted, alive or dead, by its own rules."""

KINDS: Final[dict[str, str]] = {
    SENT: "a queue accepted a message, text is the topic it is a copy of; if due, it is scheduled",
    DELIVERED: "a consumer received a message and, in peek-lock mode, holds its lock",
    CONTENDED: "a consumer with a message waits for the shared database; value is how many do",
    WORKING: "a consumer began work on a message; value is the time it will take",
    COMPLETED: "the message was settled and is gone; text, if any: the lock had run out, and the "
    "broker let it count all the same",
    ABANDONED: "the consumer gave the message back; text, if any: it had failed for sure, or this "
    "does not count",
    RENEWED: "the consumer extended its lock",
    DEFERRED: "the message was set aside, to be fetched by its name",
    DUE: "a scheduled message became ready",
    LOCK_EXPIRED: "a lock ran out and the broker took the message back; value 1: it ended early, "
    "with its holder's connection; value -1: it never hid the message from others",
    LOCK_LOST: "a settlement came with a stale token and changed nothing",
    DEAD_LETTERED: "the message went to the dead-letter queue; text is the reason",
    SHELVED: "the message is delivered no more and stays where it is; text is what the broker "
    "calls that",
    REDRIVEN: "a dead letter went back to its queue, delivery count reset",
    EXPIRED: "the message outlived its time to live",
    REJECTED: "a queue refused the message; text is the reason",
    RANKED: "a queue that compares messages, by the rule in text, made value of one",
    PEEKED: "somebody looked at what a queue delivers next: message, or nothing; none was taken",
    BLOCKED: "a full queue made the sender wait",
    DROPPED: "the message, or word of it, was lost; text says where",
    DUPLICATED: "a fault put a second copy of a message on the queue",
    EFFECT: "a handler changed the world outside",
    EFFECT_SKIPPED: "an idempotent receiver saw that the effect had been applied before",
    SESSION_ACCEPTED: "a consumer locked a lane and all that is and will be in it",
    SESSION_RENEWED: "the holder of a lane extended its lock",
    SESSION_EXPIRED: "the lock on a lane ran out; what was locked in it counts as delivered",
    SESSION_CLOSED: "the holder of a lane let it go; what was locked in it does not count",
    REBALANCING: "lanes are assigned anew; text is how and why, value how long it takes at least",
    REBALANCED: "lanes are handed out again; value is how long none was",
    RESENT: "a client that got no answer in time asks again",
    LATE: "work was finished after the client had stopped waiting for it",
    STATE: "a durable row was written; queue is its table, message its key, text its value",
    NOTED: "a participant took notice of something; text is a code and a sentence",
    PUBLISHED: "a topic took a message; value is how many subscriptions it is for",
    UNROUTED: "a topic had no subscription that matches a message",
    SUBSCRIBED: "a subscription to a topic began; text is its filter",
    STORED: "a payload is durable in the payload store; token is its number, value its bytes",
    FETCHED: "a payload was read from the store; text is the digest of what was read",
    RELEASED: "a holder of a payload needs it no longer; value is how many still do",
    REMOVED: "a payload was deleted from the store; text is why",
    ALTERED: "somebody altered a payload in the store; text is the digest it has now",
    LAPSED: "a payload outlived its time to live in the store",
    REFUSED: "the payload store turned a call down; text is the call and the reason",
    UNSUBSCRIBED: "a subscription to a topic ended; text is why, unless it was wished for",
    DECLARED: "a queue was declared, or its properties changed",
    CHANGED: "a setting was changed",
    SPAWNED: "an actor started",
    CRASHED: "a process died: no cleanup ran, no lock was released",
    PAUSED: "a process was frozen",
    RESUMED: "a frozen process runs on",
    RESTARTED: "an actor started again, from durable state only",
    IGNORED: "a command came when it could not apply; text says why",
    STOPPING: "an actor was asked to finish what it holds and leave",
    STOPPED: "an actor left",
    HALTED: "an actor cannot handle a message and will take nothing more; text is why",
    ARMED: "a crash, or the fault named, waits for the next passage of a crash point",
    DISARMED: "what waited for such a passage was taken back; token is the event that armed it",
    STRUCK: "a fault that waited met an actor: at the crash point in text, or, without one, at its "
    "next occurrence, with group the message and value how often it still will; token as above",
    INJECTED: "a fault was switched on, or waits for its next occurrences",
    HEALED: "a fault was switched off",
    SAID: "a caption",
    WAITED: "a break point for a presenter",
    STALLED: "the run stopped because an instant would not end",
    VIOLATED: "a guarantee broke at the event named as the cause",
}
"""Every kind of event and what it means."""

PASSED_THROUGH: Final = "passed-through"
"""Code of what is ``noted`` of an item that a filter handed on as it came."""

LASTING: Final = 1
PENDING: Final = 2
"""What an ``injected`` event says of how long: until it is healed; so often as value says. Faults
that are over at once say 0."""

FAILED: Final = "failed"
UNCOUNTED: Final = "uncounted"
"""What an ``abandoned`` event says of a return that is not like all others."""

CONNECTION_LOST: Final = 1.0
NEVER_HIDDEN: Final = -1.0
"""What a ``lock_expired`` event says of a lock that ended before its time: with its holder's
connection, or at the instant it began, so that others get the message as well."""

READY_AGAIN: Final = "late, ready again"
HELD_BY: Final = "late, held by "
"""How a ``completed`` event tells that the lock had run out, and where the message was then."""

FENCED: Final = "fenced"
"""Why an ``effect_skipped`` was not applied: a later session has been there."""
