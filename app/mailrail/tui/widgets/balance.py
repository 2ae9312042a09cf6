"""The sum at the foot of the conveyor: whatever went in is somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame

from . import figures, glyphs
from .haulage import haulage
from .paper import Paper, Span
from .stations import Station, measured

LISTED: Final = 256
"""Messages under a lock that a view lists at most."""


def balance(frame: LabFrame, stations: Sequence[Station], *, brief: bool = False) -> list[Span]:
    """Return the sum in words: ``20 in = 6 out + 12 in pipes + 2 in filters``.

    What is in two places at once is told as copies, what is nowhere as lost. A ``brief`` sum
    calls what is in pipes waiting, and what is in filters held.
    """
    piped, filtered = ("wait", "held") if brief else ("in pipes", "in filters")
    came = int(measured(frame, "items_in") or 0)
    out = int(measured(frame, "items_out") or 0)
    pipes = frame.view.queues
    waiting = sum(queue.depth + queue.scheduled + queue.deferred for queue in pipes)
    working = sum(len(queue.locked) for queue in pipes)
    if any(len(queue.locked) >= LISTED for queue in pipes):
        working = sum(actor.held for actor in frame.view.actors)
    ends = (
        (sum(queue.dead_count for queue in pipes), "dead"),
        (sum(queue.shelved_count for queue in pipes), "put away"),
        (sum(queue.dropped_count for queue in pipes), "dropped"),
        (sum(queue.expired for queue in pipes), "expired"),
    )
    odd = out + waiting + working + sum(number for number, _ in ends) - came
    spans: list[Span] = [
        (f"{figures.count(came)} in", "text+bold"),
        (" = ", "faint"),
        (f"{figures.count(out)} out", "done+bold"),
        (" + ", "faint"),
        (f"{figures.count(waiting)} {piped}", "ready"),
        (" + ", "faint"),
        (f"{figures.count(working)} {filtered}", "held"),
    ]
    for number, word in ends:
        if number:
            text = f"{glyphs.DEAD} {figures.count(number)} {word}"
            spans += [(" + ", "faint"), (text, "dead+bold")]
    if odd > 0:
        word = "copy" if odd == 1 else "copies"
        spans += [(" − ", "faint"), (f"{figures.count(odd)} {word}", "warn+bold")]
    elif odd < 0:
        spans += [(" + ", "faint"), (f"{figures.count(-odd)} lost", "broken+bold")]
    twice = int(measured(frame, "published_twice") or 0)
    kept = int(measured(frame, "duplicates_dropped") or 0)
    passed = int(measured(frame, "passed_through") or 0)
    if passed:
        spans += [("   ", "faint"), (f"{glyphs.PASSED} {passed} passed through", "warn+bold")]
    if twice:
        spans += [("   ", "faint"), (f"{glyphs.BROKEN} published twice {twice}", "broken+bold")]
    if kept:
        spans += [("   ", "faint"), (f"{glyphs.DONE} {kept} kept out", "done+bold")]
    return spans


def draw_balance(paper: Paper, y: int, frame: LabFrame, stations: Sequence[Station]) -> int:
    """Draw the faults that are on, then the sum; where both have no room, faults are shortened.

    Returns:
        The column after what was drawn.
    """
    x, spans = 0, balance(frame, stations)
    room = paper.width - sum(len(text) for text, _ in spans)
    for fault in frame.view.faults:
        target = f" {fault.target}" if fault.target else ""
        text = f"{glyphs.FAULT} {fault.name}{target} {fault.amount}".rstrip()
        if x + len(text) + 2 > room:
            text = f"{glyphs.FAULT} {fault.name}"
        if x + len(text) < paper.width // 3:
            x = paper.put(x, y, text, "fault+bold") + 2
    sign: Span = ("", "faint")
    if x + sum(len(text) for text, _ in spans) > paper.width:
        spans = balance(frame, stations, brief=True)
    for text, ink in spans:
        if not any(map(str.isalnum, text)):
            sign = (text, ink)
            continue
        if x + len(sign[0]) + len(text) > paper.width:
            paper.fit(x, y, f"{sign[0]}…", paper.width - x, "faint")  # the sum goes on
            break
        x = paper.put(x, y, *sign)
        x = paper.put(x, y, text, ink)
    for hauled in haulage(frame):
        if x + sum(len(text) for text, _ in hauled) <= paper.width:
            for text, ink in hauled:
                x = paper.put(x, y, text, ink)
            break
    return x
