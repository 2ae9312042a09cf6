"""Which messages have just moved, and by which way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol

from mailrail.frames import LabFrame
from mailrail_patterns.views import MessageView, QueueView

from . import glyphs, graves, motion
from .lane import Lane, label
from .motion import Flight, Point
from .stage import Stage

MOVING: Final = 24
"""Messages that are drawn on their way at a time; more would be a blur."""

LEFT: Final = frozenset({"completed", "expired", "dropped"})
"""What becomes of a message that leaves the queue for good."""

Path = tuple[Point, ...]


class Ground(NamedTuple):
    """Between what messages travel.

    Attributes:
        stage: Where everything stands.
        lane: The queue.
        sources: Where each producer's messages leave it.
        rows: The row of each consumer that is shown.
        rest: The row of all others.
        leaves: The column where finished messages leave a consumer.
    """

    stage: Stage
    lane: Lane
    sources: Mapping[str, Point]
    rows: Mapping[str, int]
    rest: int
    leaves: int

    def to_lane(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is ready now."""
        target = self.lane.place(index)
        if message.came_from in self.rows:
            return (*reversed(self.branch(message.came_from)), self.stage.exit, target)
        if message.came_from == "producer":
            return (*self.origin(message.sender), target)
        return ()

    def to_consumer(self, message: MessageView, span: float) -> Path:
        """Return the way of a message that is held now; ``span`` is how long a way takes."""
        branch = self.branch(message.owner)
        # What came and was handed over at once is seen all the way from its producer.
        if message.moved - message.since < span / 4:
            return (*self.origin(message.sender), self.stage.exit, *branch)
        return (self.lane.place(0), self.stage.exit, *branch)

    def out(self, message: MessageView) -> Path:
        """Return the way of a message that has left."""
        x, y = self.stage.exit
        if message.stage != "completed":
            return ((x - 4, y), (x - 4, y + 3))
        if message.owner in self.rows:
            y = self.rows[message.owner]
            return ((self.leaves, y), (self.stage.width, y))
        return ()

    def to_grave(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is dead now."""
        stage = self.stage
        deep = 1 if stage.height - stage.dead > 1 else 0
        grave = (16 + 8 * index, min(stage.dead + deep, stage.height - 1))
        turn = (stage.trunk, grave[1])
        if message.came_from in self.rows:
            y = self.rows[message.came_from]
            return ((stage.slot, y), (stage.trunk, y), turn, grave)
        return (stage.exit, (stage.trunk, stage.exit[1]), turn, grave)

    def branch(self, consumer: str) -> Path:
        """Return the way from the rail to a consumer."""
        y, stage = self.rows.get(consumer, self.rest), self.stage
        if not stage.wide:
            return ((stage.slot, y),)
        return ((stage.trunk, stage.exit[1]), (stage.trunk, y), (stage.slot, y))

    def origin(self, producer: str) -> Path:
        """Return the way from a producer to the queue."""
        stage = self.stage
        if not stage.wide:
            return (self.sources.get(producer, (0, stage.top - 1)), stage.entry)
        _, y = self.sources.get(producer, stage.entry)
        return ((stage.join - 3, y), (stage.join, y), (stage.join, stage.entry[1]), stage.entry)


class Ways(Protocol):
    """The ways of one picture; one of fewer than two points is not drawn."""

    def to_lane(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is ready now."""
        ...

    def to_consumer(self, message: MessageView, span: float) -> Path:
        """Return the way of a message that is held now; ``span`` is how long a way takes."""
        ...

    def out(self, message: MessageView) -> Path:
        """Return the way of a message that has left."""
        ...

    def to_grave(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is dead now."""
        ...


class Journeys(NamedTuple):
    """Everything that is on its way.

    Attributes:
        flights: What is drawn.
        away: Messages that are not drawn where they will arrive: the name, and the consumer
            if they travel to one. A consumer whose lock has run out still has its copy.
    """

    flights: list[Flight]
    away: frozenset[tuple[str, str]]


def set_off(
    frame: LabFrame,
    flights: list[Flight],
    message: MessageView,
    text: str,
    ink: str,
    path: Path,
) -> bool:
    """Put a message on its way if it has just moved; while time stands still, only its trail.

    Returns:
        Whether it must not be drawn at its end as well.
    """
    share = motion.progress(frame, message.moved)
    if share is None or len(flights) >= MOVING or len(path) < 2:
        return False
    gone = message.stage in LEFT
    if not frame.playing:
        if not gone:
            flights.append(Flight("", "lane", path, 0.0))
        return False
    sign = f"{glyphs.DONE} " if message.stage == "completed" else ""
    flights.append(Flight(f"{sign}{text}", ink, path, share))
    return not gone


def journeys_of(
    frame: LabFrame,
    queue: QueueView,
    ground: Ways,
    named: Callable[[MessageView], str] = label,
) -> Journeys:
    """Return what is on its way, each message ``named`` as the picture names it.

    While time stands still messages stand where they are, and what has just moved leaves a
    trail; so a step from event to event shows what it did.
    """
    flights: list[Flight] = []
    away: set[tuple[str, str]] = set()
    span = motion.window(frame)

    def launch(message: MessageView, ink: str, path: Path) -> None:
        if set_off(frame, flights, message, named(message), ink, path):
            away.add((message.name, message.owner))

    since = frame.view.now - span
    for index, message in enumerate(queue.ready):
        if message.moved > since:
            launch(message, "on-moving", ground.to_lane(message, index))
    for message in queue.locked:
        if message.moved > since:
            launch(message, "on-moving", ground.to_consumer(message, span))
    for message in queue.gone:
        if message.moved > since:
            ink = "on-done" if message.stage == "completed" else "on-dead"
            launch(message, ink, ground.out(message))
    for index, message in enumerate(reversed(graves.buried(queue)[-8:])):
        if message.moved > since:
            launch(message, "on-dead", ground.to_grave(message, index))
    return Journeys(flights, frozenset(away))
