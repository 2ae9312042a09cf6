"""Swim-lanes: one a service, between the bus on the left and the service on the right."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import role_of
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.held_sessions import SessionView
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import bars, figures, glyphs
from .consuming import choose
from .journeys import Path, set_off
from .motion import Flight, window
from .paper import Paper, whole
from .services import CHIP, Lane, Pool, chip, event_name, held_of, ink_of, waiting_of
from .troubles import called
from .work import Rules, Work, holders, work_of

Away = frozenset[tuple[str, str]]
"""Messages that are not drawn where they will arrive: the lane, and the name."""


class Lanes:
    """The lanes in the making."""

    def __init__(self, frame: LabFrame, paper: Paper, pool: Pool, rules: Rules) -> None:
        self.frame, self.paper, self.pool, self.rules = frame, paper, pool, rules
        self.flights: list[Flight] = []
        self.half = {"delivery": waiting_of(frame, "couriers")}
        self.held = held_of(frame)
        self.away: Away = frozenset()

    def draw(self) -> None:
        """Draw the lanes, and remember what is on its way."""
        self.away = self._set_off()
        top, last = self.pool.lanes[0], self.pool.lanes[-1]
        for y in range(top.y, last.y + 1):
            self.paper.put(self.pool.bus, y, "║", "lane")
        for lane in self.pool.lanes:
            self._lane(lane)

    def _lane(self, lane: Lane) -> None:
        paper, pool, y = self.paper, self.pool, lane.y
        dead = lane.queue.dead_count if lane.queue else 0
        working = any(actor.state == "working" for actor in lane.crew)
        gone = lane.crew and all(actor.state in ("crashed", "stopped") for actor in lane.crew)
        ink = "crashed+bold" if gone else ("text+bold" if working else "text")
        paper.fit(1, y, lane.name, pool.bus - 1, ink)
        paper.put(pool.bus + 1, y, "─" * (pool.slot - pool.bus - 2), "lane")
        if lane.queue is not None:
            for row in range(lane.rows):
                paper.zone(y + row, pool.bus + 1, pool.slot - 1, "queue", lane.queue.name)
            self._waiting(lane, lane.queue)
        paper.put(pool.slot - 1, y, glyphs.POINTER, "lane")
        end = pool.width
        if dead:
            text = f"{glyphs.DEAD}{figures.count(dead)}"
            end = paper.right(pool.width, y, text, "dead+bold") - 1
        self._crew(lane, end)
        told = lane.queue is not None and _waits(lane.queue)  # of two rows, what waits has one
        if lane.hears and (lane.rows >= 3 or (lane.rows == 2 and not told)):
            room = pool.width - pool.bus - 2
            paper.fit(pool.bus + 2, y + 1, _heard(lane.hears, room), room, "faint")
        if lane.rows >= 4 and lane.crew:
            self._told(lane)

    def _waiting(self, lane: Lane, queue: QueueView) -> None:
        paper, pool, y = self.paper, self.pool, lane.y
        room = pool.places
        if queue.depth > room or queue.depth > 2:
            room -= 1
        shown = [m for m in queue.ready[:room] if (queue.name, m.name) not in self.away]
        for index, message in enumerate(queue.ready[: max(0, room)]):
            if message not in shown:
                continue
            x = pool.place(index)
            name = chip(message.name)[:CHIP]
            paper.put(x, y, name.rjust(CHIP - 1), ink_of(message.name))
            paper.zone(y, x, x + CHIP - 1, "message", message.name)
        if queue.depth > max(0, room) or queue.depth > 2:
            text = figures.count(queue.depth)
            paper.put(pool.bus + 2, y, f"{text} ", "warn+bold" if queue.depth > 2 else "text")
        self._later(lane, queue, len(shown))
        if lane.rows >= 2 and _waits(queue):
            row, room = y + (2 if lane.rows >= 3 else 1), pool.slot - pool.bus - 3
            oldest = f"oldest {figures.brief(queue.age)}"
            texts = (f"{figures.count(queue.depth)} waiting, {oldest}", oldest)
            text = whole(room, *texts, figures.brief(queue.age))
            paper.fit(pool.bus + 2, row, text, room, "age")

    def _later(self, lane: Lane, queue: QueueView, waiting: int) -> None:
        """Draw what comes back at a time to come, at the end of the rail where it came in."""
        if not queue.later:
            return
        paper, pool, y, first = self.paper, self.pool, lane.y, queue.later[0]
        x = pool.bus + 1
        if queue.depth > 2:  # how many wait stands there
            x += 2 + len(figures.count(queue.depth))
        end = pool.place(waiting - 1) if waiting else pool.slot - 1
        more = f" +{figures.count(queue.scheduled - 1)}" if queue.scheduled > 1 else ""
        left = figures.brief(max(0.0, first.until - self.frame.view.now))
        sign, name = glyphs.LATER, chip(first.name)
        ways = (f"{name} {left}{more}", f"{name}{more}", figures.count(queue.scheduled))
        texts = [f"{sign} {name} in {left}{more}", f"{sign} {ways[0]}",
                 *(f"{sign}{way}" for way in ways)]  # fmt: skip
        text = whole(end - x, *texts, "")
        if text and (queue.name, first.name) not in self.away:
            paper.put(x, y, text, "age")
            paper.zone(y, x, x + len(text), "message", first.name)

    def _told(self, lane: Lane) -> None:
        """Draw what a service told last."""
        crew = {actor.name for actor in lane.crew}
        scene = self.frame.view.scene
        events = (
            [e for c in scene.conversations for e in c.events if e.sender in crew]
            if isinstance(scene, ChoreographyScene)
            else []
        )
        if not events:
            return
        event = max(events, key=lambda each: each.since)
        age = figures.brief(self.frame.view.now - event.since)
        text = f"told {event_name(event.subject)} {chip(event.id)} {age} ago"
        x = self.pool.bus + 2
        self.paper.zone(lane.y + 3, x, x + len(text), "message", event.id)
        self.paper.fit(x, lane.y + 3, text, self.pool.width - x, "text")

    def _crew(self, lane: Lane, end: int) -> None:
        shown, rest = choose(lane.crew, self.frame.selected, 1)
        if not shown and lane.crew:
            order = sorted(lane.crew, key=lambda a: (a.name != self.frame.selected,
                                                     a.state == "idle", -a.since))  # fmt: skip
            shown, rest = order[:1], order[1:]
        if not shown:
            self.paper.fit(self.pool.slot, lane.y, "nobody", end - self.pool.slot, "faint+italic")
            return
        held = holders(lane.queue) if lane.queue is not None else {}
        actor = shown[0]
        queue = lane.queue or self.frame.view.queues[0]
        now = self.frame.view.now
        work = work_of(actor, held.get(actor.name, ()), queue, self.rules, now)
        if rest:
            end = self.paper.right(end, lane.y, f"+{figures.count(len(rest))}", "faint") - 1
        x = self._actor(work, lane, end)
        self._notes(lane, work, x + 1, end)

    def _actor(self, work: Work, lane: Lane, end: int) -> int:
        paper, x, y, actor = self.paper, self.pool.slot, lane.y, work.actor
        for row in range(lane.rows):
            paper.zone(y + row, x, end, "actor", actor.name)
        paper.zone(y, 0, self.pool.bus, "actor", actor.name)
        if actor.name == self.frame.selected:
            shade = actor.state if actor.state in ("crashed", "paused") else "selected"
            paper.tint(1, y, 1 + len(lane.name), f"{shade}+bold+underline")
        x = paper.put(x, y, f"{glyphs.state(actor.state)} ", f"{actor.state}+bold")
        name = work.message.partition(" ")[0]
        if not name or actor.state in ("crashed", "paused", "blocked", "stopping"):
            x = paper.fit(x, y, actor.state, end - x, f"{actor.state}+bold")
            x = min(end, x + 1)
        if name and (lane.name, name) not in self.away:
            text = chip(name)
            paper.zone(y, x, x + len(text), "message", name)
            ink = "on-dead" if work.hidden else "on-held"
            x = paper.fit(x, y, text, end - x, ink)
            if work.hidden:
                left = figures.left(work.lock_left)
                texts = (
                    f"hidden {left}",
                    f"hidden {figures.brief(work.lock_left)}",
                    "hidden",
                    left,
                )
                text = whole(end - x - 1, *texts, "")
                x = paper.fit(x + 1, y, text, end - x - 1, "dead")
            elif actor.takes > 0 and actor.state == "working":
                x = self._progress(work, x + 1, y, end)
        return x

    def _notes(self, lane: Lane, work: Work, x: int, end: int) -> None:
        """Draw what else is to be said of a lane: below it where there is room, else behind."""
        notes = [
            (f"{glyphs.FAULT} {badge}", "fault+bold", "")
            for badge in (*work.badges, *self._faults(work.actor))
        ]
        room = self.pool.width - self.pool.slot - 2 if lane.rows >= 3 else end - x
        orders = self.half.get(lane.name, ())
        if orders:
            notes.append((_halves(orders, room), "note", ""))
        held = _held(self.held.get(lane.name, ()), room)
        if held:
            notes.append((held, "note", ""))
        y = lane.y
        if lane.rows >= 3:
            x, y, end = self.pool.slot + 2, lane.y + 2, self.pool.width
            if lane.queue is not None and lane.queue.dead:
                letter = lane.queue.dead[-1]
                text = f"{glyphs.DEAD} {chip(letter.name)} {letter.reason}"
                notes.append((text, "dead", letter.name))
        for text, ink, message in notes:
            death = " ".join(text.split()[:4]) if "dies at" in text else text
            told = whole(end - x, text, death)
            start, x = x, self.paper.fit(x, y, told, end - x, ink)
            if message:
                self.paper.zone(y, start, x, "message", message)
            x += 2

    def _progress(self, work: Work, x: int, y: int, end: int) -> int:
        text = f"{work.elapsed:.1f}/{work.actor.takes:.1f}s"
        text = text if len(text) <= end - x else f"{work.elapsed:.1f}s"  # cut, it would lie
        wide = min(16, end - x - len(text) - 2)
        if wide >= 3:
            x = bars.grow(self.paper, x, y, wide, work.share, "working") + 1
        return self.paper.fit(x, y, text, end - x, "text")

    def _faults(self, actor: ActorView) -> list[str]:
        return [
            called(fault)
            for fault in self.frame.view.faults
            if fault.target == actor.name and fault.name != "slow"
        ]

    # --- what moves -------------------------------------------------------------------------

    def _set_off(self) -> Away:
        away: set[tuple[str, str]] = set()
        span = window(self.frame)
        since = self.frame.view.now - span
        for lane in self.pool.lanes:
            if lane.queue is None:
                continue
            for index, message in enumerate(lane.queue.ready):
                if message.moved > since:
                    self._launch(away, lane, message, self._in(lane, message, index))
            for message in lane.queue.locked:
                if message.moved > since:
                    way: Path = ((self.pool.place(0), lane.y), (self.pool.slot + 2, lane.y))
                    if message.moved - message.since < span / 4:
                        way = (*self._in(lane, message, 0), way[1])
                    self._launch(away, lane, message, way)
            for message in lane.queue.later:
                if message.moved > since:
                    self._launch(away, lane, message, self._in(lane, message, 0))
            for message in lane.queue.gone:
                # What was taken and done with at once is seen all the way from its sender.
                if message.moved > since and message.moved - message.since < span / 4:
                    way = (*self._in(lane, message, 0), (self.pool.slot + 2, lane.y))
                    self._launch(away, lane, message, way)
            for message in lane.queue.dead[-4:]:
                if message.moved > since:
                    way = ((self.pool.slot + 2, lane.y), (self.pool.width - 3, lane.y))
                    self._launch(away, lane, message, way, "on-dead")
        return frozenset(away)

    def _in(self, lane: Lane, message: MessageView, index: int) -> Path:
        """Return the way of what waits now: from its sender over the bus to its place."""
        aside = (self.pool.bus + 1, lane.y)
        end = aside if message.stage == "scheduled" else (self.pool.place(index), lane.y)
        if message.came_from == "scheduled":
            return (aside, end)
        if message.stage in ("ready", "scheduled") and message.came_from != "producer":
            return ((self.pool.slot, lane.y), end)
        y = self.pool.row(role_of(message.sender))
        x = self.pool.bus if y == self.pool.source else self.pool.slot
        return ((x, y), (self.pool.bus, y), (self.pool.bus, lane.y), end)

    def _launch(
        self, away: set[tuple[str, str]], lane: Lane, message: MessageView, way: Path, ink: str = ""
    ) -> None:
        ink = ink or ink_of(message.name)
        ink = "on-moving" if ink == "on-ready" else ink
        if set_off(self.frame, self.flights, message, chip(message.name), ink, way):
            away.add((lane.name, message.name))


def _waits(queue: QueueView) -> bool:
    """Return whether anything waits for so long that it is told."""
    return bool(queue.depth) and queue.age >= 0.05


def _heard(subjects: Sequence[str], room: int) -> str:
    """Return what a service hears; what there is no room for is counted, not cut."""
    if tuple(subjects) == ("#",):
        return "hears everything"
    names = [event_name(subject) for subject in subjects]
    for count in range(len(names), 0, -1):
        more = f" +{len(names) - count}" if count < len(names) else ""
        text = f"hears {' '.join(names[:count])}{more}"
        if len(text) <= room:
            return text
    return f"hears {len(names)} events"


def _halves(orders: Sequence[str], room: int) -> str:
    """Return of which orders one half was heard; they are counted where they find no room."""
    every = f"½ {' '.join(orders)}"
    count = figures.count(len(orders))
    return whole(room, f"{every} half heard", every, f"½ heard of {count} orders",
                 f"½ heard ×{count}", f"{count} halves", f"½ ×{count}")  # fmt: skip


def _held(sessions: Sequence[SessionView], room: int) -> str:
    """Return which sessions are open and who holds them; nothing where it would be cut."""
    if not sessions:
        return ""
    pairs = ", ".join(f"{each.group} {each.holder}" for each in sessions)
    groups = " ".join(each.group for each in sessions)
    ways = (f"session {pairs}", f"session {groups}", groups, f"×{figures.count(len(sessions))}")
    return whole(room, *(f"{glyphs.LOCKED} {way}" for way in ways), "")
