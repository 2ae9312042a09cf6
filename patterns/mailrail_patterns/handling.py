"""What a role decides about the shared handler: the change, the work, and who has a say.

Each of the three is a value, declared once where it depends on nothing that a single actor
remembers. A role then reads as its queue and what it does with a message from there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Generic, TypeVar

import msgspec

from .crash_points import ALL, HANDLER
from .port import CrashPoint, Delivery, Distribution, Message, Port, Reaction, Reader
from .safeguards import HandlerSettings

H = TypeVar("H", bound=HandlerSettings)

React = Callable[[Port[Any], Message, Reader], Reaction]
"""Decides on a message from the message, the settings and the handler's own rows."""

Refuse = Callable[[Port[Any], Message], str]
"""Says why a message is not to be handled at all; empty: it is."""

Ask = Callable[[Port[H], Delivery], Awaitable[bool]]
"""Asked on the way of a message through a handler, and may settle it instead."""

Tell = Callable[[Port[H], Delivery], Awaitable[None]]
"""Told on the way of a message through a handler."""


def never(settings: Any) -> bool:
    """Say no, whatever the settings."""
    return False


def always(settings: Any) -> bool:
    """Say yes, whatever the settings."""
    return True


def has_outbox(settings: Any) -> bool:
    """Say what the setting ``outbox`` says."""
    return bool(settings.outbox)


def publishes_first(settings: Any) -> bool:
    """Say what the setting ``publish_first`` says."""
    return bool(settings.publish_first)


def _first(settings: Any) -> int:
    return 1


def _retry_delay(settings: Any, count: int) -> float:
    delay: float = settings.retry_delay
    return delay


SERVICE: Final = "service"
"""The setting that says how long handlers work, where a role has none of its own."""

NO_TIME: Final = Distribution("constant", 0.0)
"""What a decision takes."""


def demand(port: Port[Any], message: Message, setting: str = SERVICE) -> float:
    """Return the time a message takes at an ordinary pace, in seconds: its own, or one drawn.

    Args:
        port: The actor's port.
        message: The message.
        setting: The setting that says how long, for an actor that was given no time of its own;
            empty: it takes none.
    """
    if message.work >= 0:
        return message.work
    drawn = port.options.service or (getattr(port.settings, setting) if setting else NO_TIME)
    return drawn.sample(port.chance)


class Change(msgspec.Struct, Generic[H], frozen=True):
    """What a message makes a handler change and send, and which of the two comes first.

    Attributes:
        react: What a message makes the handler change and send; None: it changes the world
            outside and that is all.
        reacts: Whether, as the settings stand, it is asked at all.
        publish_first: Whether, as the settings stand, what follows is sent before the change is
            committed: a crash between the two leaves a ghost message.
        outbox: Whether, as the settings stand, what follows is committed with the change and
            sent from there, whatever ``publish_first`` says: a crash between the two then
            leaves neither a zombie record nor a ghost message.
        fenced: Whether, as the settings stand, the change is refused once a later session has
            changed something for the same group.
    """

    react: React | None = None
    reacts: Callable[[H], bool] = always
    publish_first: Callable[[H], bool] = never
    outbox: Callable[[H], bool] = never
    fenced: Callable[[H], bool] = never

    def sends_first(self, settings: H) -> bool:
        """Say whether, as the settings stand, sending comes before committing."""
        return self.publish_first(settings) and not self.outbox(settings)

    def points(self, settings: H) -> tuple[CrashPoint, ...]:
        """Return the crash points of a handler that makes it, for the role to declare."""
        return ALL if self.sends_first(settings) else HANDLER


class Work(msgspec.Struct, Generic[H], frozen=True):
    """The work on a message: how long it takes, whether it fails, and how often it is tried.

    Attributes:
        service: The setting that says how long it takes, where an actor was given no time of its
            own; empty: no time.
        fails: Whether the work fails although the message is sound.
        pause: How long a message stays away whose work has failed so many times, in seconds.
        tries: How many deliveries a message gets before the handler gives up.
        gives_up: The reaction to work that has failed as often as ``tries`` says; None: a
            handler tries until the message is dead-lettered.
    """

    service: str = SERVICE
    fails: Callable[[Port[H], Message], bool] | None = None
    pause: Callable[[H, int], float] = _retry_delay
    tries: Callable[[H], int] = _first
    gives_up: React | None = None


class Hooks(msgspec.Struct, Generic[H], frozen=True):
    """Who is asked or told on the way of a message through a handler, in the order of the way.

    Attributes:
        refuse: Asked before anything is done; what it gives a reason for is dead-lettered.
        begin: Asked before the work on a message begins; False: there is nothing to do, and it
            has settled the message.
        glance: Asked before the work what can be said at once: to what was handled before, or
            is not to be done at all. A reaction that sends nothing means: get to work. It must
            write nothing; of what is in the inbox only the answer is given again.
        failed: Told that the work on a message has failed; True: it has settled the message,
            which is otherwise given back.
        made: Asked once the work is done and before anything is changed or sent, for what has
            to be durable by then; False: it cannot be, and it has settled the message.
        done: Told of every message whose work was finished, before it is settled.
        settled: Told of every message that was settled for good, and nobody else got.
    """

    refuse: Refuse | None = None
    begin: Ask[H] | None = None
    glance: React | None = None
    failed: Ask[H] | None = None
    made: Ask[H] | None = None
    done: Tell[H] | None = None
    settled: Tell[H] | None = None


EFFECT: Final[Change[Any]] = Change()
"""A handler without a reaction: it changes the world outside, and that is all."""

SERVED: Final[Work[Any]] = Work()
"""The setting ``service`` says how long it takes; it fails if the message is poison."""

AT_ONCE: Final[Work[Any]] = Work(service="")
"""A handler that decides, and spends no time on it."""

UNASKED: Final[Hooks[Any]] = Hooks()
"""Nobody else has a say."""

__all__ = [
    "AT_ONCE", "EFFECT", "SERVED", "UNASKED", "Ask", "Change", "H", "Hooks", "React",
    "Refuse", "Tell", "Work", "always", "demand", "has_outbox", "never", "publishes_first",
]  # fmt: skip
