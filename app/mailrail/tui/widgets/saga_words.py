"""The signs, words and inks of sagas, their steps and their messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.saga_scene import SagaMark, SagaScene
from mailrail_patterns.views import ActorView
from mailrail_patterns.worth import CAREFUL

from . import glyphs

STEPS: Final[dict[str, tuple[str, str]]] = {
    "waiting": ("·", "faint"),
    "doing": ("●", "working"),
    "done": ("✓", "done"),
    "declined": ("✗", "broken"),
    "failed": ("✗", "broken"),
    "unknown": ("?", "warn"),
    "undoing": ("←", "warn"),
    "undone": ("↺", "warn"),
}
"""Sign and ink of what became of a step."""

TYPES: Final[dict[str, tuple[str, str]]] = {
    "compensable and retryable": ("↻ retried", "faint"),
    "uncompensated": ("⊘ no undo", "warn"),
    "not retryable": ("⊘ one try", "warn"),
}
"""What is said of a step that is not what the textbook has in its place, and its ink."""

STATES: Final[dict[str, tuple[str, str]]] = {
    "Running": ("●", "working"),
    "Committed": ("●", "done"),
    "Compensating": ("←", "warn"),
    "Completed": (glyphs.DONE, "done"),
    "Compensated": ("↺", "warn"),
    "NeedsHuman": (glyphs.WARN, "broken"),
    "Abandoned": (glyphs.BROKEN, "broken"),
}
"""Sign and ink of where a saga is."""

POLICIES: Final = frozenset({"reverse", "parallel"})
"""The orders of compensation that have a name; any other is told as it is written."""

DOWN: Final = frozenset({"crashed", "paused", "stopped"})
OPEN: Final = frozenset({"Running", "Committed", "Compensating"})
STANDING: Final = ("stock", "credit", "card", "shipping", "notification")
"""The participants before there is any saga."""


def scene_of(frame: LabFrame) -> SagaScene:
    """Return what the frame tells of sagas; nothing yet is an empty scene."""
    scene = frame.view.scene
    return scene if isinstance(scene, SagaScene) else SagaScene()


def focus(sagas: Sequence[SagaMark], actors: Sequence[ActorView] = ()) -> SagaMark | None:
    """Return the saga that is drawn large: the latest that is open, else the latest to end.

    While every orchestrator is dead, nothing goes on but what a participant has in its hands.
    """
    under_way = [saga for saga in sagas if saga.state in OPEN]
    minds = [actor for actor in actors if actor.role == "orchestrator"]
    if minds and all(actor.state in DOWN for actor in minds):
        hands = {a.message.partition("-")[0] for a in actors if a.state == "working"}
        under_way = [saga for saga in under_way if saga.key in hands] or under_way
    if under_way:
        return under_way[-1]
    return max(sagas, key=lambda saga: saga.ended, default=None)


def chip(name: str) -> str:
    """Return what stands for a command or an answer on its way: ``→m02``, ``✗m02``."""
    bare = name.partition("~")[0]
    saga, _, rest = bare.partition("-")
    words = rest.split("-")
    if not rest:
        return saga
    if words[0] == "timer":
        return f"◷{saga}"
    if words[-1] in {"declined", "failed", "refused"}:
        return f"✗{saga}"
    if "done" in words:
        return f"✓{saga}"
    if words[-2:-1] == ["busy"] or words[-1] == "busy":
        return f"■{saga}"
    return f"←{saga}" if words[0] == "undo" else f"→{saga}"


def crews(frame: LabFrame) -> dict[str, list[ActorView]]:
    """Return the actors by role, those that have left excluded unless nobody else is there."""
    found: dict[str, list[ActorView]] = {}
    for actor in frame.view.actors:
        found.setdefault(actor.role, []).append(actor)
    return {
        role: [actor for actor in crew if actor.state != "stopped"] or crew
        for role, crew in found.items()
    }


def way_ink(way: str) -> str:
    """Return the ink of the way that an order goes by its value."""
    return "held" if way == CAREFUL else "faint"


def log_ink(text: str) -> str:
    """Return the ink of an entry of the log."""
    word = text.partition(" ")[0]
    if word == "intent":
        return "warn" if " undo " in f" {text} " else "note"
    if word in {"declined", "failed", "unknown", "no"}:
        return "broken"
    return "done" if word == "done" else "text"
