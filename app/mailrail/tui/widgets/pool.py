"""The rows of workers that serve classes: what each holds, and what it has put off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.ranks import CLASSES, HIGH, LOW
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import bars, figures, glyphs
from .classes import GLYPHS, ink, sign
from .crew import SHORTER
from .motion import Point
from .paper import Paper
from .work import Work, holders, rules_of, work_of

LEAVING = 8
"""Columns of a finished message on its way out."""

STATE = len(" ● working")
"""Columns of a state beside a name."""


class Hands(NamedTuple):
    """What one worker has in its hands.

    Attributes:
        work: What it is doing.
        group: The class of the message it works on; empty: unknown, or it has none.
        later: What it holds and has not begun, in the order in which it will.
    """

    work: Work
    group: str
    later: Sequence[MessageView]


def hands_of(frame: LabFrame, workers: Sequence[ActorView], queue: QueueView) -> list[Hands]:
    """Return what each of the workers has in its hands, of all queues as one."""
    held, rules = holders(queue), rules_of(frame)
    groups = {m.name: m.group for group in queue.groups for m in group.ready}
    groups |= {message.name: message.group for message in queue.locked}
    found = []
    for actor in workers:
        mine = held.get(actor.name, ())
        work = work_of(actor, mine, queue, rules, frame.view.now)
        name = work.message.partition(" ")[0]
        later = [message for message in mine if message.name != name]
        group = actor.group if name == actor.message else groups.get(name, "")
        found.append(Hands(work, group, later))
    return found


class Columns(NamedTuple):
    """Where the parts of a worker's row begin.

    Attributes:
        slot: What it works on.
        name: Its name.
        state: Its state.
        end: The column after the last.
    """

    slot: int
    name: int
    state: int
    end: int

    def leaves(self, rows: int) -> Point:
        """Say where what is finished sets out: beside the state, or, too tight, in the row below.

        Args:
            rows: Rows of one worker.

        Returns:
            The column, and how many rows below the worker's first one.
        """
        beside = self.state + 10
        if rows == 1 or self.end - beside >= LEAVING:
            return beside, 0
        return self.end - 2 * LEAVING, 1


def columns(slot: int, end: int, crowd: Sequence[Hands]) -> Columns:
    """Make room for the longest message and name, within limits."""
    message = min(max((len(_name(hands)) for hands in crowd), default=3), 8)
    at_name = slot + max(9, message + 7) + 1
    most = max(13, min(20, end - at_name - STATE))
    name = min(max((len(hands.work.actor.name) for hands in crowd), default=8), most)
    return Columns(slot, at_name, at_name + name + 1, end)


def _name(hands: Hands) -> str:
    return hands.work.message.partition(" ")[0]


def draw_hands(
    paper: Paper,
    at: Columns,
    y: int,
    rows: int,
    hands: Hands,
    selected: bool,
    away: Collection[tuple[str, str]],
) -> None:
    """Draw one worker on so many rows, without what is ``away`` on its way to it."""
    work, actor, name = hands.work, hands.work.actor, _name(hands)
    if name and (name, actor.name) not in away:
        chip = "on-dead" if work.hidden else ink(hands.group, "on-")
        text = f"{GLYPHS.get(hands.group, '')} {name} {hands.group}".strip()
        paper.fit(at.slot, y, text, at.name - at.slot - 1, chip)
        paper.zone(y, at.slot, at.name - 1, "message", name)
    elif not name:
        paper.put(at.slot, y, "·" * 3, "lane")
    shade = "selected+bold+underline" if selected else "consumer"
    paper.fit(at.name, y, actor.name, at.state - at.name - 1, shade)
    x = paper.put(at.state, y, f"{glyphs.state(actor.state)} {actor.state}", f"{actor.state}+bold")
    for row in range(rows):
        paper.zone(y + row, at.name if row == 0 else at.slot, at.end, "actor", actor.name)
    if rows == 1:
        _short(paper, x + 1, at.end, y, hands)
        return
    notes = _notes(hands, told=rows == 2)
    notes = _tell(paper, x + 1, at.end, y, notes)
    _tell(paper, _progress(paper, at, y + 1, work, bool(notes)), at.end, y + 1, notes)
    if rows > 2 and hands.later:
        _later(paper, at, y + 2, rows - 2, hands, away)


def _notes(hands: Hands, told: bool) -> list[tuple[str, str]]:
    work = hands.work
    notes = [(SHORTER.get(work.warning, work.warning), "warn+bold")] if work.warning else []
    notes += [(badge, "fault") for badge in work.badges]
    more = max(len(hands.later), work.actor.held - 1)  # a view lists no more than can be shown
    if more > 0 and (told or not hands.later):
        high = sum(CLASSES.get(message.group) == HIGH for message in hands.later)
        also = f", {high} high" if high else ""
        notes.append((f"+{figures.count(more)} held{also}", "held"))
    if work.actor.incarnation > 1:
        notes.append((figures.restarts(work.actor.incarnation), "faint"))
    return notes


def _tell(
    paper: Paper, x: int, end: int, y: int, notes: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Write the notes there is room for; return the others."""
    while notes and x + len(notes[0][0]) <= end:
        text, shade = notes.pop(0)
        x = paper.put(x, y, text, shade) + 1
    return notes


def _short(paper: Paper, x: int, end: int, y: int, hands: Hands) -> None:
    """Tell the most important in what is left of one row."""
    work = hands.work
    notes = _notes(hands, told=True)
    if work.hidden:
        notes.insert(0, (f"hidden {figures.left(work.lock_left)}", "dead+bold"))
    elif work.share or work.actor.takes:
        wide = end - x - sum(len(text) + 1 for text, _ in notes)
        if wide >= 5 and work.message:
            bars.grow(paper, x, y, min(16, wide), work.share, "working")
            x += min(16, wide) + 1
    _tell(paper, x, end, y, notes)


def _progress(paper: Paper, at: Columns, y: int, work: Work, tight: bool) -> int:
    """Draw how far the work has come, or for how long nobody can have the message."""
    if work.hidden:
        text = f"hidden for {figures.left(work.lock_left)} "
        x = paper.fit(at.slot, y, text, at.end - at.slot, "dead+bold")
        wide = min(12, at.end - x - 1)
        return bars.drain(paper, x, y, wide, work.lock_share, "held") + 1 if wide > 2 else x
    if not work.message or not work.actor.message:
        return at.slot
    done = f"{figures.clock(work.elapsed)}/{figures.clock(work.actor.takes)}s"
    wide = max(4, min(40, at.end - at.slot - len(done) - (16 if tight else 2)))
    x = bars.grow(paper, at.slot, y, wide, work.share, "working") + 1
    return paper.put(x, y, done, "text") + 1


def _later(
    paper: Paper, at: Columns, y: int, rows: int, hands: Hands, away: Collection[tuple[str, str]]
) -> None:
    """Draw what a worker has prefetched: the broker's order no longer counts for these."""
    behind = _behind(hands)
    last = y + rows - 1 - (1 if behind and rows > 1 else 0)
    x = paper.put(at.slot, y, "then ", "faint")
    first, left = x, len(hands.later)
    for message in hands.later:
        text = sign(message)
        more = f"+{left} more" if y == last and left > 1 else ""
        if x + len(text) + (len(more) + 1 if more else 0) > at.end:
            if y == last:
                paper.fit(x, y, f"+{left} more", at.end - x, "held+bold")
                break
            x, y = first, y + 1
        if (message.name, hands.work.actor.name) not in away:
            paper.put(x, y, text, ink(message.group, "on-"))
            paper.zone(y, x, x + len(text), "message", message.name)
        x += len(text) + 1
        left -= 1
    if behind and rows > 1:
        paper.fit(at.slot, y + 1, behind, at.end - at.slot, "warn+bold")


def _behind(hands: Hands) -> str:
    """Say which high message waits behind low ones the worker took before."""
    low = 1 if CLASSES.get(hands.group) == LOW else 0
    for message in hands.later:
        if CLASSES.get(message.group) == HIGH:
            return f"{glyphs.WARN} {message.name} high behind {low} low" if low else ""
        low += 1
    return ""
