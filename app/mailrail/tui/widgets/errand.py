"""One request: its last call as an arrow, all its calls on a time axis, and a naive client's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.errands import CUT_OFF, LOST, UNANSWERED, CallView, ErrandView

from . import bars, figures, motion
from .bench import Bench
from .motion import Flight
from .paper import Paper, whole

CALLS: Final = {
    "post": "POST", "poll": "GET status", "result": "GET result", "cancel": "DELETE",
    "request": "request",
}  # fmt: skip
MARKS: Final = {"post": "◆", "poll": "●", "result": "✓", "cancel": "□", "request": "◆"}
STATES: Final = {
    "Open": ("○", "waits", "idle"),
    "Replied": ("✓", "done", "done"),
    "TimedOut": ("✗", "timed out", "broken"),
    "Cancelled": ("□", "cancelled", "stopped"),
}
NAIVE: Final = ("┆ a naive client's polls", "┆ naive client", "┆ naive")
"""What a naive client's polls are called, where there is less and less room."""


SEE_OTHER: Final = 303
"""What a poll is answered that is sent on to the result."""
SHAFT: Final = 7
"""Columns of an arrow with its answer, the blanks beside them included."""


class Columns(NamedTuple):
    """Where the parts of a request begin.

    Attributes:
        call: The arrow of its last call.
        status: Its status resource.
        work: Who works on it.
        end: The column after the last.
    """

    call: int
    status: int
    work: int
    end: int


class Words(NamedTuple):
    """What a client is doing about a request.

    Attributes:
        sign: Its sign.
        word: Its word.
        ink: Its ink.
    """

    sign: str
    word: str
    ink: str


def words_of(errand: ErrandView, now: float, pause: float) -> Words:
    """Return what a client is doing; ``pause`` is what it waits between two polls, in seconds."""
    sign, word, ink = STATES.get(errand.state, ("?", errand.state, "text"))
    if errand.state == "Open":
        last = errand.calls[-1] if errand.calls else None
        if last is None or last.status <= UNANSWERED:
            return Words("▸", "no answer", "warn") if last is not None else Words(sign, "asks", ink)
        left = last.answered + pause - now
        return Words(sign, f"next {figures.left(left)}" if left > 0 else word, ink)
    if errand.state == "Replied" and errand.outcome not in ("200", "reply"):
        return Words("✗", errand.outcome, "warn")
    return Words(sign, word, ink)


def draw_errand(
    paper: Paper, at: Columns, y: int, rows: int, frame: LabFrame, errand: ErrandView,
    bench: Bench, inbox: str, span: float, pause: float,
) -> None:  # fmt: skip
    """Draw one request on one to three rows.

    What its client is told comes to ``inbox``; ``span`` is where its time axis ends, in seconds.
    """
    words = words_of(errand, frame.view.now, pause)
    x = paper.put(0, y, errand.request, "producer+bold")
    end = paper.fit(x + 1, y, f"{words.sign} {words.word}", at.call - x - 2, f"{words.ink}+bold")
    paper.zone(y, 0, at.call - 1, "actor", errand.owner)
    if inbox:
        paper.zone(y, x + 1, end, "queue", inbox)
    if errand.strays:
        _ghost(paper, at.call, at.status - 1, y, f"{errand.strays[-1][1]} reply, discarded")
    elif errand.calls:
        _arrow(paper, at.call, at.status - 1, y, errand, frame)
    _status(paper, at, y, errand, bench, rows)
    _worker(paper, at.work, at.end, y, bench, rows)
    if rows > 1:
        naive = f"naive {errand.naive}" if rows == 2 and errand.naive else ""
        wide = at.status - 4 - (len(naive) + 1 if naive else 0)
        paper.right(at.status - 1, y + 1, naive, "faint")
        draw_calls(paper, 2, y + 1, wide, errand, span)
        if rows > 2 and errand.naive:
            draw_naive(paper, 2, y + 2, wide, errand, span, frame.view.now)
            told, room = f"naive client: {errand.naive} polls", at.work - at.status - 1
            told = told if len(told) <= room else f"naive: {errand.naive} polls"
            paper.fit(at.status, y + 2, told, room, "faint")
    _job(paper, at, y + rows - 1, bench, frame)


def _ghost(paper: Paper, x: int, end: int, y: int, text: str) -> None:
    """Draw an answer nobody waited for, as the shadow of an arrow."""
    at = paper.put(x, y, "◂┄┄ ", "faint+bold")
    told = whole(end - at, text, text.partition(",")[0], text.partition(" ")[0])
    paper.fit(at, y, told, end - at, "faint+italic")


def _length(errand: ErrandView, now: float) -> float:
    return (errand.ended if errand.ended >= 0 else now) - errand.asked


def _cell(seconds: float, span: float, wide: int) -> int:
    return max(0, min(wide - 1, int(seconds / span * wide))) if span > 0 else 0


def _called(calls: Sequence[CallView], room: int) -> str:
    """Return the last of some calls in words, and what it came of: it was sent on, or repeated."""
    call = calls[-1]
    word = CALLS.get(call.verb, call.verb)
    short = word.removeprefix("GET ")
    ways = [word, short]
    if len(calls) > 1 and calls[-2].status == SEE_OTHER:
        ways = [f"{SEE_OTHER} {word}", f"{SEE_OTHER} {short}", *ways]
    elif call.again:
        ways = [f"{word} again", *ways]
    return whole(room - SHAFT, *ways, short)


def _arrow(
    paper: Paper, x: int, end: int, y: int, errand: ErrandView, frame: LabFrame
) -> None:  # fmt: skip
    """Draw the last call and what came back, a lost one as a broken arrow."""
    call = errand.calls[-1]
    word = _called(errand.calls, end - x)
    paper.zone(y, x, end, "message", call.name)
    if call.status == CUT_OFF:
        at = paper.fit(x, y, f"{word} ╶╌✗ ", end - x, "fault+bold")
        paper.fit(at, y, "cut off", end - at, "fault")
        return
    at = paper.fit(x, y, f"{word} ", end - x, "text")
    if _flies(paper, at, end, y, call, frame):
        return
    if call.status == LOST:
        paper.fit(at, y, "✗╌╌╴ answer lost" if end - at >= 16 else "✗╌ lost", end - at,
                  "fault+bold")  # fmt: skip
        return
    answer = "" if call.status == UNANSWERED else f" {call.status}"
    line = max(1, end - at - len(answer) - 1)
    ink = "moving" if call.status == UNANSWERED else "lane"
    at = paper.put(at, y, "─" * line + "▸", ink)
    good = "done" if call.status in (200, 202, 303) else "broken"
    paper.put(at, y, answer, f"{good}+bold")


def _flies(paper: Paper, x: int, end: int, y: int, call: CallView, frame: LabFrame) -> bool:
    """Let the call travel there and its answer back, while time passes.

    Returns:
        Whether one of them is on its way; what came of the call is not told before it has come.
    """
    if not frame.playing:
        return False
    there = motion.progress(frame, call.t)
    answered = call.status > 0 or call.status == LOST
    back = motion.progress(frame, call.answered) if answered else None
    at_once = answered and call.answered == call.t
    if there is None and back is None:
        return False
    paper.put(x, y, "─" * max(0, end - x - 1) + "▸", "lane")
    if there is not None and (not at_once or there < 0.5):
        share = there * 2 if at_once else there
        Flight("●", "moving+bold", ((x, y), (end - 1, y)), share).draw(paper)
    elif back is not None:
        share = back * 2 - 1 if at_once else back
        if call.status == LOST:  # half way, and no further
            middle = (x + end) // 2
            Flight(" ✗ ", "on-fault", ((end - 3, y), (middle, y)), share).draw(paper)
        else:
            Flight(f" {call.status} ", "on-moving", ((end - 5, y), (x, y)), share).draw(paper)
    return True


def _status(paper: Paper, at: Columns, y: int, errand: ErrandView, bench: Bench, rows: int) -> None:
    """Draw the status resource: its name and state, and how far the work is."""
    x, end = at.status, at.work - 1
    if bench.job:
        issued = bench.made >= 0
        name = f"/st/{bench.job.removesuffix('-job')}" if issued else bench.job
        ink = "text+bold" if errand.ticket or not issued else "faint"
        paper.zone(y, x, end, "message", bench.job)
        word = f"{bench.sign} {bench.state}"
        name = whole(end - x - len(word) - 1, name, name.removeprefix("/st/"))
        x = paper.fit(x, y, name, end - x - len(word) - 1, ink) + 1
        wide = end - x - len(word) - 1 if rows == 1 else 0
        if wide >= 4 and bench.share >= 0:
            x = bars.grow(paper, x, y, wide, bench.share, bench.ink) + 1
        paper.fit(x, y, word, end - x, f"{bench.ink}+bold")
    if rows < 2:
        return
    told = f"polls {errand.polls}" if errand.ticket else ""
    wide = min(28, end - at.status - len(told) - 1)
    x = at.status
    if bench.share >= 0 and wide >= 4:
        x = bars.grow(paper, x, y + 1, wide, bench.share, bench.ink) + 1
    elif bench.forsaken:
        x = paper.fit(x, y + 1, "nobody at it", wide, "dead") + 1
    paper.fit(x, y + 1, told, end - x, "text")


def _worker(paper: Paper, x: int, end: int, y: int, bench: Bench, rows: int) -> None:
    """Draw who works on it, and how long the lease lasts."""
    at = x
    if bench.actor:
        paper.zone(y, x, end, "actor", bench.actor)
        at = paper.fit(x, y, f"{bench.actor} ", end - x, "consumer")
    paper.fit(at, y, bench.doing, end - at, f"{bench.tone}+bold")
    if rows < 2:
        return
    if bench.forsaken:
        word, ink = f"hidden {figures.left(bench.left)}", "dead"
    else:
        word, ink = f"{bench.told} " if bench.told else "", "held"
    at = paper.fit(x, y + 1, word, end - x, "dead+bold" if bench.forsaken else "text")
    left = "" if bench.forsaken else figures.left(bench.left)
    wide = min(12, end - at - len(left) - 2)
    if bench.left > 0 and wide >= 3:
        at = bars.drain(paper, at + bench.forsaken, y + 1, wide, bench.lease, ink) + 1
        paper.fit(at, y + 1, left, end - at, "held+bold")


def _job(paper: Paper, at: Columns, y: int, bench: Bench, frame: LabFrame) -> None:
    """Let the job travel to whoever does it, and what became of it back, behind the words."""
    if not frame.playing or bench.made < 0:
        return
    there = motion.progress(frame, bench.made)
    back = motion.progress(frame, bench.over) if bench.over >= 0 else None
    way = ((at.status, y), (at.end - 5, y))
    if there is not None:
        Flight(" job ", "on-moving", way, there).draw(paper, behind=True)
    elif back is not None:
        Flight(f" {bench.sign} ", "on-done" if bench.sign == "✓" else "on-warn",
               (way[1], way[0]), back).draw(paper, behind=True)  # fmt: skip


def legend_of(errands: Sequence[ErrandView], width: int, *, naive: bool) -> str:
    """Return what the signs on the time axes mean: those there are, as far as there is room.

    Args:
        errands: The requests that are drawn.
        width: Columns.
        naive: Whether the polls of a naive client are drawn.
    """
    words = ["◆ asked"]
    if any(call.status in (LOST, CUT_OFF) for each in errands for call in each.calls):
        words.append("✗ lost")
    if any(each.ticket for each in errands):
        words += ["● poll", "✓ result"]
    if any(each.strays for each in errands):
        words.append("◂ late reply")
    told = "  ".join(words)
    fit = [f"{told}  {name}" for name in NAIVE if len(told) + len(name) + 2 <= width]
    return fit[0] if naive and fit and any(each.naive for each in errands) else told


def draw_naive(
    paper: Paper, x: int, y: int, wide: int, errand: ErrandView, span: float, now: float
) -> int:  # fmt: skip
    """Draw the polls of a client that asks all the time, on the same axis; return where it ends."""
    return paper.put(x, y, "┆" * (1 + _cell(_length(errand, now), span, wide)), "faint")


def draw_calls(paper: Paper, x: int, y: int, wide: int, errand: ErrandView, span: float) -> None:
    """Draw every call where it was made, on an axis that begins when the client asked."""
    for call in errand.calls:
        cell = x + _cell(call.t - errand.asked, span, wide)
        lost = call.status in (LOST, CUT_OFF)
        mark = "✗" if lost else MARKS.get(call.verb, "●")
        ink = "fault" if lost else "done" if mark == "✓" else "producer" if mark == "◆" else "ready"
        paper.put(cell, y, mark, f"{ink}+bold")
    for t, _ in errand.strays:
        paper.put(x + _cell(t - errand.asked, span, wide), y, "◂", "faint+bold")
