"""How far a group has come: the row that whoever takes its lane over goes on from."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from .messages import Message

PROGRESS = "progress"
OPEN, COMPLETE, INCOMPLETE = "Open", "Complete", "Incomplete"
"""Its last step has not come yet; every step was applied; the last one was, and not every one."""


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a group has come: what whoever takes its lane over goes on from.

    Attributes:
        steps: How many steps were applied.
        of: How many there are in all; 0: the last one has not been applied yet.
        next: Number of the step whose turn it is: one more than the highest that was applied.
        waiting: The messages set aside, by their names in the queue, and their numbers.
        since: Since when the next one has been missing, in seconds.
        given_up: Numbers that are waited for no longer.
        alerted: Whether it was noted that one is missing.
    """

    steps: int = 0
    of: int = 0
    next: int = 1
    waiting: dict[str, int] = {}
    since: float = 0.0
    given_up: tuple[int, ...] = ()
    alerted: bool = False

    @property
    def state(self) -> str:
        """The state word of the row."""
        if not self.of:
            return OPEN
        return COMPLETE if self.steps >= self.of else INCOMPLETE

    def first(self) -> tuple[str, int]:
        """Return name and number of the message set aside that is first in order."""
        return min(self.waiting.items(), key=lambda each: each[1])

    def applied(self, message: Message, now: float) -> Progress:
        """Return how far the group has come once a step is applied at ``now`` seconds."""
        number = message.sequence
        after = max(self.next, number + 1) if number else self.next
        new = after != self.next
        since = now if new and self.waiting else self.since
        return replace(
            self, steps=self.steps + 1, of=number if message.last else self.of, next=after,
            since=since, alerted=self.alerted and not new,
        )  # fmt: skip

    def aside(self, name: str, number: int, now: float) -> Progress:
        """Return it with one message more set aside at ``now`` seconds."""
        since = self.since if self.waiting else now
        return replace(self, waiting={**self.waiting, name: number}, since=since)

    def without(self, name: str) -> Progress:
        """Return it with one message less set aside."""
        left = {each: number for each, number in self.waiting.items() if each != name}
        return replace(self, waiting=left, since=self.since if left else 0.0)

    def passing_over(self, number: int) -> Progress:
        """Return it with the numbers given up that are missing before ``number``."""
        here = self.waiting.values()
        missing = (n for n in range(self.next, number) if n not in here)
        return replace(
            self, next=max(self.next, number), given_up=(*self.given_up, *missing), alerted=False
        )
