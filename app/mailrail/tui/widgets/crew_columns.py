"""Those who work on a state store, in four columns: schedulers, agents, remote, supervisors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import number_of, role_of
from mailrail_patterns.projections.supervised import CallView, StoreView, WatchView
from mailrail_patterns.views import ActorView, QueueView

from . import bars, figures, glyphs
from .paper import Paper
from .store_rows import Rules
from .store_ways import TASKS_OF

COLUMNS: Final = (
    ("scheduler", "SCHEDULERS"),
    ("agent", "AGENTS"),
    ("remote", "REMOTE"),
    ("supervisor", "SUPERVISORS"),
)
LEADS: Final = "★"
QUIET: Final = 2.5
"""Seconds for which an agent's silence is shown."""
SHORT: Final = {"scheduler": "sched", "supervisor": "super"}
DOWN: Final = frozenset({"crashed", "paused", "stopping", "stopped"})


class Told(NamedTuple):
    """One line of a column.

    Attributes:
        text: What it says, in words that get fewer; the first that fit are drawn.
        ink: How.
        actor: The actor it is about; empty: it goes on about the one above.
        share: Of a bar behind the text, how much is full; below 0: no bar.
        drains: Whether the bar runs out rather than fills.
        message: The message it is about; empty: none.
        answers: The queue of what it alone is told, at the end of the line if there is any.
        tasks: The queue of the tasks it alone may take; how many wait is behind its words.
    """

    text: tuple[str, ...]
    ink: str
    actor: str = ""
    share: float = -1.0
    drains: bool = False
    message: str = ""
    answers: QueueView | None = None
    tasks: QueueView | None = None


def members(frame: LabFrame, role: str) -> list[ActorView]:
    """Return the actors of a role that have not left."""
    return [a for a in frame.view.actors if a.role == role and a.state != "stopped"]


def lines_of(frame: LabFrame, store: StoreView, role: str, rules: Rules) -> list[Told]:
    """Return what a column says, one entry a line."""
    crew = members(frame, role)
    queues = {queue.name: queue for queue in frame.view.queues}
    if role == "scheduler":
        wrong = _wrong_clocks(frame, crew)
        return [
            _scheduler(actor, store, wrong.get(actor.name, ""))._replace(
                answers=queues.get(actor.name)
            )
            for actor in crew
        ] or [_nobody("no scheduler")]
    if role == "agent":
        found = []
        for actor in crew:
            own = queues.get(f"{TASKS_OF}{actor.name}")
            told = _agent(actor, store, frame.view.now, own.depth if own else 0)
            found.append(told._replace(answers=queues.get(actor.name), tasks=own))
        return found or [_nobody("no agent")]
    if role == "remote":
        return [line for actor in crew for line in _remote(actor, store, frame.view.now)]
    return _supervisors(frame, crew, store, rules)


def _nobody(text: str) -> Told:
    return Told((f"{glyphs.WARN} {text}",), "warn+bold")


def _line(actor: ActorView, state: str, *rest: str, ink: str = "", sign: str = "") -> Told:
    """Say what an actor is at, in words that get fewer."""
    sign, words = sign or glyphs.state(state), rest or (state,)
    texts = [f"{sign} {name} {word}" for word in words for name in names_of(actor.name)]
    return Told(tuple(texts), ink or (f"{state}+bold" if state in DOWN else state), actor.name)


def names_of(name: str) -> tuple[str, ...]:
    """Return the name of an actor in fewer and fewer columns."""
    role, number = role_of(name), number_of(name)
    letters = role[:3] if role in SHORT else role[:1]  # two roles begin with the same letter
    return name, f"{SHORT.get(role, role)}-{number}", f"{letters.capitalize()}{number}"


def _wrong_clocks(frame: LabFrame, crew: Sequence[ActorView]) -> dict[str, str]:
    """Return which way the clocks are off of those whose clock is, by actor."""
    behind = dict(frame.view.settings).get("skew", "").startswith("-")
    on = {fault.target for fault in frame.view.faults if fault.name == "clock-skew"}
    way = "behind" if behind else "ahead"
    return {actor.name: way for actor in crew if on & {"", actor.name}}


def _scheduler(actor: ActorView, store: StoreView, skewed: str) -> Told:
    mine = list(store.claims.get(actor.name, {}).values())
    held = "" if not mine else mine[0] if len(mine) == 1 else f"{mine[0]} +{len(mine) - 1}"
    if actor.state in DOWN:
        sign, words = glyphs.state(actor.state), (f"{actor.state} {held}".rstrip(), actor.state)
        texts = [f"{sign} {name} {word}" for name in names_of(actor.name) for word in words]
        return Told(tuple(texts), f"{actor.state}+bold", actor.name)
    if skewed:
        clock = f"clock {skewed}"
        return _line(actor, "working" if held else "idle", f"{held} {clock}".lstrip(), clock,
                     skewed, ink="fault+bold")  # fmt: skip
    return _line(actor, "working", held) if held else _line(actor, "idle")


def _agent(actor: ActorView, store: StoreView, now: float, waiting: int) -> Told:
    """Say what an agent is at, and how many tasks of its own wait behind that."""
    task = store.tasks.get(actor.name)
    behind = f" +{waiting}" if waiting else ""
    if actor.state in DOWN:
        return _line(actor, actor.state, f"{actor.state}{behind}")
    if task is None:
        return _line(actor, "idle")
    if task.silent >= 0:
        if now - task.silent < QUIET:
            told = (f"silent: {task.attempt}", "silent")
            return _line(actor, "idle", *told, ink="warn", sign="∅")
        return _line(actor, "idle")
    left = figures.left(task.until - now)
    return _line(
        actor, "working", f"{task.attempt} {left}{behind}", f"{task.attempt}{behind}", task.attempt
    )


def _remote(actor: ActorView, store: StoreView, now: float) -> list[Told]:
    mine = [call for call in store.calls if call.by == actor.name]
    count = len(mine)
    calls = f"{count} call{'s' if count != 1 else ''}"
    if actor.state == "paused":
        head = _line(actor, "paused", *((f"hangs: {calls}", "hangs") if count else ("hangs",)))
    elif actor.state in DOWN:
        head = (
            _line(actor, actor.state, "crashed: dead", "dead")
            if actor.state == "crashed"
            else (_line(actor, actor.state))
        )
    else:
        state, word = ("working", calls) if count else ("idle", "idle")
        slow = f"slow {figures.times(actor.slow)}" if actor.slow != 1 else ""
        few = figures.times(count) if count else word
        head = _line(actor, state, f"{word} {slow}".rstrip(), slow or few, few)
    hung = actor.state == "paused"
    return [head, *(_call(call, now, hung=hung) for call in mine)]


def _call(call: CallView, now: float, *, hung: bool) -> Told:
    for_long = figures.brief(now - call.taken)
    if hung or call.began < 0 or now - call.began > call.takes:
        ink = "paused+bold" if hung else "warn"
        told = (f"  {call.attempt} for {for_long}", f"  {call.attempt} {for_long}")
        return Told(told, ink, message=call.name)
    share = (now - call.began) / call.takes if call.takes else 1.0
    return Told((f"  {call.attempt} ",), "text", share=share, message=call.name)


def next_scan(watch: WatchView, period: float, now: float) -> float:
    """Return how long it is until a supervisor wakes up, in seconds."""
    if period <= 0:
        return 0.0
    periods = max(1, math.ceil((now - watch.alive) / period - 1e-9))
    return max(0.0, watch.alive + periods * period - now)


def _supervisors(
    frame: LabFrame, crew: Sequence[ActorView], store: StoreView, rules: Rules
) -> list[Told]:
    now, settings = frame.view.now, dict(frame.view.settings)
    watches = {watch.name: watch for watch in store.watchers}
    elects = settings.get("leader_election") == "on"
    found: list[Told] = []
    wrong = _wrong_clocks(frame, crew)
    for actor in crew:
        leads = store.lease.holder == actor.name and store.lease.until >= now
        sign = LEADS if leads and elects else ""
        watch = watches.get(actor.name)
        if actor.state in DOWN or watch is None:
            found.append(_line(actor, actor.state))
            if leads and elects:
                found.append(_lease(store, now))
            continue
        wait = next_scan(watch, rules.period, now)
        way = wrong.get(actor.name, "")
        skew = f" clock {way}" if way else ""
        if elects and store.lease.holder and not leads:
            found.append(_line(actor, "idle", f"standby{skew}", "standby"))
            continue
        word = "leads" if leads and elects else "watches"
        words = (f"{word}{skew}", skew.strip(), way) if skew else (word,)
        found.append(_line(actor, "working", *words,
                           ink="fault+bold" if skew else "working+bold", sign=sign))  # fmt: skip
        share = wait / rules.period if rules.period else 0.0
        found.append(Told((f"  scan in {figures.left(wait)} ",), "text", "", share, drains=True))
        if sign:
            found.append(_lease(store, now))
    watching = any(actor.state not in DOWN for actor in crew)
    if not watching or settings.get("supervisor") == "off":
        found.insert(0, _nobody("nobody looks"))
    return found


def _lease(store: StoreView, now: float) -> Told:
    return Told((f"  lease {figures.left(store.lease.until - now)}",), "faint")


def _fitting(texts: Sequence[str], wide: int, marks: int) -> tuple[str, int]:
    """Return the longest text that fits beside its marks, and the columns it has.

    Marks touch the text before they cut it, and go before they cut the shortest one.
    """
    for room in (wide - marks, wide - max(0, marks - 1)):
        for text in texts:
            if len(text) <= room:
                return text, room
    return next((each for each in texts if len(each) <= wide), texts[-1]), wide


def _unread(line: Told) -> str:
    """Return how much an actor has not read of what it alone is told: ``◂2``; empty: nothing."""
    waiting = line.answers.depth if line.answers else 0
    return f"{glyphs.CHOSEN}{figures.count(waiting)}" if waiting else ""


def _own_queues(
    paper: Paper, y: int, span: tuple[int, int], line: Told, text: str, mark: str
) -> None:
    """Let what waits for one actor alone stand for the queue it waits in."""
    start, end = span
    behind = f" +{line.tasks.depth}" if line.tasks else ""
    if line.tasks and text.endswith(behind):
        paper.zone(y, start + len(text) - len(behind), start + len(text), "queue", line.tasks.name)
    if line.answers and mark:
        ink = "dead+bold" if line.ink.partition("+")[0] in DOWN else "ready+bold"
        paper.zone(y, paper.right(end, y, mark, ink), end, "queue", line.answers.name)


def draw_column(
    paper: Paper, x: int, y: int, wide: int, rows: int, lines: Sequence[Told], selected: str
) -> dict[str, int]:
    """Draw a column's lines; return the row of each actor and message in it."""
    places: dict[str, int] = {}
    for index, line in enumerate(lines):
        row = min(y + index, y + rows - 1)
        name = line.actor or line.message
        if name:
            places[name] = row
        if index >= rows or (index == rows - 1 and len(lines) > rows):
            paper.fit(
                x, y + rows - 1, f"  +{len(lines) - rows + 1} more".ljust(wide), wide, "faint"
            )
            continue
        # What is selected is underlined: its colour goes on telling its state.
        ink = f"{line.ink}+underline" if selected and line.actor == selected else line.ink
        mark = _unread(line)
        text, room = _fitting(line.text, wide, len(mark) + 1 if mark else 0)
        end = paper.fit(x, row, text, room, ink)
        bar = min(12, x + wide - end - 1)
        if line.share >= 0 and bar >= 3:
            draw = bars.drain if line.drains else bars.grow
            draw(paper, end, row, bar, line.share, "note" if line.drains else "working")
        if line.actor:
            paper.zone(row, x, x + wide, "actor", line.actor)
            _own_queues(paper, row, (x, x + wide), line, text, mark if room < wide else "")
        elif line.message:
            paper.zone(row, x, x + wide, "message", line.message)
    return places
