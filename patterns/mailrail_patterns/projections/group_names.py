"""What the messages of a group are called: ``A3`` for the third of group A."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice

from ..kernel.events import Event
from .convoy_scene import GroupProgress


class GroupNames:
    """The groups of the messages there are, what these are called, and how many there were.

    Attributes:
        of: The group of each message that is not completed.
        numbers: Their numbers within their groups, if they have any.
        sent: Messages accepted, by group.
        done: Messages completed, by group.
    """

    def __init__(self, keeps: int) -> None:
        """Remember what so many completed messages were called."""
        self.of: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self._keeps = keeps
        self._labels: dict[str, str] = {}
        self._of_gone: dict[str, str] = {}
        self._gone: deque[str] = deque()

    def add(self, event: Event) -> None:
        """Name a message that was accepted."""
        group, name = event.group, event.message
        self.of[name] = group
        original, copied, _ = name.partition("~")
        if copied and original in self._labels:
            self._labels[name] = f"{self._labels[original]}'"
        else:
            count = self.sent[group] = self.sent.get(group, 0) + 1
            self.done.setdefault(group, 0)
            self._labels[name] = called(group, event.sequence or count) if group else name
        if event.sequence:
            self.numbers[name] = event.sequence

    def progress(self, most: int) -> tuple[GroupProgress, ...]:
        """Return how far the first groups have come, ``most`` of them."""
        return tuple(
            GroupProgress(group, sent, self.done.get(group, 0))
            for group, sent in islice(self.sent.items(), most)
        )

    def completed(self, name: str) -> None:
        """Forget a message that is completed, but not what it was called just yet."""
        group = self.of.pop(name, "")
        self.done[group] = self.done.get(group, 0) + 1
        self._gone.append(name)
        self._of_gone[name] = group
        if len(self._gone) > self._keeps:
            gone = self._gone.popleft()
            self._labels.pop(gone, None)
            self.numbers.pop(gone, None)
            self._of_gone.pop(gone, None)

    def group(self, name: str) -> str:
        """Return the group of a message that is not completed, or was one of the last to be."""
        return self.of.get(name) or self._of_gone.get(name, "")

    def label(self, name: str) -> str:
        """Return what a message is called."""
        return self._labels.get(name, name)

    def labels(self, *names: Iterable[str]) -> Mapping[str, str]:
        """Return what these messages, and those completed last, are called."""
        return {name: self.label(name) for each in (*names, self._gone) for name in each}

    def copy(self) -> GroupNames:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.of, twin.sent, twin.done = dict(self.of), dict(self.sent), dict(self.done)
        twin._labels, twin._gone = dict(self._labels), self._gone.copy()
        twin.numbers, twin._of_gone = dict(self.numbers), dict(self._of_gone)
        return twin


def called(group: str, number: int) -> str:
    """Return what the message of that number in a group is called."""
    return f"{group}.{number}" if group[-1:].isdigit() else f"{group}{number}"
