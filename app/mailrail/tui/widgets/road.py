"""A lane of a convoy together with what stands on it."""

from __future__ import annotations

from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.convoy_scene import FROZEN, ConvoyScene, LaneView
from mailrail_patterns.views import ActorView, MessageView

DEAF: Final = frozenset({"crashed", "paused"})


class Road(NamedTuple):
    """A lane and everything that stands on it.

    Attributes:
        lane: The lane.
        ready: The messages that wait in it, next to be delivered first.
        current: The messages in process.
        holder: Who holds it, as far as is known.
        gone: Whether the one that holds it is an earlier life of that actor.
        out: Whether nobody reaches the broker.
    """

    lane: LaneView
    ready: tuple[MessageView, ...]
    current: tuple[MessageView, ...]
    holder: ActorView | None
    gone: bool
    out: bool = False


def roads_of(frame: LabFrame, scene: ConvoyScene) -> list[Road]:
    """Return every lane of the scene with its messages."""
    queue = frame.view.queues[0]
    ready: dict[str, MessageView] = {m.name: m for group in queue.groups for m in group.ready}
    ready |= {m.name: m for m in queue.ready}
    locked = {m.name: m for m in queue.locked}
    actors = {actor.name: actor for actor in frame.view.actors}
    out = any(f.name == "broker-down" for f in frame.view.faults)
    found = []
    for lane in scene.lanes:
        holder = actors.get(lane.holder)
        alive = holder is not None and holder.state not in DEAF
        cut = out or any(
            f.name == "partition" and f.target in ("", lane.holder) for f in frame.view.faults
        )
        found.append(
            Road(
                lane,
                tuple(ready[name] for name in lane.ready if name in ready),
                tuple(locked[name] for name in lane.current if name in locked),
                holder,
                lane.state == FROZEN and alive and not cut,
                out,
            )
        )
    return found
