"""In what brokers differ: what counts against the limit, what is beyond it, who may settle late."""

from __future__ import annotations

import enum
from typing import Any

import msgspec


class Dialect(enum.Enum):
    """Whose rules the queues follow."""

    MAILRAIL = "mailrail"
    AZURE_SERVICE_BUS = "azure-service-bus"
    AMAZON_SQS = "amazon-sqs"
    AMAZON_SQS_FIFO = "amazon-sqs-fifo"
    RABBITMQ_QUORUM = "rabbitmq-quorum"
    NATS_JETSTREAM = "nats-jetstream"
    KAFKA_SHARE_GROUP = "kafka-share-group"


class Counts(enum.Enum):
    """What counts against the limit of deliveries.

    Receipts: every delivery, whatever came of it. Returns: every time the message comes back.
    Failures: only a return of which it is sure that handling had failed, and the limit is one of
    redeliveries: a message is beyond it when it has failed once more than that.
    """

    RECEIPTS = "receipts"
    RETURNS = "returns"
    FAILURES = "failures"


class AtLimit(enum.Enum):
    """What becomes of a message that has used up its deliveries, or that a consumer rejects.

    Stay: it stays in the stream, is delivered no more, and an advisory says so. Archive: it
    stays in the log, in a state of its own.
    """

    DEAD_LETTER = "dead-letter"
    DROP = "drop"
    STAY = "stay"
    ARCHIVE = "archive"


class Late(enum.Enum):
    """What becomes of an acknowledgement that comes when the lock has run out.

    Latest receipt: it counts as long as nobody has received the message since; an older one is
    answered as if it did. Honoured: it counts, whoever holds the message now. Channel error: it
    is refused, and the channel is closed: what else the consumer holds comes back.
    """

    REJECTED = "rejected"
    LATEST_RECEIPT = "latest-receipt"
    HONOURED = "honoured"
    CHANNEL_ERROR = "channel-error"


class Rules(msgspec.Struct, frozen=True):
    """What a broker does that no setting of a queue changes, and what it does at the limit.

    Attributes:
        counts: What counts against the limit of deliveries.
        at_limit: What becomes of a message beyond it.
        late: What becomes of a late acknowledgement.
        connection_bound: A lock lasts no longer than its holder's connection: when the process
            dies its messages come back at once.
        renewable: Whether a lock can be renewed.
        defers: Whether a message can be set aside, to be fetched by its number.
        original_clock: How long a dead letter is kept counts from when the message was first
            accepted, not from when it died.
        looks_every: The broker looks for locks that have run out only so often, in seconds; one
            ends at the first look after it should. 0: at once.
        close_returns: Whether closing a session gives back what is still in process in it;
            otherwise that stays locked until it is settled or its lock runs out, and its lane
            waits for it.
    """

    counts: Counts = Counts.RECEIPTS
    at_limit: AtLimit = AtLimit.DEAD_LETTER
    late: Late = Late.REJECTED
    connection_bound: bool = False
    renewable: bool = True
    defers: bool = True
    original_clock: bool = False
    looks_every: float = 0.0
    close_returns: bool = True

    def words(self) -> str:
        """Write what differs from the ordinary rules, as ``declared`` events carry it."""
        found = []
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value != getattr(PLAIN, name):
                found.append(f" {name}={value.value if isinstance(value, enum.Enum) else value}")
        return "".join(found)

    def read(self, name: str, word: str) -> Any:
        """Read the value of one of them back."""
        present = getattr(self, name)
        return word == "True" if isinstance(present, bool) else type(present)(word)


PLAIN = Rules()
"""The ordinary rules: those of the lifecycle that every pattern shares."""


class Declared(msgspec.Struct, frozen=True):
    """What a ``declared`` event says of a queue in words.

    Attributes:
        mode: ``peek-lock`` or ``receive-and-delete``.
        overflow: What a full queue does.
        redelivery: Where a returned message goes.
        rules: The broker's rules.
        scan: Messages that are looked through for a free lane; 0: all.
        renewing: Seconds after which a lock is no longer renewed in the background; 0: it always
            is.
        unhidden: Probability that a message is received and still there for others, from 0 to 1.
        at_head: Whether time to live ends only what is next.
        newest: Seconds the oldest waits before the newest come first; 0: they always do; below 0:
            never.
    """

    mode: str = "peek-lock"
    overflow: str = "reject"
    redelivery: str = "head"
    rules: Rules = PLAIN
    scan: int = 0
    renewing: float = 0.0
    unhidden: float = 0.0
    at_head: bool = False
    newest: float = -1.0


SCAN, RENEWING, UNHIDDEN, AT_HEAD = "scan", "renewing", "unhidden", "at_head"
NEWEST = "newest"


def read_declared(text: str) -> Declared:
    """Read the words of a ``declared`` event; what is not said is as usual."""
    plain: list[str] = []
    said: dict[str, Any] = {}
    numbers: dict[str, float] = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if not equals:
            plain.append(name)
        elif name in (SCAN, RENEWING, UNHIDDEN, AT_HEAD, NEWEST):
            numbers[name] = float(value)
        elif name in Rules.__struct_fields__:
            said[name] = PLAIN.read(name, value)
    usual = Declared()
    named = [*plain[:3], *(usual.mode, usual.overflow, usual.redelivery)[len(plain) :]]
    scan = int(numbers.get(SCAN, 0))
    renewing, unhidden = numbers.get(RENEWING, 0.0), numbers.get(UNHIDDEN, 0.0)
    at_head, rules = AT_HEAD in numbers, Rules(**said)
    newest = numbers.get(NEWEST, usual.newest)
    return Declared(named[0], named[1], named[2], rules, scan, renewing, unhidden, at_head, newest)
