"""One instance of a filter at work, in the rows of the box it has."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from . import bars, figures, glyphs
from .paper import Paper, whole
from .stations import chip
from .work import LOST, Work

BLOCKED = "blocked"

SLIM = len("● working")
"""Columns from which a state's sign and word stand on a row of their own."""

SHORTER = {"outlives its lock": "outlives lock", LOST: "lock ran out"}
"""What is said where the words do not fit."""

BRIEFEST = {"outlives its lock": "too slow", LOST: "lock gone"}
"""What is said where those do not fit either."""


class Booth(NamedTuple):
    """The place of one instance.

    Attributes:
        x: First column.
        y: First row.
        wide: Columns.
        rows: Rows.
    """

    x: int
    y: int
    wide: int
    rows: int

    @property
    def bench(self) -> int:
        """The row of the item."""
        return self.y + {1: 0, 2: 1, 3: 2, 4: 2}.get(self.rows, 2)


def draw_booth(
    paper: Paper,
    at: Booth,
    work: Work,
    since: float,
    selected: bool,
    away: bool,
    passed: Collection[str] = (),
) -> None:
    """Draw one instance: who it is, its state, its item, how far it is with it.

    Args:
        paper: What to draw on.
        at: Its place.
        work: What it is doing.
        since: How long it has been in its state, in seconds.
        selected: Whether it was chosen.
        away: Whether its item is still on its way to it.
        passed: Items that a filter handed on as they came.
    """
    actor = work.actor
    for row in range(at.rows):
        paper.zone(at.y + row, at.x, at.x + at.wide, "actor", actor.name)
    name = "selected+bold+underline" if selected else "consumer"
    state = f"{actor.state}+bold"
    sign = glyphs.state(actor.state)
    if at.rows == 1:
        _in_one_row(paper, at, work, selected, away, passed)
        return
    told = f"{sign} {actor.state}"
    if at.rows == 2 or at.wide < SLIM:
        x = paper.put(at.x, at.y, f"{sign} ", state)
        paper.fit(x, at.y, called(actor.name, at.wide - 2), at.wide - 2, name)
        told = actor.state
    else:
        paper.fit(at.x, at.y, called(actor.name, at.wide), at.wide, name)
    if at.rows > 2:
        paper.fit(at.x, at.y + 1, told, at.wide, state)
    if not work.message:
        if at.rows == 2:
            paper.fit(at.x + 2, at.y + 1, actor.state, at.wide - 2, actor.state)
    else:
        _item(paper, at, work, away, passed)
    if at.rows >= 4:
        _figures(paper, at, work, since)


def called(name: str, room: int) -> str:
    """Return an instance's name, or its number where the box has no room for more."""
    return whole(room, name, f"no.{name.rpartition('-')[2]}")


def ink_of(work: Work) -> str:
    """Return the ink of the item an instance holds."""
    if work.hidden:
        return "on-dead"
    if work.actor.state == BLOCKED:
        return "on-blocked"
    name = work.message.partition(" ")[0]
    return "on-warn" if work.warning == LOST or chip(name).endswith("~") else "on-held"


def _item(paper: Paper, at: Booth, work: Work, away: bool, passed: Collection[str]) -> None:
    """Draw the item and its progress, beside each other or below."""
    name, _, count = work.message.partition(" ")
    text = chip(name, passed=passed)
    y = at.bench
    if work.actor.state == BLOCKED:
        # It is done and stands in the doorway, half way into the pipe that is full.
        door = at.x + at.wide + 1 - len(text)
        paper.put(at.x, y, "━" * max(0, door - at.x - 1), BLOCKED)
        paper.put(door, y, text, ink_of(work))
        paper.zone(y, door, at.x + at.wide, "message", name)
        return
    x = at.x
    if not away:
        x = paper.put(x, y, text, ink_of(work))
        paper.zone(y, at.x, x, "message", name)
    x = at.x + len(text)
    if count not in ("", "#1") and x + 3 <= at.x + at.wide and at.rows >= 5:
        x = paper.put(x + 1, y, count, "held")
    if work.hidden:
        if at.rows == 2:
            paper.fit(x + 1, y, f"hidden {figures.left(work.lock_left)}", at.wide - x + at.x - 1,
                      "dead")  # fmt: skip
        return
    if not work.actor.message:
        return
    if at.rows >= 5:
        bars.grow(paper, at.x, y + 1, at.wide, work.share, "working")
    else:
        bars.grow(paper, x + 1, y, at.x + at.wide - x - 1, work.share, "working")


def _figures(paper: Paper, at: Booth, work: Work, since: float) -> None:
    """Tell numbers and what is wrong in the rows below the bar."""
    lines: list[tuple[str, str]] = []
    if work.actor.state == BLOCKED:
        lines.append((_timed("waits", since, at.wide), BLOCKED))
    elif work.hidden:
        lines.append((_timed("hidden", work.lock_left, at.wide), "dead+bold"))
    elif work.message and work.actor.message:
        done, takes = figures.clock(work.elapsed), figures.clock(work.actor.takes)
        brief = f"{done}/{takes.removesuffix('.0')}s"
        lines.append((whole(at.wide, f"{done}/{takes}s", brief, f"{done}s"), "text"))
    if work.warning:
        told = (SHORTER.get(work.warning, work.warning), BRIEFEST.get(work.warning, work.warning))
        lines.insert(0, (whole(at.wide, *told), "warn+bold"))
    lines += [(badge_of(badge, at.wide), "fault") for badge in work.badges]
    if work.more:
        lines.append((f"+{work.more} held", "held"))
    if work.actor.incarnation > 1:
        lines.append((whole(at.wide, figures.restarts(work.actor.incarnation), "again"), "faint"))
    long_bar = at.rows >= 5 and work.actor.state != BLOCKED and not work.hidden
    y = at.bench + (2 if long_bar else 1)
    for text, ink in lines[: max(0, at.y + at.rows - y)]:
        paper.fit(at.x, y, text, at.wide, ink)
        y += 1


def badge_of(badge: str, room: int) -> str:
    """Return a badge that fits: of a death to come at least the point where it comes."""
    head = badge.split()[:3]
    return whole(room, badge, " ".join(head), f"{head[0]} {head[-1]}", head[-1])


def _timed(word: str, seconds: float, room: int) -> str:
    brief = figures.brief(seconds)
    return whole(room, f"{word} {brief}", f"{word} {seconds:.0f}s", brief)


def _in_one_row(
    paper: Paper, at: Booth, work: Work, selected: bool, away: bool, passed: Collection[str]
) -> None:
    actor = work.actor
    sign = glyphs.state(actor.state)
    end = at.x + at.wide
    ink = "selected+bold" if selected else f"{actor.state}+bold"
    x = paper.put(at.x, at.y, f"{sign} ", ink)
    text = chip(work.message.partition(" ")[0], passed=passed) if work.message else ""
    if actor.state == "working" and text:
        if not away:
            paper.put(x, at.y, text, ink_of(work))
        x += len(text) + 1
        wrong = work.badges or work.warning
        if wrong and end - x >= 5:
            paper.put(end - 1, at.y, glyphs.WARN, "warn+bold")
        bars.grow(paper, x, at.y, end - x - (2 if wrong else 0), work.share, "working")
        return
    word = actor.name if selected and actor.state == "idle" else actor.state
    x = paper.fit(x, at.y, word, end - x, ink)
    if text and not away:
        door = end - len(text)
        if actor.state == BLOCKED and door + 1 > x:
            paper.put(door + 1, at.y, text, ink_of(work))
        elif door > x:
            paper.put(door, at.y, text, ink_of(work))
            x = door
    if word == "idle" and not work.message and x + 1 + len(actor.name) <= end:
        paper.put(x + 1, at.y, actor.name, "faint")
