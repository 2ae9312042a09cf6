"""Members in order whose copies share what has not changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from math import inf
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LINK: Final = 1024
"""Members of a link at the most. A copy costs one step a link, a first change one a member."""

SPARE: Final = 1024
"""Names that may be kept of members that left, besides as many as there are members."""


def _timeless(_: object) -> float:
    """Say that a member counts from no instant."""
    return inf


class Link(Generic[T]):
    """A stretch of a chain, changed only by the chain that made it."""

    __slots__ = ("members", "oldest", "owner")

    def __init__(self, members: dict[str, T], owner: object) -> None:
        self.members = members
        self.oldest: float | None = None
        self.owner = owner


class Chain(Generic[T]):
    """Named members in order, entered at either end and taken out wherever they are.

    It is cut into links. A copy takes over the links as they are, and each side makes a link
    its own before it changes it. So a copy costs one step for every ``LINK`` members, and the
    memory of what is changed later.

    Links ahead of the first one have negative numbers and hold their members back to front.

    Attributes:
        length: How many members there are; cheaper than ``len`` where every event asks.
    """

    __slots__ = ("_enough", "_first", "_index", "_last", "_links", "_moved", "_owner", "_since",
                 "length")  # fmt: skip

    def __init__(self, since: Callable[[T], float] = _timeless) -> None:
        """Make an empty chain; ``since`` tells of a member what instant it counts from, in s."""
        self._since = since
        self._owner = object()
        self._links: dict[int, Link[T]] = {}
        self._first, self._last = -1, 0
        self.length = 0
        # In which link a name is looked for. Copies share it, so that what it says is never
        # changed; whoever enters elsewhere than it says is in the other one.
        self._index: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._enough = SPARE

    def __len__(self) -> int:
        return self.length

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        """Return the names in order."""
        links = self._links
        return chain.from_iterable(
            links[number].members if number >= 0 else reversed(links[number].members)
            for number in sorted(links)
        )

    def values(self) -> Iterator[T]:
        """Return the members in order."""
        links = self._links
        return chain.from_iterable(
            links[number].members.values() if number >= 0
            else reversed(links[number].members.values())
            for number in sorted(links)
        )  # fmt: skip

    def get(self, name: str) -> T | None:
        """Return the member of that name; None if there is none."""
        found = self._links.get(self._moved.get(name, self._index.get(name, 0)))
        return None if found is None else found.members.get(name)

    def enter(self, name: str, member: T, *, head: bool = False) -> None:
        """Add a member of a name that none has, at the tail or at the head."""
        number = self._first if head else self._last
        link = self._links.get(number)
        if link is None or link.owner is not self._owner or len(link.members) >= LINK:
            number, link = self._open(number, link, head=head)
        link.members[name] = member
        link.oldest = None
        self.length += 1
        if self._index.setdefault(name, number) != number:
            self._moved[name] = number
            if len(self._moved) > self.length // 8 + SPARE:
                self._tidy()
        if len(self._index) > self._enough:
            self._enough = 2 * self.length + SPARE
            if len(self._index) > self._enough:
                self._tidy()

    def lead(self, name: str) -> None:
        """Put the member of that name at the head; harmless if there is none."""
        member = self.pop(name)
        if member is not None:
            self.enter(name, member, head=True)

    def change(self, name: str, member: T) -> None:
        """Put another member of that name where the one that is there stands."""
        number = self._moved.get(name, self._index.get(name, 0))
        link = self._links[number]
        if link.owner is not self._owner:
            link = self._links[number] = Link(link.members.copy(), self._owner)
        link.members[name] = member
        link.oldest = None

    def _open(self, number: int, link: Link[T] | None, *, head: bool) -> tuple[int, Link[T]]:
        """Return a link with room to change, at that end, and its number."""
        if link is not None and len(link.members) >= LINK:
            link = None
            if head:
                self._first = number = number - 1
            else:
                self._last = number = number + 1
        members = {} if link is None else link.members.copy()
        link = self._links[number] = Link(members, self._owner)
        return number, link

    def _tidy(self) -> None:
        """Make an index of this copy's own, of those that are here."""
        self._index = {n: number for number, link in self._links.items() for n in link.members}
        self._moved = {}

    def pop(self, name: str) -> T | None:
        """Take the member of that name out; None if there is none."""
        number = self._index.get(name, 0)
        if self._moved:
            number = self._moved.pop(name, number)
        link = self._links.get(number)
        if link is None:
            return None
        if link.owner is not self._owner:
            if name not in link.members:
                return None
            link = self._links[number] = Link(link.members.copy(), self._owner)
        member = link.members.pop(name, None)
        if member is not None:
            link.oldest = None
            self.length -= 1
            if number != self._last and not link.members:
                del self._links[number]
        return member

    def oldest(self) -> float | None:
        """Return the earliest instant a member counts from, in seconds; None if it is empty."""
        earliest = inf
        for link in self._links.values():
            oldest = link.oldest
            if oldest is None:
                oldest = min(map(self._since, link.members.values()), default=inf)
                link.oldest = oldest
            if oldest < earliest:
                earliest = oldest
        return earliest if self.length else None

    def before(self, instant: float) -> int:
        """Return how many members count from before an instant, in seconds.

        They must have entered in the order of what they count from.
        """
        return sum(self._earlier(link, instant) for link in self._links.values())

    def _earlier(self, link: Link[T], instant: float) -> int:
        since, members = self._since, link.members.values()
        if not members:
            return 0
        first, last = since(next(iter(members))), since(next(reversed(members)))
        if max(first, last) < instant:
            return len(members)
        if min(first, last) >= instant:
            return 0
        return sum(since(each) < instant for each in members)

    @property
    def size(self) -> int:
        """Steps a copy costs."""
        return len(self._links) + len(self._moved)

    def copy(self) -> Chain[T]:
        """Return an independent copy."""
        twin = Chain(self._since)
        twin._links = self._links.copy()
        twin._first, twin._last, twin.length = self._first, self._last, self.length
        twin._index, twin._moved = self._index, self._moved.copy()
        twin._enough = self._enough
        self._owner = object()
        return twin
