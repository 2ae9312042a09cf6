"""The ready messages of one queue by group: session, partition or priority class."""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice

from ..views import GroupView, MessageView
from .ages import Ages


class Group:
    """The ready messages of one group."""

    __slots__ = ("ages", "ready")

    def __init__(self) -> None:
        self.ready: OrderedDict[str, MessageView] = OrderedDict()
        self.ages = Ages()

    def copy(self) -> Group:
        """Return an independent copy."""
        twin = Group()
        twin.ready, twin.ages = self.ready.copy(), self.ages.copy()
        return twin


class Groups:
    """Every group of a queue that has something ready."""

    __slots__ = ("_groups",)

    def __init__(self) -> None:
        self._groups: dict[str, Group] = {}

    def add(self, view: MessageView, *, head: bool) -> None:
        """Take notice that a message is ready."""
        group = self._groups.get(view.group)
        if group is None:
            group = self._groups[view.group] = Group()
        group.ready[view.name] = view
        if head:
            group.ready.move_to_end(view.name, last=False)
        group.ages.add(view.name, view.since)

    def discard(self, view: MessageView) -> None:
        """Take notice that a message is no longer ready."""
        group = self._groups[view.group]
        del group.ready[view.name]
        group.ages.discard(view.name)
        if not group.ready:
            del self._groups[view.group]

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
            oldest = group.ages.oldest()
            ready = tuple(islice(group.ready.values(), each))
            age = 0.0 if oldest is None else now - oldest
            found.append(GroupView(name, len(group.ready), ready, age))
        return tuple(found)
