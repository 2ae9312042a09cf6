"""What carries the items of a pipeline: the bus, or a store and tickets on the bus."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.carrying import LadenBelt
from mailrail_patterns.projections.cloakroom import Cloakroom
from mailrail_patterns.sizes import write_size
from mailrail_patterns.views import QueueView

from . import figures, glyphs
from .paper import Span
from .stations import DEAF, SWEEPER

TICKET: Final = "+underline"
"""What marks an item that is a ticket to something in the store."""


def scene_of(frame: LabFrame) -> Cloakroom | None:
    """Return the store and the bus; None where items are too small for it to matter."""
    scene = frame.view.scene
    return scene.cloakroom if isinstance(scene, LadenBelt) else None


def checks(frame: LabFrame) -> bool:
    """Say whether items wait in a store and only tickets travel."""
    return scene_of(frame) is not None and dict(frame.view.settings).get("claim_check") == "on"


def tickets(frame: LabFrame, queue: QueueView) -> Collection[str]:
    """Return those messages of a pipe that are tickets, by name."""
    scene = scene_of(frame)
    if scene is None or not checks(frame):
        return ()
    return {message.name for message in (*queue.ready, *queue.locked)
            if message.name not in scene.heavy}  # fmt: skip


def haulage(frame: LabFrame) -> list[list[Span]]:
    """Return what to say of bus and store, from the longest way to say it to the shortest."""
    scene = scene_of(frame)
    if scene is None:
        return []
    gap: Span = ("   ", "faint")
    bus: list[Span] = [gap, ("bus ", "faint"), (write_size(scene.bus), "text+bold")]
    refused: list[Span] = []
    if scene.refusal is not None:
        word = f"{glyphs.BROKEN} {figures.count(scene.refusal.count)} refused"
        refused = [gap, (word, "broken+bold")]
    if not checks(frame):
        return [[*refused, *bus], refused or bus]
    lockers = "1 locker" if scene.count == 1 else f"{figures.count(scene.count)} lockers"
    store: list[Span] = [
        gap,
        ("store ", "faint"),
        (f"{write_size(scene.size)} in {lockers}", "held"),
    ]
    brief: list[Span] = [gap, (f"{lockers} {write_size(scene.size)}", "held")]
    stray = sum(1 for each in scene.lockers if each.state in ("orphan", "settled"))
    if stray:
        store.append((f", {figures.count(stray)} for nobody", "warn+bold"))
    for actor in frame.view.actors:
        if actor.role == SWEEPER and actor.state in DEAF:
            word = f" {glyphs.state(actor.state)} {actor.name} {actor.state}"
            store.append((word, f"{actor.state}+bold"))
    return [[*refused, *store, *bus], [*refused, *store], store, brief]
