"""What has just moved between a state store and those who work on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import role_of
from mailrail_patterns.projections.supervised import OrderView, StoreView
from mailrail_patterns.views import MessageView, QueueView

from . import motion
from .journeys import MOVING, set_off
from .motion import Flight, Point

SHARED: Final[dict[str, str]] = {"wake-ups": "scheduler", "tasks": "agent", "calls": "remote"}
"""The column that takes from a queue several share."""

TASKS_OF: Final = "tasks-"
"""What the name of the queue of an agent's own tasks begins with."""

Path = tuple[Point, ...]


class Ground(NamedTuple):
    """Between what messages travel.

    Attributes:
        places: Where each actor, row and column is.
        wide: Width of a column.
    """

    places: Mapping[str, Point]
    wide: int

    def place(self, name: str) -> Point | None:
        """Return where an actor is, or the column of its role."""
        return self.places.get(name) or self.places.get(role_of(name))

    def between(self, start: str, end: str) -> Path:
        """Return the way from one to another; empty if one of them is not in the picture."""
        one, other = self.place(start), self.place(end)
        if one is None or other is None or one == other:
            return ()
        reach = self.wide // 2
        if other[0] > one[0]:
            return ((one[0] + reach, one[1]), (other[0], other[1]))
        return (one, (other[0] + reach, other[1]))


def sent_on_their_way(frame: LabFrame, store: StoreView, ground: Ground) -> list[Flight]:
    """Return everything that is on its way: messages, and what is written into the store."""
    flights: list[Flight] = []
    since = frame.view.now - motion.window(frame)
    for queue in frame.view.queues:
        for message, target in _moved(queue, since):
            text = message.group or message.name
            ink = "on-dead" if message.stage in {"expired", "dropped"} else "on-moving"
            path = ground.between(message.sender, target)
            if not path and ink == "on-dead":
                continue
            set_off(frame, flights, _through(message), text, ink, path)
    for row in store.rows:
        if row.since > since and row.writer and len(flights) < MOVING:
            flights.extend(_written(frame, row, ground))
    return flights


def _moved(queue: QueueView, since: float) -> Iterator[tuple[MessageView, str]]:
    """Yield what has just moved, and who has it now or is to have it."""
    taker = SHARED.get(queue.name, queue.name.removeprefix(TASKS_OF))
    for message in (*queue.ready, *queue.locked):
        if message.moved > since:
            yield message, message.owner or taker
    for message in queue.gone:
        # What was taken and settled at once has come only now; of the others the way is over.
        if message.moved > since and message.moved - message.since < 1e-6 and message.owner:
            yield message, message.owner


def _through(message: MessageView) -> MessageView:
    """Return a message as one that arrives, although it is settled already."""
    return message if message.stage != "completed" else _again(message)


def _again(message: MessageView) -> MessageView:
    return MessageView(
        message.name, "locked", message.delivery, message.since, moved=message.moved,
        owner=message.owner, sender=message.sender, group=message.group,
    )  # fmt: skip


def _written(frame: LabFrame, row: OrderView, ground: Ground) -> Iterator[Flight]:
    """Yield the word that is written into a row, on its way there."""
    share = motion.progress(frame, row.since)
    start, end = ground.place(row.writer), ground.places.get(row.key)
    if share is None or start is None or end is None:
        return
    riser = max(0, start[0] - 1)  # beside the columns, then along the row that is written
    path = ((riser, start[1]), (riser, end[1]), end)
    if frame.playing:
        yield Flight(row.state, "on-held", path, share)
    else:
        yield Flight("", "lane", path, 0.0)
