"""What is to be said of each subscription: who reads it, what waits, and what it has lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import number_of, role_of
from mailrail_patterns.projections.fanout import FanOut, LineView
from mailrail_patterns.views import ActorView, FaultView, QueueView

from . import figures, glyphs
from .troubles import called
from .work import LOCKING, MODES, Work, holders, rules_of, work_of

SIGNS: Final[dict[str, tuple[str, str]]] = {
    "done": ("●", "done"),
    "twice": ("=", "warn+bold"),
    "held": ("◐", "held"),
    "buffered": ("○", "ready"),
    "filtered": ("·", "lane"),
    "missed": ("x", "broken+bold"),
    "dropped": ("!", "warn+bold"),
    "lost": ("#", "broken+bold"),
    "dead": (glyphs.DEAD, "dead+bold"),
    "unrouted": ("?", "warn+bold"),
}
"""What can have become of a copy: sign and ink."""

WORDS: Final = {
    "done": "delivered",
    "held": "in hand",
    "buffered": "waiting",
    "filtered": "filtered",
    "missed": "missed",
    "dropped": "dropped",
    "lost": "lost",
    "dead": "dead",
    "twice": "twice",
}
"""The same in words, in the order of the legend."""


class Feed(NamedTuple):
    """One subscription, ready to be drawn.

    Attributes:
        line: The subscription.
        queue: Its queue.
        works: What each of its instances is doing.
        waiting: Copies that wait.
        lag: Age of the oldest copy not dealt with, in seconds; None: there is none.
        blocks: Whether a publisher waits for it now.
        notes: What matters most about it, with inks; the most urgent first.
    """

    line: LineView
    queue: QueueView
    works: tuple[Work, ...]
    waiting: int
    lag: float | None
    blocks: bool
    notes: tuple[tuple[str, str], ...]

    @property
    def gauge(self) -> str:
        """How full it is: ``3`` or ``7/10``."""
        bound = self.queue.capacity
        return f"{self.waiting}" if bound is None else f"{self.waiting}/{bound}"

    @property
    def full(self) -> bool:
        """Whether one more copy is one too many."""
        return self.queue.capacity is not None and self.waiting >= self.queue.capacity > 0

    @property
    def terms(self) -> str:
        """What holds for its copies only; empty: what holds for all."""
        return ", ".join(self.line.terms)


def scene_of(frame: LabFrame) -> FanOut | None:
    """Return the matrix of a frame; None if it has none."""
    scene = frame.view.scene
    return scene if isinstance(scene, FanOut) else None


def feeds_of(frame: LabFrame, scene: FanOut, last: int) -> list[Feed]:
    """Return the subscriptions worth a row; those that ended stay while their copies are seen.

    Args:
        frame: The frame.
        scene: The matrix.
        last: How many events are seen.
    """
    queues = {queue.name: queue for queue in frame.view.queues}
    actors = {actor.name: actor for actor in frame.view.actors}
    waited_for = {queue for _, _, queue in scene.blocked}
    found = []
    for line in scene.lines:
        queue = queues.get(line.name)
        if queue is None or (line.state == "ended" and not any(line.cells[-last:])):
            continue
        crew = [actors[name] for name in line.instances if name in actors]
        works = _works(frame, [a for a in crew if _worth_a_row(a, crew)], queue, line.terms)
        blocks = line.name in waited_for
        lag = None if line.oldest is None else frame.view.now - line.oldest
        feed = Feed(line, queue, works, queue.depth, lag, blocks, ())
        found.append(feed._replace(notes=tuple(_notes(feed, crew, frame.view.faults))))
    return found


def _troubles(crew: Sequence[ActorView], faults: Sequence[FaultView]) -> list[str]:
    """Name the faults that are on for who reads a subscription; one for all cuts it off as well."""
    names = {actor.name for actor in crew}
    for_all = {"", *names} if names else names
    found = (
        f"{glyphs.FAULT} {called(fault)}"
        for fault in faults
        if fault.target in (for_all if fault.name == "partition" else names)
    )
    return list(dict.fromkeys(found))


def _worth_a_row(actor: ActorView, crew: Sequence[ActorView]) -> bool:
    return actor.state != "stopped" or len(crew) == 1


def _works(
    frame: LabFrame, crew: Sequence[ActorView], queue: QueueView, terms: Collection[str]
) -> tuple[Work, ...]:
    rules, held = rules_of(frame), holders(queue)
    for mode in MODES.intersection(terms):
        rules = rules._replace(locks=mode == LOCKING)
    now = frame.view.now
    return tuple(work_of(each, held.get(each.name, ()), queue, rules, now) for each in crew)


def _notes(
    feed: Feed, crew: Sequence[ActorView], faults: Sequence[FaultView]
) -> list[tuple[str, str]]:
    line, found = feed.line, []
    if feed.blocks:
        found.append(("■ blocks all", "blocked+bold"))
    if line.state == "away":
        found.append((f"x away, {figures.count(line.missed)}", "broken+bold"))
        found.append((line.why, "broken"))
    found += [(trouble, "fault+bold") for trouble in _troubles(crew, faults)]
    states = {actor.state for actor in crew}
    found += [
        (f"{glyphs.state(state)} {state}", f"{state}+bold")
        for state in ("crashed", "paused", "stopping")
        if state in states
    ]
    if line.state == "offline":
        found.append((f"{glyphs.state('stopped')} offline", "warn+bold"))
    if line.state == "ended":
        found.append((f"{glyphs.state('stopped')} unsubscribed", "stopped"))
    if feed.full:
        found.append(("FULL", "warn+bold"))
    if line.missed and line.state != "away":
        found.append((f"missed {figures.count(line.missed)}", "broken"))
    if line.dropped:
        found.append((f"dropped {figures.count(line.dropped)}", "warn"))
    if line.twice:
        found.append((f"twice {figures.count(line.twice)}", "warn"))
    if line.lost:
        found.append((f"lost {figures.count(line.lost)}", "broken"))
    if feed.queue.dead_count:
        found.append((f"† {figures.count(feed.queue.dead_count)} dead", "dead"))
    roles = {actor.role for actor in crew}
    sticks = (called(fault) for fault in faults if fault.role in roles)
    found += [(f"{glyphs.FAULT} {fault}", "fault+bold") for fault in sticks]
    return found


def shorter(note: str) -> str:
    """Return a note of a count with a sign for its word: ``missed 20`` as ``x20``."""
    note = note.replace("receive-and-delete", "deletes").replace("unsubscribed", "ended")
    word, _, number = note.partition(" ")
    return f"{SIGNS[word][0]}{number}" if word in SIGNS else note


def mark_of(cell: str, line: LineView) -> tuple[str, str]:
    """Return sign and ink of a copy; where several instances share, the sign tells which one."""
    state, _, owner = cell.partition(" ")
    sign, ink = SIGNS.get(state, (" ", "text"))
    if state == "done" and len(line.instances) > 1:
        roles = {role_of(name) for name in line.instances}
        sign = number_of(owner)[-1:] if len(roles) == 1 else role_of(owner)[:1]
    return sign or "●", ink
