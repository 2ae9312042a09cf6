"""The picture of asynchronous request-reply: who asks, the ticket, and who works on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.projections.errands import ErrandView, JobView
from mailrail_patterns.views import ActorView, QueueView

from . import crew, figures, glyphs
from .bench import Bench, bench_of, scene_of
from .errand import Columns, draw_calls, draw_errand, draw_naive, legend_of, words_of
from .hands import Hands
from .paper import Paper, cut
from .plot import Peaks
from .shelves import draw_tables

AXIS = 12.0
"""The time axis of the calls ends at a multiple of so many seconds."""

SELDOM = (
    "orphans", "duplicate_answers", "double_charges", "lost_answers", "wasted_work", "expired",
    "dead_lettered",
)  # fmt: skip
"""Sums that are told only if there is something to tell."""

TICKETS = ("polls", "naive_polls", "jobs", "keys")
"""Sums that mean nothing where answers come by a queue."""

WIDE = 70
"""Columns from which client, status and worker stand side by side."""


def paint_polls(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    paper = Paper(width, height)
    if width < 8 or height < 1:
        return paper
    scene = scene_of(frame)
    jobs = {job.ticket: job for job in scene.jobs}
    foot = height - 1 if height >= 3 else height
    if width < WIDE or height < 5:
        _list(paper, frame, scene.errands, jobs, foot)
    else:
        _side_by_side(paper, frame, scene.errands, jobs, foot)
    if foot < height:
        _foot(paper, foot, frame)
    return paper


def columns_of(width: int) -> Columns:
    """Share the width out: a third for the calls, the rest for status and worker."""
    spare = width - WIDE
    call = 15 + min(6, spare // 3)
    status = call + 17 + min(24, spare // 4)
    work = status + 19 + min(30, spare // 3)
    return Columns(call, status, work, width)


def chosen(errands: Sequence[ErrandView], most: int) -> list[ErrandView]:
    """Return the requests that are drawn: open ones first, then what ended last; in order."""
    ranked = sorted(errands, key=lambda each: (each.ended >= 0, -max(each.ended, each.asked)))
    kept = {each.request for each in ranked[: max(0, most)]}
    return [each for each in errands if each.request in kept]


def axis_of(errands: Sequence[ErrandView], now: float) -> float:
    """Return where the time axis of all requests that are drawn ends, in seconds."""
    spans = [(each.ended if each.ended >= 0 else now) - each.asked for each in errands]
    return AXIS * math.ceil(max([1.0, *spans]) / AXIS)


def pause_of(frame: LabFrame) -> float:
    """Return what a client waits between two polls, in seconds."""
    settings = dict(frame.view.settings)
    name = "retry_after" if settings.get("heed_retry_after", "on") == "on" else "naive_poll"
    return figures.seconds_of(settings.get(name, "")) or 0.0


def _side_by_side(
    paper: Paper, frame: LabFrame, errands: Sequence[ErrandView], jobs: dict[str, JobView],
    foot: int,
) -> None:  # fmt: skip
    at = columns_of(paper.width)
    top = _heads(paper, at, frame)
    room = foot - top
    active = sum(1 for each in errands if each.ended < 0)
    rows = 2 if room >= 4 and active <= room // 2 else 1
    if room >= 12 and 4 * max(active, min(max(len(errands), 1), 4)) <= room:
        rows = 3
    gap = 1 if rows == 3 else 0
    shown = chosen(errands, room // (rows + gap))
    now = frame.view.now
    span = axis_of(shown, now)
    y, pause, hands = top, pause_of(frame), Hands(frame)
    for errand in shown:
        bench = bench_of(hands, errand, jobs)
        inbox = hands.inbox(errand.owner)
        draw_errand(paper, at, y, rows, frame, errand, bench, inbox, span, pause)
        y += rows + gap
    if not shown:
        paper.fit(0, top, "nobody has asked for anything yet", paper.width, "faint+italic")
    elif y < foot and rows > 1:
        legend = legend_of(shown, paper.width, naive=rows == 3)
        paper.fit(0, foot - 1, legend, paper.width, "faint")
    draw_tables(paper, frame, y, foot - 1)


def _heads(paper: Paper, at: Columns, frame: LabFrame) -> int:
    """Draw who takes part, each with its state; return the row below."""
    view = frame.view
    asking = [a for a in view.actors if a.kind == "producer"]
    answering = [a for a in view.actors if a.role == "api"]
    working = [a for a in view.actors if a.role in ("worker", "replier")]
    queues = {queue.name: queue for queue in view.queues}
    depth = {name: queue.depth for name, queue in queues.items()}
    _head(paper, 0, at.status - 1, "CLIENTS", asking, frame, depth.get("api", 0), queues.get("api"))
    calls = queues.get("api" if answering else "requests")
    title = "API · STATUS" if answering else "REQUESTS"
    _head(paper, at.status, at.work - 1, title, answering, frame, 0, calls)
    own = [queues[name] for name in map(own_of, working) if name in queues]
    waiting = sum(each.depth for each in own) + depth.get("jobs", 0) + depth.get("requests", 0)
    shared = queues.get("jobs" if answering else "requests")
    tasks = max(own, key=lambda each: each.depth, default=shared)
    _head(paper, at.work, at.end, "WORKERS", working, frame, waiting, tasks)
    if all(actor.state == "stopped" for actor in working):
        paper.fit(at.work, 1, "nobody works", at.end - at.work, "warn+bold")
    down = [f"{glyphs.FAULT} {fault.name} {fault.target}".rstrip() for fault in view.faults]
    if down:  # where it covers nobody, if there is such a place
        text = f" {'  '.join(down)} "
        ends = (at.end, at.work - 1, at.status - 1)
        clear = (end for end in ends if paper.clear(end - len(text), 0, len(text)))
        paper.right(next(clear, at.end), 0, text, "fault+bold")
    return 3 if paper.height >= 14 else 2


def _head(
    paper: Paper, x: int, end: int, title: str, actors: Sequence[ActorView], frame: LabFrame,
    waiting: int, queue: QueueView | None,
) -> None:  # fmt: skip
    """Draw a column's title, how many wait there, and who is there; the title is its queue."""
    at = paper.fit(x, 0, title, end - x, "text+bold")
    if waiting:
        at = paper.fit(at + 1, 0, f"{figures.count(waiting)} in line", end - at - 1, "ready")
    if queue is not None:
        paper.zone(0, x, at, "queue", queue.name)
    present = [actor for actor in actors if actor.state != "stopped"]
    wide, even = end - x, (end - x) // max(1, len(present))
    needs = [len(f"{actor.name} {_word(actor)}") + 3 for actor in present]  # a blank behind each
    fits = sum(needs) - 1 <= wide
    if present and not fits and even < 16:
        crew.draw_census(paper, x, end, 1, present)
        return
    spare = sum(needs) + len(needs) - 2 <= wide
    left, room = x, 0
    for actor, need in zip(present, needs, strict=True):
        left, room = left + room, need + spare if fits else even
        mark = "selected+bold+underline" if actor.name == frame.selected else "consumer"
        spot = paper.fit(left, 1, f"{glyphs.state(actor.state)} ", room, f"{actor.state}+bold")
        spot = paper.fit(spot, 1, actor.name, left + room - spot - 1, mark)
        paper.fit(spot + 1, 1, _word(actor), left + room - spot - 1 - (not fits),
                  f"{actor.state}+bold")  # fmt: skip
        paper.zone(1, left, left + room - 1, "actor", actor.name)
        if any(each.name == own_of(actor) for each in frame.view.queues):
            paper.zone(1, spot + 1, left + room - 1, "queue", own_of(actor))


def own_of(actor: ActorView) -> str:
    """Return the name of the queue to which requests for one replier alone come."""
    return f"{actor.name}-requests"


def _word(actor: ActorView) -> str:
    return f"dies at {actor.armed}" if actor.armed else actor.state


def _list(
    paper: Paper, frame: LabFrame, errands: Sequence[ErrandView], jobs: dict[str, JobView],
    foot: int,
) -> None:  # fmt: skip
    """Draw a row a request where there is little room, and its calls below if there is more."""
    shown, now = chosen(errands, foot), frame.view.now
    rows = min(4, foot // max(1, len(shown)))
    span, wide = axis_of(shown, now), paper.width - 3
    pause, hands = pause_of(frame), Hands(frame)
    for index, errand in enumerate(shown):
        y = index * rows
        if rows > 1:
            draw_calls(paper, 2, y + 1, wide, errand, span)
        if rows > 2 and errand.naive:
            end = draw_naive(paper, 2, y + 2, wide, errand, span, now)
            paper.put(end + 1, y + 2, f"naive {errand.naive}", "faint")
        bench = bench_of(hands, errand, jobs)
        words = words_of(errand, now, pause)
        x = paper.fit(0, y, f"{errand.request} ", paper.width, "producer+bold")
        told, x = x, paper.fit(x, y, f"{words.sign} {words.word}  ", paper.width - x,
                               f"{words.ink}+bold")  # fmt: skip
        x = paper.fit(x, y, _brief(bench), paper.width - x, f"{bench.ink}+bold") + 1
        if errand.ticket:
            polls = f"polls {errand.polls}"
            if len(polls) <= paper.width - x:
                x = paper.put(x, y, polls, "faint") + 2
        working = f"{bench.actor} {bench.told}" if bench.actor else ""
        if len(working) <= paper.width - x:
            paper.right(paper.width, y, working, "consumer")
        paper.zone(y, 0, paper.width, "actor", errand.owner)
        if inbox := hands.inbox(errand.owner):
            paper.zone(y, told, min(paper.width, told + len(words.word) + 2), "queue", inbox)
    if rows > 1 and rows * len(shown) < foot:
        legend = legend_of(shown, paper.width, naive=False)
        paper.fit(0, foot - 1, legend, paper.width, "faint")
    if not shown and foot:
        paper.fit(0, 0, "nobody has asked for anything yet", paper.width, "faint+italic")


def _brief(bench: Bench) -> str:
    holds = f" {bench.doing}" if bench.told == "nobody works on it" else ""
    return f"{bench.sign} {bench.state}{holds} " if bench.state else ""


def _foot(paper: Paper, y: int, frame: LabFrame) -> None:
    """Tell the sums: what is open, what came in vain, what was paid for twice."""
    values = {row.name: row.value for row in frame.metrics}
    replies = dict(frame.view.settings).get("style") == "reply-queue"
    parts = [
        ("open", "open", "text+bold"), ("late", "late", "warn+bold"),
        ("duplicate", "duplicate_answers", "warn+bold"), ("orphans", "orphans", "warn+bold"),
        ("expired", "expired", "warn+bold"), ("dead", "dead_lettered", "dead+bold"),
        ("timeouts", "timeouts", "broken+bold"), ("lost", "lost_answers", "fault+bold"),
        ("wasted", "wasted_work", "warn+bold"), ("charged twice", "double_charges", "broken+bold"),
        ("polls", "polls", "text+bold"), ("naive", "naive_polls", "faint"),
        ("jobs", "jobs", "text+bold"), ("keys", "keys", "text+bold"),
    ]  # fmt: skip
    x = 0
    for word, name, ink in parts:
        value = values.get(name, "0")
        nothing = value in ("0", "0 s")
        if nothing and (name in SELDOM or (replies and name in TICKETS)):
            continue
        if x + len(word) + len(value) + 1 > paper.width:
            break
        x = paper.put(x, y, f"{word} ", "faint")
        x = paper.put(x, y, value, "text" if value == "0" else ink) + 2
    if x == 0:
        paper.fit(0, y, cut(f"open {values.get('open', '0')}", paper.width), paper.width, "faint")


__all__ = ["chosen", "columns_of", "paint_polls", "pause_of"]
