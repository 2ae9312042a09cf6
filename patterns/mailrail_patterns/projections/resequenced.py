"""What a resequencer has set aside, what is missing, and which groups have come to their end."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping

import msgspec

from ..kernel.events import Event
from ..progress import COMPLETE, INCOMPLETE, Progress
from .group_names import GroupNames
from .lanes import LaneFold
from .measures import Measure

MEASURES = (
    Measure("out_of_sequence", "effects of a message after that of a later one of its group",
            "messages", 1),
    Measure("buffered", "messages set aside until what comes before them is done", "messages"),
    Measure("buffered_max", "most messages set aside at a time", "messages"),
    Measure("gaps", "numbers that were missing while later ones were set aside", "", 1),
    Measure("gap_time", "time groups waited for a missing number, all added up", "s", 1),
    Measure("given_up", "numbers that were waited for no longer", "", 1),
    Measure("too_late", "messages dead-lettered because their number had been given up", "", 1),
    Measure("groups_complete", "groups of which every step up to the last was done"),
    Measure("groups_incomplete", "groups whose last step was done, and not every one before it",
            "", 1),
)  # fmt: skip


class Resequenced:
    """The rows of all groups, as far as they tell of order."""

    def __init__(self, names: GroupNames) -> None:
        self._names = names
        self._rows: dict[str, Progress] = {}
        self._states: Counter[str] = Counter()
        self._given_up = self._buffered = self._most = 0
        self._reached: dict[str, int] = {}
        self._late = 0
        self._gaps: set[tuple[str, int]] = set()
        self.too_late = 0

    def written(self, event: Event) -> None:
        """Take notice of the row of a group."""
        before = self._rows.get(event.message)
        row = msgspec.json.decode(event.text or "{}", type=Progress)
        if before is not None:
            self._states[before.state] -= 1
            self._given_up -= len(before.given_up)
        self._states[row.state] += 1
        self._given_up += len(row.given_up)
        self._rows[event.message] = row

    def applied(self, group: str, name: str) -> None:
        """Take notice of the effect of a message."""
        number = self._names.number(name)
        reached = self._reached.get(group, 0)
        if number > reached:
            self._reached[group] = number
        elif 0 < number < reached:
            self._late += 1

    def set_aside(self, lane: LaneFold, name: str) -> None:
        """Take notice of a message that was set aside."""
        lane.aside[name] = self._names.number(name)
        self._buffered += 1
        self._most = max(self._most, self._buffered)

    def fetched(self, lane: LaneFold, name: str) -> None:
        """Take notice of a message that is set aside no longer."""
        if lane.aside.pop(name, None) is not None:
            self._buffered -= 1

    def missing(self, lane: LaneFold) -> tuple[str, int, float]:
        """Return which number of which group a lane waits for, and since when; empty: for none."""
        number_of, of = self._names.number, self._names.of
        here = {(of(name), number_of(name)) for name in lane.takes_up()}
        for name, number in sorted(lane.aside.items(), key=lambda each: each[1]):
            group = of(name)
            row = self._rows.get(group, Progress())
            if number and row.next < number and (group, row.next) not in here:
                self._gaps.add((group, row.next))
                return group, row.next, row.since
        return "", 0, 0.0

    def values(self, gap_time: float) -> Mapping[str, float]:
        """Return the metrics."""
        return {
            "out_of_sequence": self._late,
            "buffered": self._buffered,
            "buffered_max": self._most,
            "gaps": len(self._gaps),
            "gap_time": gap_time,
            "given_up": self._given_up,
            "too_late": self.too_late,
            "groups_complete": self._states[COMPLETE],
            "groups_incomplete": self._states[INCOMPLETE],
        }

    def copy(self, names: GroupNames) -> Resequenced:
        """Return an independent copy that goes by other names."""
        twin = copy.copy(self)
        twin._names = names
        twin._rows, twin._states = dict(self._rows), self._states.copy()
        twin._reached, twin._gaps = dict(self._reached), set(self._gaps)
        return twin
