"""What a resequencer promises: no step before the one whose number comes before its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..resequencing import GIVEN_UP
from .rules import Guarantee, Handler, Rule

IN_SEQUENCE = Guarantee(
    "in-sequence",
    "Where consumers go by numbers, a step takes effect after every one numbered before it, or "
    "after that was given up.",
    source="A11 rule 7",
)


class Numbering(Rule):
    """Compares each effect with the numbers of its group that there has been nothing of yet.

    What took effect while nobody went by numbers is where the count begins.
    """

    guarantees = (IN_SEQUENCE,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._numbers: dict[str, tuple[str, int]] = {}
        self._reached: dict[str, int] = {}
        self._given_up: dict[str, set[int]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of numbered messages, their effects, and what is given up."""
        return {kind.SENT: self._sent, kind.EFFECT: self._effect, kind.NOTED: self._noted}

    def _sent(self, event: Event) -> None:
        if event.sequence:
            self._numbers[event.message] = event.group, event.sequence

    def _noted(self, event: Event) -> None:
        if event.text.startswith(GIVEN_UP):
            self._given_up.setdefault(event.message, set()).add(int(event.value))

    def _effect(self, event: Event) -> None:
        group, number = self._numbers.get(event.message, ("", 0))
        if not number:
            return
        reached, given_up = self._reached.get(group, 0), self._given_up.get(group, set())
        while reached + 1 < number and reached + 1 in given_up:
            reached += 1
        if reached + 1 < number and self._settings().by_number:
            what = f"{event.message} is number {number} of {group}, and {reached + 1} is missing"
            self.breach("in-sequence", event, what)
        self._reached[group] = max(reached, number)
