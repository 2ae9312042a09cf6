"""Which commands and answers have just set off, and by which way."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import role_of
from mailrail_patterns.views import MessageView, QueueView

from . import motion
from .journeys import set_off
from .motion import Flight, Point
from .saga_plan import Plan
from .saga_words import chip

INBOX = "to-orchestrator"


def flights_of(
    frame: LabFrame, plan: Plan, steps: Sequence[str], desk: int
) -> list[Flight]:  # fmt: skip
    """Return what is on its way; ``desk`` is the column in which the orchestrator sits."""
    found: list[Flight] = []
    span = motion.window(frame)
    since = frame.view.now - span

    def launch(message: MessageView, ink: str, path: tuple[Point, ...]) -> None:
        share = motion.progress(frame, message.moved)
        if message.stage == "completed":  # an answer, read as it arrived: its chip has its sign
            if frame.playing and share is not None:
                found.append(Flight(chip(message.name), ink, path, share))
            return
        set_off(frame, found, message, chip(message.name), ink, path)

    def box(actor: str) -> int | None:
        step = role_of(actor)
        return steps.index(step) if step in steps else None

    for queue in frame.view.queues:
        step = queue.name.removeprefix("to-")
        for message in _moved(queue, since):
            dead = message.stage in {"dead", "expired", "dropped"}
            if queue.name == INBOX:
                late = message.stage == "completed" and message.moved - message.since > span
                if late or "-timer-" in message.name:
                    continue
                origin = box(message.sender)
                path = ((0, plan.bus), (desk, plan.bus)) if origin is None else _up(
                    plan, origin, desk
                )[::-1]  # fmt: skip
                launch(message, _ink(message, dead), path)
            elif step in steps and message.stage not in {"completed", "dead"}:
                path = _up(plan, steps.index(step), desk)
                if message.moved - message.since > span:  # it has waited, here and not there
                    path = ((path[-1][0], plan.floor), (path[-1][0], plan.top + 2))
                undo = "-undo-" in message.name
                launch(message, "on-warn" if undo else "on-moving", path)
            elif step in steps and dead:
                x = plan.middle(steps.index(step))
                launch(message, "on-dead", ((x, plan.floor - 1), (x, plan.ledger)))
    return found


def _moved(queue: QueueView, since: float) -> list[MessageView]:
    every = (*queue.ready, *queue.locked, *queue.gone, *queue.dead[-4:])
    return [message for message in every if message.moved > since]


def _up(plan: Plan, index: int, desk: int) -> tuple[Point, ...]:
    """Return the way of a command: along the bus, then up to its participant."""
    x = plan.middle(index)
    return ((desk, plan.bus), (x, plan.bus), (x, plan.floor - 1))


def _ink(message: MessageView, dead: bool) -> str:
    if dead:
        return "on-dead"
    return "on-warn" if chip(message.name)[0] in "✗■" else "on-done"
