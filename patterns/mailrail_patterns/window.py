"""The front of a queue: the first so many of its messages that are not settled."""

from __future__ import annotations

from collections import OrderedDict


class Window:
    """Which messages a receiver looks through for one it may have.

    A message that has been in it stays in it until it is settled for good: while it is in
    somebody's hands, put off, or set aside, it takes up its place.

    Attributes:
        size: How many messages are looked through, 1 or more.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._inside: OrderedDict[str, None] = OrderedDict()
        self._beyond: OrderedDict[str, None] = OrderedDict()

    def enter(self, name: str, *, first: bool = False) -> None:
        """Add a message at the end, or ``first`` of all; one that is there keeps its place."""
        inside, beyond = self._inside, self._beyond
        if name in inside or name in beyond:
            return
        if first:
            inside[name] = None
            inside.move_to_end(name, last=False)
            if len(inside) > self.size:
                back, _ = inside.popitem()
                beyond[back] = None
                beyond.move_to_end(back, last=False)
        elif len(inside) < self.size:
            inside[name] = None
        else:
            beyond[name] = None

    def leave(self, name: str) -> str:
        """Take out a message that is settled; return the one that moves up, empty: none does."""
        inside, beyond = self._inside, self._beyond
        if name not in inside:
            beyond.pop(name, None)
            return ""
        del inside[name]
        if not beyond:
            return ""
        up, _ = beyond.popitem(last=False)
        inside[up] = None
        return up

    def sees(self, name: str) -> bool:
        """Say whether a message is among the first."""
        return name in self._inside

    def copy(self) -> Window:
        """Return an independent copy."""
        twin = Window(self.size)
        twin._inside, twin._beyond = self._inside.copy(), self._beyond.copy()
        return twin
