"""What the messages of a group are called: ``A3`` for the third of group A."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from ..kernel.events import Event
from .chain import Chain
from .convoy_scene import GroupProgress
from .measures import Measure, Number, tidy

MEASURES = (
    Measure("hot_group_share", "share of the largest group among the messages accepted"),
    Measure("group_done_min", "messages completed of the group with the fewest"),
    Measure("group_done_max", "messages completed of the group with the most"),
    Measure("group_rate_min", "messages a second, from the first that came to the last that was "
            "completed, of the slowest group", "/s", -1),
    Measure("group_rate_max", "the same of the fastest group", "/s"),
)  # fmt: skip


class Named(msgspec.Struct, frozen=True, gc=False):
    """One message.

    Attributes:
        group: Its group.
        label: What it is called.
        number: Its number within the group; 0: it has none.
    """

    group: str
    label: str
    number: int = 0


class GroupNames:
    """The groups of the messages there are, what these are called, and how many there were.

    Attributes:
        sent: Messages accepted, by group.
        done: Messages completed, by group.
    """

    def __init__(self, keeps: int) -> None:
        """Remember what so many completed messages were called."""
        self.sent: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self._spans: dict[str, tuple[float, float]] = {}
        self._keeps = keeps
        self._here: Chain[Named] = Chain()
        self._gone: dict[str, Named] = {}

    def add(self, event: Event) -> None:
        """Name a message that was accepted."""
        group, name = event.group, event.message
        original, copied, _ = name.partition("~")
        known = self._find(original) if copied else None
        if known is not None:
            label = f"{known.label}'"
        else:
            count = self.sent[group] = self.sent.get(group, 0) + 1
            self.done.setdefault(group, 0)
            self._spans.setdefault(group, (event.t, event.t))
            label = called(group, event.sequence or count) if group else name
        self._here.enter(name, Named(group, label, event.sequence))

    def progress(self, most: int) -> tuple[GroupProgress, ...]:
        """Return how far the first groups have come, ``most`` of them."""
        return tuple(
            GroupProgress(group, sent, self.done.get(group, 0))
            for group, sent in islice(self.sent.items(), most)
        )

    def values(self) -> dict[str, Number]:
        """Return what is measured of groups as such."""
        sent, done = self.sent.values(), self.done.values()
        total = sum(sent)
        rates = [
            self.done[group] / (last - first)
            for group, (first, last) in self._spans.items()
            if last > first
        ]
        return {
            "hot_group_share": tidy(max(sent) / total) if total else None,
            "group_done_min": min(done, default=None),
            "group_done_max": max(done, default=None),
            "group_rate_min": tidy(min(rates)) if rates else None,
            "group_rate_max": tidy(max(rates)) if rates else None,
        }

    def completed(self, event: Event) -> None:
        """Forget a message that is completed, but not what it was called just yet."""
        name = event.message
        named = self._here.pop(name) or Named("", name)
        self.done[named.group] = self.done.get(named.group, 0) + 1
        first, _ = self._spans.get(named.group, (event.t, event.t))
        self._spans[named.group] = first, event.t
        self._gone[name] = named
        if len(self._gone) > self._keeps:
            del self._gone[next(iter(self._gone))]

    def _find(self, name: str) -> Named | None:
        return self._here.get(name) or self._gone.get(name)

    def of(self, name: str) -> str:
        """Return the group of a message that is not completed; empty: it has none."""
        named = self._here.get(name)
        return "" if named is None else named.group

    def unfinished(self) -> Iterator[str]:
        """Return the messages that are not completed, in the order in which they came."""
        return iter(self._here)

    def group(self, name: str) -> str:
        """Return the group of a message that is not completed, or was one of the last to be."""
        named = self._find(name)
        return "" if named is None else named.group

    def number(self, name: str) -> int:
        """Return the number of such a message within its group; 0: it has none."""
        named = self._find(name)
        return 0 if named is None else named.number

    def label(self, name: str) -> str:
        """Return what such a message is called."""
        named = self._find(name)
        return name if named is None else named.label

    def labels(self, *names: Iterable[str]) -> Mapping[str, str]:
        """Return what these messages, and those completed last, are called."""
        return {name: self.label(name) for each in (*names, self._gone) for name in each}

    def copy(self) -> GroupNames:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.sent, twin.done = dict(self.sent), dict(self.done)
        twin._spans = dict(self._spans)
        twin._here, twin._gone = self._here.copy(), dict(self._gone)
        return twin


def called(group: str, number: int) -> str:
    """Return what the message of that number in a group is called."""
    return f"{group}.{number}" if group[-1:].isdigit() else f"{group}{number}"
