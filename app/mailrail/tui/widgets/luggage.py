"""What is on its way in the cloakroom: tickets over the bus, payloads to and from their lockers."""

from __future__ import annotations

from typing import NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.cloakroom import Cloakroom, LockerView
from mailrail_patterns.sizes import write_size
from mailrail_patterns.views import MessageView

from . import glyphs, motion
from .counter import Counter, ticket
from .journeys import set_off
from .motion import Flight, Point
from .wall import Wall

Path = tuple[Point, ...]


class Underway(NamedTuple):
    """Everything that moves.

    Attributes:
        flights: What is drawn.
        tickets: Tickets not to be drawn where they arrive: queue, name, and who gets it.
        lockers: Lockers whose payload has not arrived yet.
    """

    flights: list[Flight]
    tickets: frozenset[tuple[str, str, str]]
    lockers: frozenset[int]


class Ways(NamedTuple):
    """Between what things travel.

    Attributes:
        counter: The left side.
        wall: The right side.
        gate: The column between the two.
        foot: The row of the dead letters.
    """

    counter: Counter
    wall: Wall
    gate: int
    foot: int

    def desk(self, actor: str) -> Point:
        """Return where somebody stands; on the bus, if there is no row for them."""
        return 18, self.counter.rows.get(actor, self.counter.bus)

    def on_bus(self, message: MessageView) -> Path:
        """Return the way of a ticket from its sender onto the bus."""
        x, y = self.desk(message.sender)
        return ((x, y), (x, self.counter.bus))

    def to_lane(self, queue: str, message: MessageView) -> Path:
        """Return the way of a ticket that waits now."""
        spot = self.counter.slots.get((queue, message.name))
        if spot is None:
            return ()
        if message.came_from == "producer":
            return (*self.on_bus(message), spot)
        return (self.desk(message.came_from), spot) if message.came_from else ()

    def to_desk(self, queue: str, message: MessageView, span: float) -> Path:
        """Return the way of a ticket that somebody holds now."""
        if message.owner not in self.counter.rows:
            return ()
        lane = (11, self.counter.lanes.get(queue, self.counter.bus))
        if message.moved - message.since < span / 4:
            return (*self.on_bus(message), lane, self.desk(message.owner))
        return (lane, self.desk(message.owner))

    def from_desk(self, message: MessageView, target: Point) -> Path:
        """Return the way of a ticket that is finished."""
        return (self.desk(message.owner or message.came_from), target)

    def between(self, actor: str, number: int) -> Path:
        """Return the way between somebody and a locker."""
        x, y = self.wall.place(number)
        _, row = self.desk(actor)
        return ((self.gate - 8, row), (self.gate, row), (self.gate, y), (x, y))


def underway(frame: LabFrame, scene: Cloakroom, ways: Ways) -> Underway:
    """Return what has just set off; while time stands still it only leaves a trail."""
    flights: list[Flight] = []
    tickets: set[tuple[str, str, str]] = set()
    span = motion.window(frame)
    since = frame.view.now - span
    for queue in frame.view.queues:
        name = queue.name
        if name not in ways.counter.lanes:
            continue
        moves: list[tuple[MessageView, str, Path]] = [
            *((m, "on-moving", ways.to_lane(name, m)) for m in queue.ready if m.moved > since),
            *((m, "on-moving", ways.to_desk(name, m, span)) for m in queue.locked
              if m.moved > since),
            *((m, "on-done", ways.from_desk(m, (0, ways.foot - 1))) for m in queue.gone
              if m.moved > since and m.stage == "completed"),
            *((m, "on-dead", ways.from_desk(m, (2, ways.foot))) for m in queue.dead[-8:]
              if m.moved > since),
        ]  # fmt: skip
        for message, usual, path in moves:
            heavy = message.name in scene.heavy and usual == "on-moving"
            ink = "on-warn" if heavy else usual
            if set_off(frame, flights, message, ticket(message, scene), ink, path):
                tickets.add((name, message.name, message.owner))
    lockers = frozenset(
        each.number for each in (*scene.lockers, *scene.emptied[-8:])
        if _payload(frame, flights, each, ways)
    )  # fmt: skip
    _refusal(frame, scene, flights, ways)
    return Underway(flights, frozenset(tickets), lockers)


def _payload(frame: LabFrame, flights: list[Flight], locker: LockerView, ways: Ways) -> bool:
    """Set a payload off; True if it is not in its locker yet."""
    share = motion.progress(frame, locker.moved)
    if share is None or len(flights) >= 2 * 24:
        return False
    text, ink = f"▣ {write_size(locker.size).replace(' ', '')}", "on-moving"
    path: Path = ()
    if locker.act == "stored":
        path = ways.between(locker.owner, locker.number)
    elif locker.act == "fetched" or (locker.act == "removed" and locker.why == "read"):
        path = tuple(reversed(ways.between(locker.reader, locker.number)))
        ink = "on-held"
    elif locker.act in ("removed", "lapsed"):
        x, y = ways.wall.place(locker.number)
        path, ink = ((x, y), (x, y + 2)), "on-dead" if locker.act == "lapsed" else "on-done"
    if not path:
        return False
    if not frame.playing:
        flights.append(Flight("", "lane", path, 0.0))
        return False
    flights.append(Flight(text, ink, path, share))
    return locker.act == "stored"


def _refusal(frame: LabFrame, scene: Cloakroom, flights: list[Flight], ways: Ways) -> None:
    """Let what was turned away bounce off the bus, or off the store."""
    refused = scene.refusal
    if refused is None or not frame.playing:
        return
    share = motion.progress(frame, refused.at)
    if share is None:
        return
    x, y = ways.desk(refused.actor)
    wall = (x, ways.counter.bus) if refused.why == "MessageTooLarge" else (ways.gate, y)
    size = f" {write_size(refused.size).replace(' ', '')}" if refused.size else ""
    path = ((x, y), wall, (x + 12, y))
    flights.append(Flight(f"{glyphs.BROKEN} {refused.message}{size}", "on-dead", path, share))
