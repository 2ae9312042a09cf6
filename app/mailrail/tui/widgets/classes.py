"""The two priority classes as they stand: what waits, for how long, and how it is being served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from mailrail.frames import LabFrame
from mailrail_patterns.views import MessageView, QueueView

from . import figures

HIGH: Final = "high"
LOW: Final = "low"
GLYPHS: Final = {HIGH: "▲", LOW: "▼"}
"""The sign of a class; it stands beside the word wherever there is room for both."""

POLICIES: Final = {
    "fifo": "first come, first served",
    "strict": "high always goes first",
    "aging": "low is high after {aging}",
    "share": "after {share} high, 1 low",
    "pools": "each its own workers",
}
"""Who is served next, in words; settings stand in braces."""


class Standing(NamedTuple):
    """One class at one instant.

    Attributes:
        name: ``high`` or ``low``.
        line: What of it is ready, as a queue of its own.
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
    return ground + (group if group in GLYPHS else "ready")


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
        completed=sum(queue.completed for queue in queues),
        scheduled=sum(queue.scheduled for queue in queues),
        groups=tuple(group for queue in queues for group in queue.groups),
    )


def standings(frame: LabFrame, queue: QueueView) -> tuple[Standing, Standing]:
    """Return how high and low stand, of all queues ``merged``."""
    values = {row.name: row.value for row in frame.metrics}
    settings = dict(frame.view.settings)
    limits = {HIGH: "sla", LOW: "starve_after"}
    found = []
    for name in (HIGH, LOW):
        groups = [group for group in queue.groups if group.name == name]
        ready = sorted((m for g in groups for m in g.ready), key=_since) if len(groups) > 1 else [
            message for group in groups for message in group.ready
        ]  # fmt: skip
        depth = sum(group.depth for group in groups)
        line = replace(queue, name=name, depth=depth, ready=tuple(ready))
        found.append(
            Standing(
                name,
                line,
                max([_number(values, f"{name}_unbegun"), *(group.age for group in groups)]),
                int(_number(values, f"{name}_started")),
                int(_number(values, f"{name}_offered")),
                _number(values, f"{name}_starved"),
                figures.seconds_of(settings.get(limits[name], "")) or 0.0,
            )
        )
    return found[0], found[1]


def policy_of(frame: LabFrame) -> tuple[str, str]:
    """Return the policy's name and what it means, in words."""
    settings = dict(frame.view.settings)
    name = settings.get("policy", "strict")
    return name, POLICIES.get(name, "").format(**settings)


def _since(message: MessageView) -> float:
    return message.since


def _number(values: dict[str, str], name: str) -> float:
    try:
        return float(values.get(name, "0"))
    except ValueError:  # no value yet
        return 0.0
