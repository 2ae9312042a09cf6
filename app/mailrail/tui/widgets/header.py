"""The line at the top: what runs, where its clock stands, and whether time passes."""

from __future__ import annotations

from mailrail.frames import LabFrame

from . import figures
from .canvas import Canvas
from .paper import Paper, cut

DIGITS = 8
"""Hexadecimal digits of the digest that are shown."""


def state_of(frame: LabFrame) -> tuple[str, str]:
    """Return in words whether time passes, and the ink for it."""
    if frame.rewound:
        return ("REWOUND, playing" if frame.playing else "REWOUND"), "warn+bold"
    if frame.playing:
        return "▸ playing", "working"
    return "‖ paused", "paused+bold"


def paint_header(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw title, clock, speed and state; then seed, forks and digest as far as there is room."""
    paper = Paper(width, height)
    state, ink = state_of(frame)
    clock = f"t {figures.clock(frame.view.now)} s"
    total = f" / {figures.short(frame.duration)} s"
    parts = [[(clock, "text+bold"), (total, "faint")], [(state, ink)]]
    if frame.speed != 1:
        parts.insert(1, [(figures.times(frame.speed), "note")])
    extras = [[("seed ", "faint"), (str(frame.seed), "text")]]
    if frame.forks:
        extras.insert(0, [("fork ", "faint"), (str(frame.forks), "note")])
    if frame.digest:
        extras.append([("digest ", "faint"), (frame.digest[:DIGITS], "text")])
    if frame.speed == 1:
        extras.append([("×1", "faint")])
    title = min(len(frame.title), max(12, width // 4))
    for extra in extras:
        if title + sum(_length(part) + 3 for part in (*parts, extra)) + 2 <= width:
            parts.append(extra)
    x = width - 1
    for index, part in enumerate(reversed(parts)):
        if index:
            x -= 3
            paper.put(x, 0, " · ", "lane")
        for text, part_ink in reversed(part):
            x = paper.right(x, 0, text, part_ink)
    paper.put(1, 0, cut(frame.title, x - 3), "text+bold")
    return paper


def _length(part: list[tuple[str, str]]) -> int:
    return sum(len(text) for text, _ in part)


class Header(Canvas):
    """Title, clock, speed, state, seed, forks and digest in one row."""

    DEFAULT_CSS = """
    Header { height: 1; background: $panel; color: $foreground; }
    """

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the header."""
        return paint_header(frame, width, height)
