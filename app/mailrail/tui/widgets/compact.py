"""Queue and consumers in two rows, for where the curves need the room."""

from __future__ import annotations

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import bars, figures, glyphs, graves, motion
from .consuming import choose
from .lane import Lane, put_off
from .motion import Flight, Point
from .paper import Paper, cut, whole
from .plot import Peaks
from .stage import Stage

CELL = (16, 26)
"""Fewest and most columns of one consumer."""

BLOCKED = "blocked"
"""The state of whoever waits for room in a full queue."""


def paint_compact(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the queue in the first row, the consumers in the second."""
    paper = Paper(width, height)
    queue = frame.view.queues[0]
    x = paper.put(_sent(paper, frame, queue), 0, "─▸ ", "lane")
    end = _gone(paper, queue)
    lane = Lane(_flat(x, end, width, height), queue)
    consumers = [a for a in frame.view.actors if a.kind == "consumer" and a.state != "stopped"]
    shown, rest = choose(consumers, frame.selected, max(1, width // CELL[0]))
    cell = max(CELL[0], min(CELL[1], width // max(1, len(shown) + bool(rest))))
    places = {actor.name: index * cell for index, actor in enumerate(shown)}
    flights = _flights(frame, queue, lane, places)
    away = {(message.name, message.owner) for message, _ in flights}
    paper.put(x, 0, "─" * (end - x), "lane")
    lane.draw(paper, away, "")
    for actor in shown:
        _cell(paper, places[actor.name], cell, actor, frame, (actor.message, actor.name) in away)
    if rest:
        text = f"+{figures.count(len(rest))} more"
        paper.put(len(shown) * cell, 1, text, "text+bold")
    for _, flight in flights:
        flight.draw(paper)
    return paper


def _sent(paper: Paper, frame: LabFrame, queue: QueueView) -> int:
    """Tell how many were sent, what keeps the senders, and what is not due yet."""
    senders = [actor for actor in frame.view.actors if actor.kind == "producer"]
    sent = sum(actor.sent for actor in senders)
    x = paper.put(0, 0, f"{glyphs.PRODUCER} sent {figures.count(sent)} ", "producer")
    if any(actor.state == BLOCKED for actor in senders):
        x = paper.put(x, 0, f"{glyphs.state(BLOCKED)} {BLOCKED} ", f"{BLOCKED}+bold")
    for text in put_off(queue):
        x = paper.put(x, 0, f"{text} ", "faint")
    return x


def _gone(paper: Paper, queue: QueueView) -> int:
    """Tell at the right what was never handled, and what is done; return where that begins."""
    end = paper.right(
        paper.width, 0, f"{glyphs.DONE} done {figures.count(queue.completed)}", "done+bold"
    )
    if graves.ended(queue):
        end = paper.right(end - 1, 0, graves.short(queue), "dead+bold")
    return paper.right(end, 0, " ▸─ ", "lane")


def _flat(x: int, end: int, width: int, height: int) -> Stage:
    return Stage(
        width, height, False, (x, 0), (end - 1, 0), (x, 0, end - x, 1), x, x, 1, 1, 1, 1, 2
    )


def _cell(paper: Paper, x: int, wide: int, actor: ActorView, frame: LabFrame, away: bool) -> None:
    here = actor.name == frame.selected
    ink = "selected+bold" if here else actor.state
    sign = glyphs.state(actor.state) + (glyphs.POINTER if here else " ")
    if actor.state != "working" or not actor.message:
        name = cut(actor.name, wide - len(actor.state) - 4)
        text = f"{sign}{name} {actor.state}"
        paper.fit(x, 1, text, wide - 1, ink)
    else:
        at = paper.put(x, 1, sign, ink)
        name = whole(wide - 8 - len(sign), f"{actor.name} ", "")
        at = paper.put(at, 1, name, ink)
        if not away:
            paper.fit(at, 1, actor.message, 6, "on-held")
        share = (frame.view.now - actor.began) / actor.takes if actor.takes else 0.0
        at += min(6, len(actor.message)) + 1
        bars.grow(paper, at, 1, x + wide - 2 - at, share, "working")
    paper.zone(1, x, x + wide - 1, "actor", actor.name)


def _flights(
    frame: LabFrame, queue: QueueView, lane: Lane, places: dict[str, int]
) -> list[tuple[MessageView, Flight]]:
    found: list[tuple[MessageView, Flight]] = []
    if not frame.playing:
        return found
    moves: list[tuple[MessageView, tuple[Point, ...]]] = [
        (message, ((0, 0), lane.place(index)))
        for index, message in enumerate(queue.ready[: len(lane.slots)])
    ]
    moves += [
        (message, (lane.place(0), (places[message.owner] + 2, 1)))
        for message in queue.locked
        if message.owner in places
    ]
    for message, path in moves:
        share = motion.progress(frame, message.moved)
        if share is not None and len(found) < 12:
            found.append((message, Flight(message.name, "on-moving", path, share)))
    return found
