"""The services of a choreography as the picture needs them, and where each has its lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.held_sessions import SessionView
from mailrail_patterns.views import ActorView, QueueView

ORDERED: Final = (
    "orchestrator", "order", "payment", "stock", "shipping", "delivery", "loyalty", "observer",
)  # fmt: skip
"""The order in which lanes stand: that in which an order meets the services."""
BACK: Final = ("refunded", "released", "cancelled", "unbooked", "unpacked")
"""How the id of an event ends that tells of a step taken back."""
BAD: Final = ("declined", "rejected", "failed", *BACK)
"""How the id of an event ends that tells of a failure, or of a step taken back."""
CHIP: Final = 4
"""Columns of one waiting message."""


class Lane(NamedTuple):
    """One service.

    Attributes:
        name: Its name, which is its queue's.
        queue: Its queue; None where there is none yet.
        crew: Its instances.
        hears: What it subscribes to.
        y: Its first row.
        rows: How many it has.
    """

    name: str
    queue: QueueView | None
    crew: tuple[ActorView, ...]
    hears: tuple[str, ...]
    y: int = 0
    rows: int = 1


class Pool(NamedTuple):
    """All lanes and where they stand.

    Attributes:
        lanes: The lanes, from the top.
        width: Columns they have.
        bus: Column of the bus.
        slot: Column of the service.
        source: Row of the customers.
    """

    lanes: tuple[Lane, ...]
    width: int
    bus: int
    slot: int
    source: int

    def row(self, name: str) -> int:
        """Return the row of a lane; of the customers, if there is none of that name."""
        return next((lane.y for lane in self.lanes if lane.name == name), self.source)

    @property
    def places(self) -> int:
        """How many waiting messages a lane has room for."""
        return max(0, (self.slot - self.bus - 2) // CHIP)

    def place(self, index: int) -> int:
        """Return the column of a waiting message; the next one is nearest the service."""
        return self.slot - 2 - CHIP * (min(index, max(0, self.places - 1)) + 1)


def lanes_of(frame: LabFrame) -> list[Lane]:
    """Return the services that are there, in the order in which an order meets them."""
    queues = {queue.name: queue for queue in frame.view.queues}
    scene = frame.view.scene
    hears = (
        {wire.name: wire.hears for wire in scene.wires}
        if isinstance(scene, ChoreographyScene)
        else {}
    )
    found = []
    for name in ORDERED:
        crew = tuple(actor for actor in frame.view.actors if actor.role == name)
        queue = queues.get(name)
        if crew or (queue is not None and (queue.depth or queue.dead_count)):
            found.append(Lane(name, queue, crew, hears.get(name, ())))
    return found


def chip(name: str) -> str:
    """Return what a message is called in a picture: the order it is about."""
    return name.partition("-")[0]


def event_name(subject: str) -> str:
    """Return an event's name as people write it: ``PaymentAuthorised``."""
    return "".join(word.capitalize() for word in subject.replace("-", ".").split("."))


def ink_of(name: str) -> str:
    """Return the ink of a message: news of a failure stands out."""
    return "on-warn" if name.partition("~")[0].endswith(BAD) else "on-ready"


def waiting_of(frame: LabFrame, table: str) -> tuple[str, ...]:
    """Return the orders of which a join has heard one half, the latest last."""
    found = next((each for each in frame.view.tables if each.name == table), None)
    return tuple(row.key for row in found.rows if row.state == "Waiting") if found else ()


def held_of(frame: LabFrame) -> dict[str, list[SessionView]]:
    """Return the open sessions of each queue."""
    scene = frame.view.scene
    found: dict[str, list[SessionView]] = {}
    for each in scene.sessions if isinstance(scene, ChoreographyScene) else ():
        found.setdefault(each.queue, []).append(each)
    return found


def spread(lanes: Sequence[Lane], top: int, rows: int) -> tuple[Lane, ...]:
    """Give each lane its rows; with too few, the last lanes get none."""
    each = max(1, min(4, rows // max(1, len(lanes))))
    return tuple(
        lane._replace(y=top + each * index, rows=each)
        for index, lane in enumerate(lanes)
        if each * index < rows
    )


def pool_of(lanes: Sequence[Lane], width: int, top: int, rows: int) -> Pool:
    """Place the lanes within so many columns and rows, the customers above them."""
    longest = max((len(lane.name) for lane in lanes), default=0)
    bus = max(10 if width < 60 else 13, longest + 2)
    slot = bus + 2 + CHIP * max(2, (width - bus) // 10)
    return Pool(spread(lanes, top, rows), width, bus, slot, max(0, top - 1))


def states_of(lanes: Sequence[Lane]) -> Mapping[str, str]:
    """Return for each service what is the matter with it; empty: nothing."""
    found = {}
    for lane in lanes:
        states = {actor.state for actor in lane.crew}
        word = "down" if states <= {"crashed", "stopped"} else ""
        found[lane.name] = "paused" if states == {"paused"} else word
    return found
