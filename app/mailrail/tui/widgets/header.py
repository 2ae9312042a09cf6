"""The line at the top: what runs, where its clock stands, and whether time passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message

from mailrail.frames import LabFrame
from mailrail.narration import clock
from mailrail.speeds import told

from ..actions import LAB, Act
from ..keymap import key_of
from . import figures
from .canvas import Canvas
from .glyphs import FAULT, PARTING
from .paper import Paper, Span, columns, cut, whole

DIGITS = 8
"""Hexadecimal digits of the digest that are shown."""

PRESSING = frozenset({"inject", "other_future"})
"""What of the rest is worth more than a whole title: faults and forks."""


def state_of(frame: LabFrame, acts: Sequence[Act]) -> Part:
    """Return in words whether time passes, or what is waited for."""
    if frame.underway:
        key = key_of(acts, "step_out")
        told = f"… {frame.underway} ({key}: give up)"
        return Part(((told, "warn+bold"),), "step_out")
    if frame.rewound:
        told = "REWOUND, playing" if frame.playing else "REWOUND"
        return Part(((told, "warn+bold"),), "play_pause")
    if frame.playing:
        return Part((("▸ playing", "working"),), "play_pause")
    return Part((("‖ paused", "paused+bold"),), "play_pause")


def faults_on(frame: LabFrame, room: int) -> str:
    """Return which faults are on, by name where there is room for that, else how many."""
    faults = frame.view.faults
    names = ", ".join(f"{fault.name} {fault.target}".rstrip() for fault in faults)
    short = ", ".join(dict.fromkeys(fault.name for fault in faults))
    count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'} on"
    tries = (f"{names} on", f"{short} on", count, f"{len(faults)} on")
    return f"{FAULT} {whole(room - len(FAULT) - 1, *tries)}"


def pending(frame: LabFrame, room: int) -> str:
    """Return which faults wait for their next occurrence, and how often, else how many do."""
    waiting = frame.view.pending
    names = (
        f"{each.name} {each.target}".rstrip() + (f" ×{each.left}" if each.left > 1 else "")
        for each in waiting
    )
    tries = f"{', '.join(names)} pending", f"{len(waiting)} pending"
    return f"{FAULT} {whole(room - len(FAULT) - 1, *tries)}"


class Part(NamedTuple):
    """A part of the line.

    Attributes:
        spans: What is written.
        action: What a click on it does, as Textual writes actions; empty: nothing.
    """

    spans: tuple[Span, ...]
    action: str = ""

    @property
    def length(self) -> int:
        """Columns it takes."""
        return sum(columns(text) for text, _ in self.spans)


def parted(time: float, now: float) -> tuple[str, ...]:
    """Say where two runs part, seen from an instant, in seconds; at length and shorter."""
    at, apart = clock(time), clock(abs(time - now))
    if now < time:
        found = f"they part at {at}, in {apart}", f"part at {at}, in {apart}", f"part at {at}"
    elif now == time:
        found = f"they part here, at {at}", "they part here", f"part at {at}"
    else:
        found = f"they parted at {at}, {apart} ago", f"parted {apart} ago", f"parted at {at}"
    return tuple(f"{PARTING} {each}" for each in found)


def paint_header(
    frame: LabFrame,
    width: int,
    height: int,
    said: Sequence[str] = (),
    acts: Sequence[Act] = LAB,
) -> Paper:
    """Draw title, clock, speed and state; then seed, forks and digest as far as there is room.

    Args:
        frame: The run.
        width: Columns.
        height: Rows.
        said: What is said of it and another one, at length and shorter; none: it is alone.
        acts: What can be done on the screen.
    """
    paper = Paper(width, height)
    here = f"t {figures.clock(frame.view.now)} s"
    total = f" / {figures.short(frame.duration)} s"
    parts = [
        Part(((here, "text+bold"), (total, "faint")), "seek"),
        state_of(frame, acts),
    ]
    if frame.speed != 1:
        parts.insert(1, Part(((told(frame.speed), "note"),), "full_speed"))
    named = columns(frame.title)
    title = min(named, max(12, width // 4))

    def room(least: int) -> int:
        """Return the columns for one more part beside so many of the title."""
        return width - least - sum(part.length + 3 for part in parts) - 5

    fits = whole(room(title), *said, "")
    if fits:
        parts.insert(0, Part(((fits, "warn+bold" if fits[0] == PARTING else "done"),), "part"))
    extras = [Part((("seed ", "faint"), (str(frame.seed), "text")), "new_seed")]
    if frame.forks:
        extras.insert(0, Part((("fork ", "faint"), (str(frame.forks), "note")), "other_future"))
    if frame.view.faults:
        parts.append(Part(((faults_on(frame, room(title)), "fault+bold"),), "inject"))
    if frame.view.armed:
        extras.insert(0, Part(((f"{FAULT} {len(frame.view.armed)} armed", "fault"),), "inject"))
    if frame.view.pending:
        extras.insert(0, Part(((pending(frame, room(title)), "fault"),), "inject"))
    if frame.digest:
        extras.append(Part((("digest ", "faint"), (frame.digest[:DIGITS], "text")), "copy"))
    if frame.speed == 1:
        extras.append(Part((("×1", "faint"),), "full_speed"))
    for extra in extras:
        least = title if extra.action in PRESSING else named
        if extra.length <= room(least):
            parts.append(extra)
    x = width - 1
    for index, part in enumerate(reversed(parts)):
        if index:
            x -= 3
            paper.put(x, 0, " · ", "lane")
        end = x
        for text, part_ink in reversed(part.spans):
            x = paper.right(x, 0, text, part_ink)
        paper.zone(0, x, end, "action", part.action)
    paper.put(1, 0, cut(frame.title, x - 3), "text+bold")
    return paper


class Header(Canvas):
    """Title, clock, speed, state, seed, forks and digest in one row."""

    DEFAULT_CSS = """
    Header { height: 1; background: $panel; color: $foreground; }
    """

    class Asked(Message):
        """A person clicked a part.

        Attributes:
            action: What that stands for, as Textual writes actions.
        """

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the header."""
        return paint_header(frame, width, height, acts=self.screen_acts)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what a click would do."""
        zone = self.zone_at(event.x, event.y)
        told = {act.action: act.about for act in self.screen_acts}
        self.tooltip = told.get(zone.name) if zone is not None else None

    def take(self, kind: str, name: str) -> None:
        """Post :class:`Asked`."""
        self.post_message(self.Asked(name))


class SharedHeader(Header):
    """The line above two runs, which says where they part as well."""

    DEFAULT_CSS = """
    SharedHeader { height: 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._said: Sequence[str] = ()

    def tell(self, frame: LabFrame, said: Sequence[str]) -> None:
        """Show a frame of the run on the left, and what is said of both."""
        self._said = said
        self.show(frame)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the header."""
        return paint_header(frame, width, height, self._said, self.screen_acts)
