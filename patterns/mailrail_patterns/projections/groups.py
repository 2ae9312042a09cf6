"""The ready messages of one queue by group: session, partition or priority class."""

from __future__ import annotations

from itertools import islice
from operator import attrgetter
from typing import Final

from ..views import GroupView, MessageView
from .chain import Chain

SINCE: Final = attrgetter("since")
"""Since when a message counts as waiting, in seconds."""


class Groups:
    """Every group of a queue that has something ready."""

    __slots__ = ("_groups",)

    def __init__(self) -> None:
        self._groups: dict[str, Chain[MessageView]] = {}

    def add(self, view: MessageView, *, head: bool) -> None:
        """Take notice that a message is ready."""
        group = self._groups.get(view.group)
        if group is None:
            group = self._groups[view.group] = Chain(SINCE)
        group.enter(view.name, view, head=head)

    def change(self, view: MessageView) -> None:
        """Take notice that a ready message looks otherwise, where it stands."""
        self._groups[view.group].change(view.name, view)

    def discard(self, view: MessageView) -> None:
        """Take notice that a message is no longer ready."""
        group = self._groups[view.group]
        group.pop(view.name)
        if not group:
            del self._groups[view.group]

    @property
    def size(self) -> int:
        """Steps a copy costs."""
        return sum(group.size for group in self._groups.values())

    def copy(self) -> Groups:
        """Return an independent copy."""
        twin = Groups()
        twin._groups = {name: group.copy() for name, group in self._groups.items()}
        return twin

    def views(self, now: float, most: int) -> tuple[GroupView, ...]:
        """Return the frozen pictures, of about ``most`` messages in all."""
        each = max(8, most // max(1, len(self._groups)))
        found = []
        for name, group in islice(self._groups.items(), most // 8):
            oldest = group.oldest()
            ready = tuple(islice(group.values(), each))
            age = 0.0 if oldest is None else now - oldest
            found.append(GroupView(name, len(group), ready, age))
        return tuple(found)
