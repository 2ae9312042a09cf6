"""Whether the items of one key come out in the order in which they went in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..items import is_copy, item_of
from ..kernel import events as kind
from ..kernel.events import Event
from .numbering import Numbering
from .rules import Guarantee, Handler, Rule

ORDER = Guarantee(
    "order-within-key",
    "The items of a key are published in the order in which the first pipe took them.",
    source="A5 rule 3",
    hope=True,
)


class KeyOrder(Rule):
    """Compares the order of what went in and what came out, key by key."""

    guarantees = (ORDER,)

    def __init__(self, first: str) -> None:
        """Judge the items that enter the pipe called ``first``."""
        super().__init__()
        self._first = first
        self._places: dict[str, tuple[str, int]] = {}
        self._newest: dict[str, tuple[int, str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of both ends of the pipeline."""
        return {kind.SENT: self._sent, kind.EFFECT: self._published}

    def _sent(self, event: Event) -> None:
        if event.queue == self._first and event.group and not is_copy(event.message):
            self._places.setdefault(event.message, (event.group, event.n))

    def _published(self, event: Event) -> None:
        name = item_of(event.message)
        key, place = self._places.pop(name, ("", 0))
        newest, other = self._newest.get(key, (0, ""))
        if not key:
            return
        if place < newest:
            self.breach("order-within-key", event, f"{name} of {key} comes out after {other}")
        else:
            self._newest[key] = place, name


def key_rules(settings: Callable[[], Any], first: str) -> Sequence[Rule]:
    """Return the rules of the order within a key, where items have keys."""
    return (KeyOrder(first), Numbering(settings)) if settings().keys else ()
