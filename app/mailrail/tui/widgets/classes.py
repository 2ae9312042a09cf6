"""The priorities as they stand: what waits, for how long, and how it is being served."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from mailrail.frames import LabFrame
from mailrail_patterns.ranks import CLASSES, DESCENDING, HIGH, LOW, NUMBERED
from mailrail_patterns.views import GroupView, MessageView, QueueView

from . import figures

GLYPHS: Final = {label: "▲" if CLASSES[label] == HIGH else "▼" for label in CLASSES}
"""The sign of a class; it stands beside the word wherever there is room for both."""

LIMITS: Final = {HIGH: "sla", LOW: "starve_after"}
"""The setting that says how long one of a class may wait."""

POLICIES: Final = {
    "fifo": "first come, first served",
    "strict": "high always goes first",
    "aging": "low is high after {aging}",
    "share": "after {share} high, 1 low",
    "deadline": "earliest goes first",
    "shortest": "shortest job first",
    "pools": "each its own workers",
    "drain": "low only if no high",
}
"""Who is served next, in words; settings stand in braces."""


class Standing(NamedTuple):
    """One class, or one numbered priority, at one instant.

    Attributes:
        name: ``high`` or ``low``; or the number.
        line: What of it is ready, under the name of the queue that it waits in.
        age: Age of the oldest message that is ready or not begun, in seconds: what a worker
            has prefetched waits all the same.
        served: How many have been begun.
        offered: How many have come.
        starved: Seconds since one was last started, while some wait.
        limit: How long one may wait, in seconds; 0: no limit.
    """

    name: str
    line: QueueView
    age: float
    served: int
    offered: int
    starved: float
    limit: float

    @property
    def title(self) -> str:
        """Sign and word."""
        return f"{GLYPHS[self.name]} {self.name.upper()}"


def sign(message: MessageView) -> str:
    """Return a message's name with the sign of its class before it."""
    return f"{GLYPHS.get(message.group, '')}{message.name}"


def ink(group: str, ground: str = "") -> str:
    """Return the ink of a class; with ``on-`` as the ground, for text on its colour."""
    return ground + CLASSES.get(group, "ready")


def merged(queues: Sequence[QueueView]) -> QueueView:
    """Return all queues as one: the classes are one picture, however many queues they use."""
    if len(queues) == 1:
        return queues[0]

    def every(lists: Iterable[tuple[MessageView, ...]]) -> tuple[MessageView, ...]:
        return tuple(message for messages in lists for message in messages)

    return replace(
        queues[0],
        depth=sum(queue.depth for queue in queues),
        ready=every(queue.ready for queue in queues),
        locked=every(queue.locked for queue in queues),
        dead=every(queue.dead for queue in queues),
        gone=every(queue.gone for queue in queues),
        dead_count=sum(queue.dead_count for queue in queues),
        shelved=every(queue.shelved for queue in queues),
        shelved_count=sum(queue.shelved_count for queue in queues),
        dropped=every(queue.dropped for queue in queues),
        dropped_count=sum(queue.dropped_count for queue in queues),
        expired=sum(queue.expired for queue in queues),
        completed=sum(queue.completed for queue in queues),
        scheduled=sum(queue.scheduled for queue in queues),
        deferred=sum(queue.deferred for queue in queues),
        age=max(queue.age for queue in queues),
        groups=tuple(group for queue in queues for group in queue.groups),
    )


def numbered(frame: LabFrame, queue: QueueView) -> tuple[str, ...]:
    """Return the priorities in use, the highest first; none: there is high and low, no number."""
    used = {group.name for group in queue.groups} | {message.group for message in queue.locked}
    if dict(frame.view.settings).get("priorities") != "ten" and used.isdisjoint(NUMBERED):
        return ()
    return descending(used)


def descending(labels: Collection[str]) -> tuple[str, ...]:
    """Return priorities in their order, the highest first."""
    return tuple(label for label in DESCENDING if label in labels)


def rungs(frame: LabFrame, queue: QueueView, labels: Sequence[str]) -> tuple[Standing, ...]:
    """Return how each of some numbered priorities stands."""
    settings = dict(frame.view.settings)
    found = []
    for label in labels:
        groups = [group for group in queue.groups if group.name == label]
        depth, ready = sum(group.depth for group in groups), _ready(frame, groups)
        limit = figures.seconds_of(settings.get(LIMITS[CLASSES[label]], "")) or 0.0
        age = max((group.age for group in groups), default=0.0)
        line = replace(queue, depth=depth, ready=ready)
        found.append(Standing(label, line, age, 0, 0, 0.0, limit))
    return tuple(found)


def _ready(frame: LabFrame, groups: Sequence[GroupView]) -> tuple[MessageView, ...]:
    """Return what is ready of one class, next of it first."""
    ready = tuple(message for group in groups for message in group.ready)
    if policy_of(frame)[0] in ("deadline", "shortest"):
        return tuple(sorted(ready, key=_rank))
    return tuple(sorted(ready, key=_since)) if len(groups) > 1 else ready


def standings(frame: LabFrame, queue: QueueView) -> tuple[Standing, ...]:
    """Return how high and low stand, of all queues ``merged``."""
    values = {row.name: row.value for row in frame.metrics}
    settings = dict(frame.view.settings)
    found = []
    for name in (HIGH, LOW):
        groups = [group for group in queue.groups if group.name == name]
        depth = sum(group.depth for group in groups)
        place = name if any(q.name == name for q in frame.view.queues) else queue.name
        line = replace(queue, name=place, depth=depth, ready=_ready(frame, groups))
        found.append(
            Standing(
                name,
                line,
                max([_number(values, f"{name}_unbegun"), *(group.age for group in groups)]),
                int(_number(values, f"{name}_started")),
                int(_number(values, f"{name}_offered")),
                _number(values, f"{name}_starved"),
                figures.seconds_of(settings.get(LIMITS[name], "")) or 0.0,
            )
        )
    return tuple(found)


def policy_of(frame: LabFrame) -> tuple[str, str]:
    """Return the policy's name and what it means, in words."""
    settings = dict(frame.view.settings)
    name = settings.get("policy", "strict")
    return name, POLICIES.get(name, "").format(**settings)


def _rank(message: MessageView) -> float:
    return message.rank


def _since(message: MessageView) -> float:
    return message.since


def _number(values: dict[str, str], name: str) -> float:
    try:
        return float(values.get(name, "0"))
    except ValueError:  # no value yet
        return 0.0
