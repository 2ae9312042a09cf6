"""The counter of the cloakroom: senders, the bus with its tickets, and who claims what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.cloakroom import Cloakroom
from mailrail_patterns.sizes import write_size
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import bars, figures, glyphs
from .lane import put_off
from .motion import Point
from .paper import Paper, cut, whole
from .work import Rules, census, holders, work_of

ROLES: Final = {"receiving": "receiver", "archiving": "archivist", "created": "notifier"}
"""Who serves which subscription."""

LONGEST: Final = 12
"""Columns of a ticket at most."""


class Line(NamedTuple):
    """One row of the counter.

    Attributes:
        kind: ``sender bus lane actor work lock rest sweeper blank``.
        queue: The subscription it belongs to.
        actor: Whom it shows.
        crew: Those it counts.
    """

    kind: str
    queue: str = ""
    actor: ActorView | None = None
    crew: tuple[ActorView, ...] = ()


def ticket(message: MessageView, scene: Cloakroom) -> str:
    """Return a ticket as it is drawn: one that carries its payload says how heavy it is."""
    name = cut(message.name, 7)
    if message.delivery:
        name = f"{name}#{message.delivery}"
    size = scene.heavy.get(message.name)
    return f"{name} {write_size(size).replace(' ', '')}" if size else name


def lines_of(frame: LabFrame, rows: int) -> list[Line]:
    """Return the rows of the counter, as many as there is room for."""
    present = [actor for actor in frame.view.actors if actor.state != "stopped"]
    roles = ("sender", "sweeper", *ROLES.values())
    crews = {role: [actor for actor in present if actor.role == role] for role in roles}
    queues = [
        queue for queue in frame.view.queues
        if queue.name == "receiving" or crews[ROLES.get(queue.name, "")] or queue.depth
        or queue.dead_count or queue.completed
    ]  # fmt: skip
    fixed = 1 + len(queues) + 1  # the bus, the lanes, the sweepers
    people = max(0, rows - fixed)
    chosen = frame.selected
    shares = _shares([len(crews["sender"]), *(len(crews[ROLES[q.name]]) for q in queues)], people)
    spare = rows - fixed - sum(shares)
    bars_too = spare >= 3 * (sum(shares[1:]) + len(queues) + 1)
    if bars_too:
        spare -= 2 * sum(shares[1:])
    gap = [Line("blank")] * min(3, max(0, spare) // (len(queues) + 1))
    found = [*_crew("sender", "", crews["sender"], shares[0], chosen), Line("bus")]
    for queue, share in zip(queues, shares[1:], strict=True):
        found += [*gap, Line("lane", queue.name)]
        for line in _crew("actor", queue.name, crews[ROLES[queue.name]], share, chosen):
            found.append(line)
            if bars_too and line.actor is not None:
                found += [line._replace(kind="work"), line._replace(kind="lock")]
    return [*found, *gap, Line("sweeper", crew=tuple(crews["sweeper"]))][:rows]


def _shares(wanted: Sequence[int], rows: int) -> list[int]:
    """Share rows out: one each in turn, as long as there are any and somebody wants one."""
    found = [0] * len(wanted)
    while rows > 0 and any(f < w for f, w in zip(found, wanted, strict=True)):
        for index, want in enumerate(wanted):
            if rows > 0 and found[index] < want:
                found[index] += 1
                rows -= 1
    return found


def _crew(kind: str, queue: str, crew: Sequence[ActorView], rows: int, chosen: str) -> list[Line]:
    if len(crew) <= rows:
        return [Line(kind, queue, actor) for actor in crew]
    if rows == 0:
        return []
    order = sorted(crew, key=lambda a: (a.name != chosen, a.state == "idle", a.since))
    shown = order[: rows - 1]
    return [*(Line(kind, queue, actor) for actor in shown),
            Line("rest", queue, None, tuple(order[rows - 1 :]))]  # fmt: skip


class Counter:
    """The left side of the picture.

    Attributes:
        rows: The row of each actor that is shown.
        slots: Where each ticket that waits stands, by queue and name.
        lanes: The row of each subscription.
        bus: The row of the bus.
    """

    def __init__(
        self, frame: LabFrame, scene: Cloakroom, rules: Rules, wide: int, rows: int
    ) -> None:
        self._frame, self._scene, self._rules, self._wide = frame, scene, rules, wide
        self._lines = lines_of(frame, rows)
        self._queues: Mapping[str, QueueView] = {q.name: q for q in frame.view.queues}
        self.rows = {
            line.actor.name: y for y, line in enumerate(self._lines)
            if line.actor and line.kind in ("sender", "actor")
        }  # fmt: skip
        self.rows |= {
            actor.name: y for y, line in enumerate(self._lines) for actor in line.crew
            if line.kind == "sweeper"
        }  # fmt: skip
        self.lanes = {line.queue: y for y, line in enumerate(self._lines) if line.kind == "lane"}
        self.bus = next((y for y, line in enumerate(self._lines) if line.kind == "bus"), 0)
        self._has_bars = any(line.kind == "lock" for line in self._lines)
        self.slots: dict[tuple[str, str], Point] = {}
        self._more: dict[str, tuple[int, int]] = {}
        for name, y in self.lanes.items():
            self._line_up(self._queues[name], y)

    def _line_up(self, queue: QueueView, y: int) -> None:
        x = 11
        for index, message in enumerate(queue.ready):
            wide = min(LONGEST, len(ticket(message, self._scene)))
            if x + wide + (6 if index < queue.depth - 1 else 0) > self._wide:
                self._more[queue.name] = x, queue.depth - index
                return
            self.slots[queue.name, message.name] = x, y
            x += wide + 1

    def draw(self, paper: Paper, away: frozenset[tuple[str, str, str]]) -> None:
        """Draw every row, without the tickets that are on their way."""
        for y, line in enumerate(self._lines):
            if line.kind == "bus":
                self._bus(paper, y)
            elif line.kind == "lane":
                self._lane(paper, y, self._queues[line.queue], away)
            elif line.kind == "sweeper":
                self._sweepers(paper, y, line.crew)
            elif line.kind == "rest":
                self._rest(paper, y, line.crew)
            elif line.kind in ("work", "lock") and line.actor is not None:
                self._bars(paper, y, line.kind, line.queue, line.actor)
            elif line.actor is not None:
                self._person(paper, y, line, line.actor, away)

    def _bus(self, paper: Paper, y: int) -> None:
        settings, scene = dict(self._frame.view.settings), self._scene
        limit = settings.get("bus_limit", "0B")
        bound = "no limit" if limit == "0B" else f"limit {limit}"
        carried = write_size(scene.bus)
        spared = f"1:{round(scene.spared / scene.bus):,}" if scene.bus else ""
        for parts in (
            (f"{carried} carried", spared and f"{spared} of the payloads", bound),
            (carried, spared, bound),
            (carried, bound),
        ):
            text = " · ".join(part for part in parts if part)
            if len(text) + 4 <= self._wide:
                break
        paper.put(0, y, "━" * self._wide, "lane")
        x = paper.put(0, y, "BUS ", "text+bold")
        paper.fit(x, y, text if len(text) >= self._wide - x else f"{text} ", self._wide - x)

    def _lane(
        self, paper: Paper, y: int, queue: QueueView, away: frozenset[tuple[str, str, str]]
    ) -> None:
        ink = "consumer" if queue.depth else "faint"
        paper.fit(0, y, f"{glyphs.POINTER}{queue.name}", 10, ink)
        paper.zone(y, 0, self._wide, "queue", queue.name)
        for message in queue.ready:
            spot = self.slots.get((queue.name, message.name))
            if spot is None or (queue.name, message.name, "") in away:
                continue
            text = cut(ticket(message, self._scene), LONGEST)
            heavy = message.name in self._scene.heavy
            back = "on-held" if message.delivery else "on-ready"
            paper.put(*spot, text, "on-warn" if heavy else back)
            paper.zone(y, spot[0], spot[0] + len(text), "message", message.name)
        if queue.name in self._more:
            x, number = self._more[queue.name]
            paper.fit(x, y, f"+{figures.count(number)}", self._wide - x, "text+bold")
        elif queue.depth:
            end = max((spot[0] for (name, _), spot in self.slots.items() if name == queue.name),
                      default=11) + LONGEST + 1  # fmt: skip
            late = ", ".join(put_off(queue))
            if late and end + len(late) <= self._wide:
                paper.right(self._wide, y, late, "faint+italic")
        else:
            what = "event" if queue.name == "created" else "ticket"
            words = (f"no {what} waits", *put_off(queue))
            brief = [words[0], *(each.rpartition(" ")[0] for each in words[1:])]
            told = whole(self._wide - 11, ", ".join(words), ", ".join(brief))
            paper.fit(11, y, told, self._wide - 11, "faint+italic")

    def _person(
        self, paper: Paper, y: int, line: Line, actor: ActorView,
        away: frozenset[tuple[str, str, str]],
    ) -> None:  # fmt: skip
        chosen = actor.name == self._frame.selected
        producer = line.kind == "sender"
        ink = "producer" if producer else "consumer"
        x = 0 if producer else 1
        if producer:
            x = paper.put(x, y, f"{glyphs.PRODUCER} ", "producer")
        x = paper.fit(x, y, actor.name, 12, "selected+bold+underline" if chosen else ink) + 1
        state = f"{glyphs.state(actor.state)} {actor.state}"
        x = paper.put(x, y, state, f"{actor.state}+bold") + 1
        paper.zone(y, 0, self._wide, "actor", actor.name)
        if producer:
            text = f"sent {figures.count(actor.sent)}"
            if actor.armed:
                text = f"dies at {actor.armed}"
                text = text if len(text) <= self._wide - x else f"dies at {actor.armed.split()[0]}"
            paper.fit(x, y, text, self._wide - x, "fault" if actor.armed else "faint")
            return
        self._hands(paper, x, y, line.queue, actor, away)

    def _hands(
        self, paper: Paper, x: int, y: int, queue: str, actor: ActorView,
        away: frozenset[tuple[str, str, str]],
    ) -> None:  # fmt: skip
        """Draw what somebody holds, how far the work is, and how long the lock lasts."""
        view, now = self._queues[queue], self._frame.view.now
        held = holders(view).get(actor.name, ())
        work = work_of(actor, held, view, self._rules, now)
        name = work.message.partition(" ")[0]
        if not name:
            text = ", ".join(work.badges)
            paper.fit(x, y, text, self._wide - x, "fault")
            return
        label = cut(work.message.replace(" ", ""), 8)
        if (queue, name, actor.name) not in away:
            ink = "on-dead" if work.hidden else "on-warn" if work.warning else "on-held"
            end = paper.fit(x, y, label, self._wide - x, ink)
            paper.zone(y, x, end, "message", name)
        x += len(label) + 1
        if self._has_bars:
            paper.fit(x, y, "hidden" if work.hidden else "", self._wide - x, "dead+bold")
            return
        left = f"lock {figures.left(work.lock_left)}" if work.lock_left else "lock lost"
        if self._wide - x >= len(left) + 8:
            if work.hidden:
                paper.put(x, y, "hidden", "dead+bold")
            elif work.actor.message:
                wide = min(20, self._wide - x - len(left) - 1)
                bars.grow(paper, x, y, wide, work.share, "working")
            paper.right(self._wide, y, left, "warn" if work.warning or work.hidden else "held")
        elif self._wide - x >= 5:
            text = left.replace("lock ", "")
            if work.hidden:
                ways = (f"hidden {text}", f"hidden {work.lock_left:.0f}s", text)
                text = whole(self._wide - x, *ways)
            warns = work.warning or work.hidden
            paper.fit(x, y, text, self._wide - x, "warn" if warns else "held")

    def _bars(self, paper: Paper, y: int, kind: str, queue: str, actor: ActorView) -> None:
        """Draw how far the work is, or how long the lock lasts, in a row of its own."""
        view, now = self._queues[queue], self._frame.view.now
        work = work_of(actor, holders(view).get(actor.name, ()), view, self._rules, now)
        paper.zone(y, 0, self._wide, "actor", actor.name)
        x, wide = 8, max(4, min(32, self._wide - 22))
        if kind == "work" and actor.state == "working":
            paper.put(3, y, "work", "faint")
            x = bars.grow(paper, x, y, wide, work.share, "working") + 1
            done = f"{figures.clock(work.elapsed)}/{figures.clock(actor.takes)}s"
            paper.fit(x, y, done, self._wide - x)
        elif kind == "lock" and work.lock_left > 0:
            ink = "warn" if work.warning or work.hidden else "held"
            paper.put(3, y, "lock", "faint")
            x = bars.drain(paper, x, y, wide, work.lock_share, ink) + 1
            paper.fit(x, y, f"{figures.left(work.lock_left)} left", self._wide - x, ink)

    def _rest(self, paper: Paper, y: int, crew: Sequence[ActorView]) -> None:
        x = paper.put(1, y, f"+{figures.count(len(crew))} more ", "text+bold")
        for state, number in census(crew):
            text = figures.tally(glyphs.state(state), number, state, self._wide - x)
            if x + len(text) > self._wide:
                return
            x = paper.put(x, y, text, state) + 1

    def _sweepers(self, paper: Paper, y: int, crew: Sequence[ActorView]) -> None:
        if not crew:
            paper.fit(0, y, "no sweeper: orphans stay for good", self._wide, "warn")
            return
        settings, now = dict(self._frame.view.settings), self._frame.view.now
        actor = min(crew, key=lambda a: (a.state != "crashed", a.state != "paused"))
        chosen = actor.name == self._frame.selected
        ink = "selected+bold+underline" if chosen else "consumer"
        x = paper.fit(1, y, actor.name, 12, ink) + 1
        paper.zone(y, 0, self._wide, "actor", actor.name)
        x = paper.put(x, y, f"{glyphs.state(actor.state)} ", f"{actor.state}+bold")
        if actor.state in ("crashed", "paused"):
            paper.put(x, y, actor.state, f"{actor.state}+bold")
            return
        every = figures.seconds_of(settings.get("sweep_every", "")) or 0.0
        if every:
            after = (now // every + 1) * every - now
            text = f"next {figures.left(after)}, grace {settings.get('grace', '')}"
            paper.fit(x, y, text, self._wide - x, "faint")
