"""What of a topic's events says who subscribes to what: shared by guarantees and metrics."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from .conditions import Unfit, compile_content
from .invariants.matching import agrees
from .kernel.events import Event
from .subjects import untold
from .topics import Grammar


class Wish(msgspec.Struct, frozen=True):
    """What a subscription asks for.

    Attributes:
        filter: The subjects it matches.
        content: The headers it matches; empty: any.
        durable: Whether it lives on while nobody is connected.
        disconnect: Whether a full queue ends it.
    """

    filter: str
    content: str = ""
    durable: bool = True
    disconnect: bool = False

    def matches(self, about: str, grammar: Grammar) -> bool:
        """Say whether it matches what a ``published`` event is about.

        Where its condition cannot be applied it matches: what happens then is its own choice.
        """
        subject, inside = untold(about)
        if not agrees(self.filter, subject, grammar):
            return False
        if not self.content:
            return True
        try:
            return compile_content(self.content).holds(headers_of(inside))
        except Unfit:
            return True


def wish_of(event: Event) -> Wish:
    """Read what a ``subscribed`` event asks for."""
    pattern, content = untold(event.text)
    return Wish(pattern, content, not event.group.startswith("non-"), "disconnect" in event.group)


def headers_of(inside: str) -> Mapping[str, str]:
    """Read headers as a ``published`` event tells them: ``amount=7, tier=gold``."""
    pairs = [pair.partition("=") for pair in inside.split(", ") if pair]
    return {name: value for name, _, value in pairs}
