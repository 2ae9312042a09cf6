"""Topics as they are declared, and how filters on their subjects are written."""

from __future__ import annotations

import enum

import msgspec


class Grammar(enum.Enum):
    """How a broker writes subjects and the wildcards of filters."""

    AMQP = "amqp"
    NATS = "nats"
    MQTT = "mqtt"


class OnError(enum.Enum):
    """What a subscription does with a message its filter cannot be applied to."""

    SKIP = "skip"
    TAKE = "take"
    DEAD_LETTER = "dead-letter"


class TopicSpec(msgspec.Struct, frozen=True):
    """A topic as it is declared.

    Attributes:
        name: The topic's name.
        grammar: How filters on its subjects are written.
        retain: Messages its log keeps for subscriptions that begin later; 0: it has no log.
        mandatory: Whether a message nobody subscribes to is refused instead of dropped.
    """

    name: str
    grammar: Grammar = Grammar.AMQP
    retain: int = 0
    mandatory: bool = False
