"""The rows of producers and consumers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mailrail_patterns.views import ActorView

from . import bars, figures, glyphs
from .paper import Paper, cut, whole
from .work import LOST, OUTLIVES, Work, census

BLOCK = 6
"""Most rows one consumer has, blank ones below it included."""

SHORTER = {OUTLIVES: "outlives lock", LOST: "lock lost", figures.restarts(2): "again"}
"""What is said where the words do not fit."""


BLOCKERS = ("by the database", "by database", "database")
"""Said behind ``blocked`` of who holds a message and waits for what all share; the longer first."""


class Columns(NamedTuple):
    """Where the parts of a consumer's row begin.

    Attributes:
        slot: The message.
        name: The consumer's name.
        state: Its state.
        rest: Warnings and badges.
        end: The column after the last.
    """

    slot: int
    name: int
    state: int
    rest: int
    end: int


def columns(slot: int, end: int, works: Sequence[Work]) -> Columns:
    """Make room for the longest message and name, within limits."""
    message = min(max((len(work.message) for work in works), default=0), 12)
    name = min(max((len(work.actor.name) for work in works), default=8), 14)
    at_name = slot + max(6, message) + 1
    at_state = at_name + name + 1
    return Columns(slot, at_name, at_state, at_state + 10, end)


def block_rows(count: int, rows: int) -> int:
    """Return how many rows one of ``count`` consumers gets of all the ``rows``; 0: not all fit."""
    return min(BLOCK, rows // count) if count else 0


def draw_consumer(
    paper: Paper, at: Columns, y: int, rows: int, work: Work, selected: bool, away: bool
) -> None:
    """Draw one consumer on so many rows, without its message if that is on its way.

    One row tells all in short; a second holds the bars; a third gives each bar its own row.
    """
    actor = work.actor
    if work.message and not away:
        chip = "on-dead" if work.hidden else "on-warn" if work.warning == LOST else "on-held"
        paper.put(at.slot, y, cut(work.message, at.name - at.slot - 1), chip)
        paper.zone(y, at.slot, at.name - 1, "message", work.message.partition(" ")[0])
    elif not away:
        paper.put(at.slot, y, "·" * 3, "lane")
    ink = "selected+bold+underline" if selected else "consumer"
    paper.fit(at.name, y, actor.name, at.state - at.name - 1, ink)
    word = f"{glyphs.state(actor.state)} {actor.state}"
    x = paper.put(at.state, y, word, f"{actor.state}+bold") + 1
    for row in range(rows):
        paper.zone(y + row, at.name if row == 0 else at.slot, at.end, "actor", actor.name)
    if rows == 1:
        _short(paper, x, at.end, y, work)
        return
    x = _notes(paper, max(x, at.rest), at.end, y, work)
    if rows == 2 or paper.width < 60:
        _both_bars(paper, at.slot, at.end, y + 1, work)
    else:
        _long_bars(paper, at.slot, at.end, y + 1, work, split=rows >= 4)


def _notes(paper: Paper, x: int, end: int, y: int, work: Work) -> int:
    notes = [(work.warning, "warn+bold")] if work.warning else []
    notes += [(badge, "fault") for badge in work.badges]
    if work.more:
        notes.append((f"+{work.more} held", "held"))
    if work.actor.incarnation > 1:
        notes.append((figures.restarts(work.actor.incarnation), "faint"))
    for text, ink in notes:
        words = text if x + len(text) <= end else SHORTER.get(text, text)
        if x + len(words) <= end:
            x = paper.put(x, y, words, ink) + 1
    return x


def _short(paper: Paper, x: int, end: int, y: int, work: Work) -> None:
    """Tell the most important in what is left of one row."""
    if work.hidden:
        text = f"{work.message.partition(' ')[0]} hidden {figures.left(work.lock_left)}"
        paper.fit(x, y, text, end - x, "dead+bold")
        return
    if not work.message:
        _notes(paper, x, end, y, work)
        return
    left = f"{figures.left(work.lock_left):>5}" if work.lock_left else "     "
    words = [work.warning, *work.badges] if work.warning or work.badges else []
    if end - x >= 30 and words:
        x = paper.put(x, y, words[0], "warn+bold" if work.warning else "fault") + 1
    elif words and end - x >= 6:
        x = paper.put(x, y, "!", "warn+bold") + 1
    if _waits(work):
        told = whole(end - x - 6, *BLOCKERS, "")
        x = paper.put(x, y, told, "blocked") + bool(told)
    elif end - x >= 14:
        wide = min(20, end - x - 6)
        bars.grow(paper, x, y, wide, work.share, "working")
        x += wide + 1
    if end - x >= 5:
        ink = "warn+bold" if work.warning else "held"
        if work.lock_left and end - x >= 11:
            x = paper.put(x, y, "lock ", "faint")
        paper.put(x, y, left, ink)


def _waits(work: Work) -> bool:
    """Say whether it has not begun what it holds: the database that all share is busy, or down."""
    return work.actor.state == "blocked" and bool(work.actor.message) and not work.actor.takes


def _progress(work: Work) -> str:
    """Say how far the work is, or what it waits for."""
    if _waits(work):
        return "not begun"
    return f"{figures.clock(work.elapsed)}/{figures.clock(work.actor.takes)}s"


def _both_bars(paper: Paper, x: int, end: int, y: int, work: Work) -> None:
    """Draw the work and the lock beside each other."""
    if not work.message:
        return
    if work.hidden:
        x = _hidden(paper, x, y, work)
        _lock(paper, x, end, y, work, "")
        return
    if not work.actor.message:
        return
    done = _progress(work)
    room = end - x
    has_lock = work.lock_left > 0
    wide = max(4, (room - len(done) - 7 - (12 if has_lock else 0)) * 3 // 5)
    x = paper.put(x, y, "work ", "faint")
    x = bars.grow(paper, x, y, wide, work.share, "working") + 1
    x = paper.put(x, y, done, "text") + 1
    if has_lock:
        _lock(paper, x, end, y, work, "lock ")


def _hidden(paper: Paper, x: int, y: int, work: Work) -> int:
    name = work.message.partition(" ")[0]
    more = f" +{work.more}" if work.more else ""
    return paper.put(x, y, f"{name}{more} hidden {figures.left(work.lock_left)}", "dead+bold") + 1


def _lock(paper: Paper, x: int, end: int, y: int, work: Work, word: str) -> None:
    ink = "warn" if work.warning else "held"
    left = "" if work.hidden else figures.left(work.lock_left)
    wide = min(10, end - x - len(word) - len(left) - 1)
    x = paper.put(x, y, word, "faint")
    if wide >= 3:
        x = bars.drain(paper, x, y, wide, work.lock_share, ink) + 1
    paper.put(x, y, left, f"{ink}+bold")


def _long_bars(paper: Paper, x: int, end: int, y: int, work: Work, split: bool) -> None:
    """Draw work and lock above each other on one time axis, so that the eye compares their ends."""
    if not work.message or (not work.actor.message and not work.hidden):
        return
    start = x + 5
    wide = min(64, end - start - 12)
    if work.hidden:
        x = _hidden(paper, x, y, work)
        _lock(paper, x, end, y, work, "")
        return
    takes = work.actor.takes
    lock_ends = work.elapsed + work.lock_left
    axis = max(takes, lock_ends, 1e-9)
    paper.put(x, y, "work", "faint")
    length = max(1, round(takes / axis * wide))
    bars.grow(paper, start, y, length, work.share, "working")
    done = _progress(work)
    paper.put(start + wide + 1, y, done, "text")
    if work.lock_left > 0:
        ink = "warn" if work.warning else "held"
        paper.put(x, y + 1, "lock", "faint")
        bars.span(paper, start, y + 1, wide, work.elapsed / axis, lock_ends / axis, ink, "┫")
        left = f"{figures.left(work.lock_left)} left"
        paper.put(start + wide + 1, y + 1, left, f"{ink}+bold")


def draw_rest(paper: Paper, at: Columns, y: int, rest: Sequence[ActorView]) -> None:
    """Draw how many more consumers there are, by state."""
    x = paper.put(at.slot, y, f"+{figures.count(len(rest))} more ", "text+bold")
    draw_census(paper, x, at.end, y, rest)


def draw_census(paper: Paper, x: int, end: int, y: int, actors: Sequence[ActorView]) -> int:
    """Draw how many actors are in each state, as far as there is room: at the end without words."""
    for state, number in census(actors):
        text = figures.tally(glyphs.state(state), number, state, end - x)
        if x + len(text) > end:
            break
        x = paper.put(x, y, text, state) + 2
    return x
