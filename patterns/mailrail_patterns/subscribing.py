"""What a subscriber can ask for, how it is checked, and the subscription it makes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from .conditions import compile_content
from .names import BadInput
from .port import Grammar, OnError, Options, Overflow, QueueSpec, Subscription
from .roles import Taken
from .schemas import Reads
from .subjects import SIGNS, compile_filter


class Policy(enum.Enum):
    """What becomes of one copy too many for a subscription that has a bound."""

    BUFFER = "buffer"
    DROP_OLDEST = "drop-oldest"
    DROP_NEWEST = "drop-newest"
    DISCONNECT = "disconnect"
    BLOCK = "block"


OVERFLOW: Final = {Policy.DROP_OLDEST: Overflow.DROP_OLDEST, Policy.BLOCK: Overflow.BLOCK}


FROM_OVERFLOW: Final = {overflow: policy for policy, overflow in OVERFLOW.items()}
"""What the setting of all queues says of subscriptions; to reject, it says nothing."""


class Hosting(Protocol):
    """The settings that subscriptions follow."""

    @property
    def grammar(self) -> Grammar:
        """How filters are written."""
        ...

    @property
    def policy(self) -> Policy:
        """What a full buffer does."""
        ...

    @property
    def overflow(self) -> Overflow:
        """What a full queue does, where that is not left to the policy."""
        ...

    @property
    def capacity(self) -> int | None:
        """Copies a subscription holds; None: unbounded."""
        ...

    @property
    def keepalive(self) -> float:
        """Silence after which a connection is given up, in seconds; 0: never."""
        ...

    @property
    def retain(self) -> int:
        """Events the topic's log keeps."""
        ...

    def queue(self, name: str) -> QueueSpec:
        """Return the declaration of a queue that follows these settings."""
        ...


class Asks(msgspec.Struct, frozen=True):
    """What a kind of subscriber asks for unless it is told otherwise.

    Attributes:
        words: The words of its filter, ``one`` and ``many`` for the wildcards.
        durable: Whether its subscription outlives its connection.
        buffer: Copies its subscription holds; None: as the settings say.
    """

    words: tuple[str, ...]
    durable: bool = True
    buffer: int | None = None


def subscription(
    topic: str, settings: Hosting, given: Options, name: str, asks: Asks
) -> Subscription:
    """Return what an actor of that name subscribes to.

    Instances that give a group share one subscription and its copies; one that gives none has
    a subscription of its own, under its own name.
    """
    bound, policy = bounds(settings, given, asks)
    spec = replace(
        settings.queue(given.get("group", name)),
        capacity=bound, overflow=OVERFLOW.get(policy, Overflow.REJECT),
    )  # fmt: skip
    replay = given.get("replay")
    return Subscription(
        topic,
        spec,
        given.get("filter") or written(asks.words, settings.grammar),
        given.get("where"),
        OnError(given.get("on_error", "skip")),
        durable=lives(given, asks),
        keepalive=settings.keepalive,
        disconnect=policy is Policy.DISCONNECT,
        replay=int(replay) if replay else None,
    )


def bounds(settings: Hosting, given: Options, asks: Asks) -> tuple[int | None, Policy]:
    """Return how many copies a subscription holds, and what becomes of one more."""
    usual = FROM_OVERFLOW.get(settings.overflow, settings.policy)
    policy = Policy(given.get("policy", usual.value))
    bound = settings.capacity if asks.buffer is None else asks.buffer
    if given.get("buffer"):
        bound = None if given.get("buffer") == "unbounded" else int(given.get("buffer"))
    return (None if policy is Policy.BUFFER else bound), policy


def lives(given: Options, asks: Asks) -> bool:
    """Say whether a subscription is durable."""
    return given.get("durable", "on" if asks.durable else "off") == "on"


def written(words: Sequence[str], grammar: Grammar) -> str:
    """Write a filter in a grammar."""
    signs = SIGNS[grammar]
    wild = {"one": signs.one, "many": signs.many}
    return signs.between.join(wild.get(word, word) for word in words)


def fits(asks: Asks) -> Callable[[Hosting, Options], None]:
    """Return what refuses a subscriber whose wishes contradict each other or the settings."""

    def check_one(settings: Hosting, given: Options) -> None:
        if given.get("filter"):
            try:
                compile_filter(given.get("filter"), settings.grammar)
            except BadInput as problem:
                raise problem.inside("filter") from None
        bound, policy = bounds(settings, given, asks)
        if given.get("policy") == "buffer" and given.get("buffer", "unbounded") != "unbounded":
            raise BadInput("policy: buffer keeps everything; leave buffer out, or drop something")
        if given.get("policy", "buffer") != "buffer" and bound is None:
            raise BadInput(f"policy: {policy.value} needs a bound; give buffer=10")
        if policy is Policy.DISCONNECT and bound is not None and lives(given, asks):
            raise BadInput("policy: a durable subscription cannot be disconnected; give "
                           "durable=off")  # fmt: skip
        if given.get("replay") and not settings.retain:
            raise BadInput("replay: the topic keeps no log; set retain=1000")

    return check_one


def _one_of(*words: str) -> Callable[[str], None]:
    def check_word(value: str) -> None:
        if value not in words:
            raise BadInput(f"expected one of {', '.join(words)}, not {value!r}")

    return check_word


def _bound(value: str) -> None:
    if value != "unbounded" and not (value.isdecimal() and int(value) <= 10_000_000):
        raise BadInput(f"expected a whole number of copies or 'unbounded', not {value!r}")


def _offset(value: str) -> None:
    if not value.removeprefix("-").isdecimal():
        raise BadInput(f"expected an offset such as 0 or -10, not {value!r}")


def _name(value: str) -> None:
    if not value or any(letter.isspace() for letter in value):
        raise BadInput(f"expected a name without blanks, not {value!r}")


def _content(value: str) -> None:
    compile_content(value)


SUBSCRIBES: Final = (
    Taken("filter", "the subjects it wants, such as orders.*.paid", _name),
    Taken("where", "the headers it wants, such as amount >= 100", _content),
    Taken("on_error", "what it does with an event its condition cannot be applied to",
          _one_of(*(each.value for each in OnError))),
    Taken("reads", "what it does with a field it does not know: ignore it, or fail",
          _one_of(*(each.value for each in Reads))),
    Taken("group", "the subscription it shares with others who give the same name", _name),
    Taken("durable", "whether its subscription outlives its connection", _one_of("on", "off")),
    Taken("buffer", "how many copies its subscription holds", _bound),
    Taken("policy", "what a full buffer does", _one_of(*(each.value for each in Policy))),
    Taken("replay", "where in the topic's log it begins: 0 the oldest, -10 the last ten", _offset),
)  # fmt: skip
