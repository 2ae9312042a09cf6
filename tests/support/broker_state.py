"""What the broker itself holds, to be compared with what the folds say it holds."""

from __future__ import annotations

from mailrail_patterns.broker.entry import Stage
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.projections.queues import QueueFold
from mailrail_patterns.run import Run
from mailrail_patterns.world import World

State = dict[str, object]


def ready_names(queue: Queue) -> list[str]:
    """Return the names of the ready messages, next to be delivered first."""
    return [entry.name for entry in (*queue._returns.leave(), *queue._line.leave())]


def held(queue: Queue) -> State:
    """Return what the broker holds on one queue."""
    entries = list(queue.entries.values())
    aside = {Stage.SCHEDULED: "scheduled", Stage.DEFERRED: "deferred"}
    return {
        "ready": ready_names(queue),
        "depth": queue.depth,
        "locked": {
            e.name: (e.holder.process.name if e.holder else "", e.until, e.deliveries)
            for e in entries
            if e.stage is Stage.LOCKED
        },
        "aside": {e.name: aside[e.stage] for e in entries if e.stage in aside},
        "dead": list(queue.dead),
    }


def folded(queue: QueueFold) -> State:
    """Return the same of a fold."""
    return {
        "ready": list(queue.ready),
        "depth": len(queue.ready),
        "locked": {v.name: (v.owner, v.until, v.delivery) for v in queue.locked.values()},
        "aside": {v.name: v.stage for v in queue.aside.values()},
        "dead": list(queue.dead),
    }


def world_of(run: Run) -> World:
    """Return the world behind a run."""
    return run._world


def assert_folds_match(run: Run) -> None:
    """Compare every queue at the frontier with its fold."""
    if run.rewound:
        return
    folds = run.picture.queues.queues
    for name, queue in world_of(run).queues.items():
        assert folded(folds[name]) == held(queue), name
