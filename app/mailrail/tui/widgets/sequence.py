"""A sequence diagram: a lifeline for each place, time from top to bottom, arrows between them."""

from __future__ import annotations

from typing import Final

from mailrail.journey import Journey, Step

from . import glyphs
from .paper import Paper, cut, whole

CLOCK: Final = 9
"""Columns of the times on the left."""

NARROWEST: Final = 11
"""Columns between two lifelines below which ``completed`` would be cut."""


def fitting(width: int) -> int:
    """Return how many lifelines fit."""
    return max(2, (width - CLOCK - 2) // NARROWEST)


def slid(journey: Journey, width: int, left: int, here: int) -> int:
    """Return the first place to be shown, so that both ends of the step ``here`` are in sight.

    Args:
        journey: The journey.
        width: Columns of the diagram.
        left: The place that was the first so far; it stays as long as it can.
        here: The step under the cursor.
    """
    step, most = journey.steps[here], fitting(width)
    at = [i for i, place in enumerate(journey.places) if place in (step.source, step.target)]
    if not at or at[-1] - at[0] >= most:
        return min(left, max(0, len(journey.places) - most))
    return max(min(left, at[0]), at[-1] - most + 1, 0)


def lifelines(journey: Journey, width: int, left: int) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the places that fit from ``left`` on, and the column of each lifeline."""
    room = max(1, width - CLOCK - 2)
    shown = journey.places[left : left + fitting(width)]
    pitch = max(NARROWEST, room // max(1, len(shown)))
    return shown, {place: CLOCK + pitch // 2 + index * pitch for index, place in enumerate(shown)}


def called(place: str, room: int) -> str:
    """Return the name of a place in so many columns; of an actor the number is not cut off."""
    name, dash, number = place.rpartition("-")
    if len(place) <= room or not number.isdigit() or room < len(number) + 4:
        return cut(place, room)
    return f"{cut(name, room - len(number) - 1)}{dash}{number}"


def paint_sequence(
    journey: Journey, width: int, height: int, first: int, here: int, left: int = 0
) -> Paper:
    """Draw the steps from the ``first`` on; the one under the cursor, ``here``, stands out.

    Args:
        journey: The journey.
        width: Columns of the diagram.
        height: Its rows.
        first: The step drawn first.
        here: The step under the cursor.
        left: The place drawn first; what lies to either side of those that fit is hinted at.
    """
    paper = Paper(width, height)
    shown, columns = lifelines(journey, width, left)
    pitch = (width - CLOCK - 2) // max(1, len(shown))
    for place, x in columns.items():
        name = called(place, max(4, pitch - 1))
        paper.put(max(0, x - len(name) // 2), 0, name, "text+bold")
    if left:
        paper.put(0, 0, f"◂ {left} more", "note")
    if rest := len(journey.places) - left - len(shown):
        paper.right(width, 0, f" +{rest}▸", "note")
    for y, index in enumerate(range(first, len(journey.steps)), 1):
        if y >= height:
            break
        for x in columns.values():
            paper.put(x, y, "│", "lane")
        _step(paper, y, journey.steps[index], columns, current=index == here)
        paper.zone(y, 0, width, "event", str(journey.steps[index].n))
    return paper


def _step(paper: Paper, y: int, step: Step, columns: dict[str, int], *, current: bool) -> None:
    _, ink = glyphs.TONES[step.tone]
    ink = "text" if ink == "faint" else ink
    pointer = glyphs.POINTER if current else " "
    paper.put(0, y, f"{pointer}{step.t:>6.2f}s", "selected+bold" if current else "faint")
    left, right = columns.get(step.source), columns.get(step.target)
    if left is None or right is None:
        to = f"{glyphs.POINTER} {step.target}: {step.label}"
        room = paper.width - CLOCK
        told = whole(room, f"{step.source} {to}", to, f"{step.source}: {step.label}", step.label)
        paper.fit(CLOCK, y, told, room, ink)
        return
    strong = f"{ink}+bold" if current else ink
    if left == right:
        paper.put(left, y, "●", strong)
        if left + 2 + len(step.label) <= paper.width:
            paper.put(left + 2, y, step.label, strong)
        else:  # before its lifeline, where the edge would cut it
            paper.right(left - 1, y, cut(f" {step.label}", left - 1 - CLOCK), strong)
        return
    start, end = min(left, right), max(left, right)
    paper.put(start + 1, y, "─" * (end - start - 1), strong)
    paper.put(left, y, "├" if left < right else "┤", strong)
    paper.put(end - 1 if left < right else start + 1, y, "▸" if left < right else "◀", strong)
    room = end - start - 2  # beside the point of the arrow; a long word takes its shaft too
    label = cut(step.label, max(0, room if len(step.label) > room - 3 else room - 3))
    first = start + (1 if left < right else 2)
    paper.put(first + max(0, room - len(label)) // 2, y, label, strong)
