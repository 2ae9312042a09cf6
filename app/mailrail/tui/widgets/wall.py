"""The wall of lockers: one for each payload in the store, and those tickets still point to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from mailrail_patterns.projections.cloakroom import LockerView
from mailrail_patterns.sizes import write_size

from . import figures, glyphs
from .motion import Point
from .paper import Paper, whole

SIGNS: Final[dict[str, tuple[str, str, str]]] = {
    "live": ("■", "live", "held"),
    "orphan": ("□", "ORPHAN", "warn"),
    "settled": ("✓", "done", "done"),
    "gone": ("✗", "gone", "dead"),
}
"""Sign, word and ink of each state of a locker."""


ALTERED: Final = ("!", "ALTERED", "fault")
"""The same of one whose payload is no longer what was stored."""


class Cell(NamedTuple):
    """How a locker is drawn.

    Attributes:
        wide: Its columns.
        tall: Its rows.
    """

    wide: int
    tall: int


BOXED: Final = Cell(17, 5)
FLAT: Final = Cell(12, 2)


def sign_of(locker: LockerView) -> tuple[str, str, str]:
    """Return sign, word and ink of a locker."""
    return ALTERED if locker.altered and locker.state != "gone" else SIGNS[locker.state]


def said_of(locker: LockerView, now: float) -> tuple[str, str]:
    """Return the word for what a locker is, and the time that matters about it."""
    _, word, _ = sign_of(locker)
    if locker.state == "gone":
        return ("lapsed" if locker.why == "lapsed" else "deleted"), ""
    if locker.until and locker.state == "live":
        return word, f"{glyphs.LATER}{figures.left(locker.until - now)}"
    if locker.state == "live":
        return word, ""
    return word, figures.brief(now - locker.since)


def needed_by(locker: LockerView) -> str:
    """Return who still needs a payload, in few words."""
    if locker.state == "gone":
        return f"dangling {locker.tickets}"
    if locker.left >= 0:
        return f"refs {locker.left}"
    if locker.dead and not locker.tickets:
        return "dead letter"
    if locker.tickets:
        return f"refs {locker.tickets}"
    return "event waits" if locker.state == "live" else "no ticket"


READERS: Final = ("refs: readers left", "refs: readers")
"""What stands behind ``refs`` on a locker, where there is less and less room to say so."""

LAPSES: Final = "lapses in"
"""What the clock on one stands for."""


def legend_of(lockers: Collection[LockerView], room: int) -> str:
    """Return what the words on the lockers mean, as far as there is room; empty: nothing to say."""
    refs = any(needed_by(each).startswith("refs") for each in lockers)
    lapse = any(each.until and each.state == "live" for each in lockers)
    when = [f"{glyphs.LATER} {LAPSES}"] * lapse
    told = [[each, *when] if refs else when for each in READERS]
    ways = [", ".join(each) for each in told] + [each for parts in told for each in parts]
    return whole(room, *ways, "")


URGENT: Final = ("gone", "orphan", "live", "settled")
"""Which lockers are shown first where there is no room for all."""


def _first(lockers: Collection[LockerView], room: int) -> list[LockerView]:
    """Return those that are shown: of too many the most telling, and of these the latest."""
    if len(lockers) <= room:
        return list(lockers)
    order = sorted(lockers, key=lambda each: (URGENT.index(each.state), -each.moved))
    return sorted(order[:room], key=lambda each: each.number)


class Wall:
    """The places of all lockers that are shown.

    A locker keeps its place while it is in use: it is where its number says, or at the next
    place that is free.

    Attributes:
        spots: The first cell of each locker that is shown, by number.
        hidden: How many find no place.
    """

    def __init__(
        self, lockers: Collection[LockerView], x: int, y: int, wide: int, tall: int
    ) -> None:
        wanted = len(lockers)
        self._x, self._y, self._wide, self._tall = x, y, wide, tall
        roomy = (wide // (BOXED.wide + 1)) * (tall // BOXED.tall) >= max(6, len(lockers))
        self.cell = BOXED if roomy else FLAT
        self._across = max(1, (wide + 1) // (self.cell.wide + 1))
        self._slots = self._across * max(0, tall // self.cell.tall)
        lockers = self._lockers = _first(lockers, self._slots)
        self.spots: dict[int, Point] = {}
        taken: set[int] = set()
        for locker in lockers:
            slot = (locker.number - 1) % self._slots
            while slot in taken:
                slot = (slot + 1) % self._slots
            taken.add(slot)
            self.spots[locker.number] = self._spot(slot)
        self._free = [self._spot(slot) for slot in range(self._slots) if slot not in taken]
        self.hidden = wanted - len(self.spots)

    def _spot(self, slot: int) -> Point:
        row, column = divmod(slot, self._across)
        return self._x + column * (self.cell.wide + 1), self._y + row * self.cell.tall

    def place(self, number: int) -> Point:
        """Return the middle of a locker, or of the wall if it is not shown."""
        spot = self.spots.get(number)
        if spot is None:
            slots = max(1, self._slots)
            spot = self._spot((number - 1) % slots)
        return spot[0] + 2, spot[1] + (self.cell.tall // 2 if self.cell is BOXED else 0)

    def draw(self, paper: Paper, now: float, away: Collection[int]) -> None:
        """Draw every locker; the payload of one ``away`` is still on its way to it."""
        for x, y in self._free:
            self._empty(paper, x, y)
        for locker in self._lockers:
            spot = self.spots.get(locker.number)
            if spot is None:
                continue
            if locker.number in away:
                self._empty(paper, *spot)
            elif self.cell is BOXED:
                self._boxed(paper, *spot, locker, now)
            else:
                self._flat(paper, *spot, locker, now)
            for row in range(self.cell.tall):
                paper.zone(spot[1] + row, spot[0], spot[0] + self.cell.wide, "message",
                           locker.message)  # fmt: skip

    def _empty(self, paper: Paper, x: int, y: int) -> None:
        wide, tall = self.cell
        if self.cell is BOXED:
            self._frame(paper, x, y, "lane")
        else:
            paper.put(x, y, "·" * min(wide, self._x + self._wide - x), "lane")
        if tall > FLAT.tall:
            paper.put(x + wide // 2, y + tall // 2, "·", "lane")

    def _frame(self, paper: Paper, x: int, y: int, ink: str) -> None:
        wide, tall = self.cell
        paper.put(x, y, "╭" + "─" * (wide - 2) + "╮", ink)
        for row in range(1, tall - 1):
            paper.put(x, y + row, "│", ink)
            paper.put(x + wide - 1, y + row, "│", ink)
        paper.put(x, y + tall - 1, "╰" + "─" * (wide - 2) + "╯", ink)

    def _boxed(self, paper: Paper, x: int, y: int, locker: LockerView, now: float) -> None:
        sign, _, ink = sign_of(locker)
        word, time = said_of(locker, now)
        inside = self.cell.wide - 4
        self._frame(paper, x, y, ink)
        paper.put(x + 2, y, f" {locker.number} ", f"{ink}+bold")
        size = write_size(locker.size)
        filled = "faint" if locker.state in ("gone", "orphan") else "text+bold"
        paper.fit(x + 2, y + 1, locker.message, inside - len(size) - 1, filled)
        paper.right(x + 2 + inside, y + 1, size, filled)
        paper.fit(x + 2, y + 2, f"{sign} {word}", inside, f"{ink}+bold")
        paper.right(x + 2 + inside, y + 2, time, ink)
        paper.fit(x + 2, y + 3, needed_by(locker), inside, "text")

    def _flat(self, paper: Paper, x: int, y: int, locker: LockerView, now: float) -> None:
        sign, _, ink = sign_of(locker)
        word, time = said_of(locker, now)
        wide = min(self.cell.wide, self._x + self._wide - x)
        ground = f"on-{ink}" if locker.state == "live" or locker.altered else "faint"
        name = f"L{locker.number} {locker.message} {write_size(locker.size).replace(' ', '')}"
        paper.fit(x, y, f"{name:<{wide}}", wide, ground)
        if locker.state == "live" and not locker.altered:
            word = needed_by(locker)
            word = word if len(word) <= wide - len(sign) - 1 else word.partition(" ")[0]
        brief = f"{time.partition('.')[0]}s" if "." in time else time
        ways = [f"{sign} {word} {each}".rstrip() for each in (time, brief)]
        if time.startswith(glyphs.LATER):  # the sign parts the two as well as a blank does
            ways += [f"{sign} {word}{brief}", f"{sign}{word}{brief}"]
        paper.fit(x, y + 1, whole(wide, *ways), wide, f"{ink}+bold")
