"""What is set aside until something that is missing comes, and for how long it has waited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.items import item_of
from mailrail_patterns.projections.flowing import Belt
from mailrail_patterns.projections.sink import SinkGap

from . import figures, glyphs
from .paper import Paper, whole

NAMED = 3
"""Names of what is set aside that are told at most."""


def gaps(frame: LabFrame) -> Sequence[SinkGap]:
    """Return the keys of a pipeline that do not go on, those that have waited longest first."""
    scene = frame.view.scene
    return scene.gaps if isinstance(scene, Belt) else ()


def some(names: Sequence[str], called: Callable[[str], str]) -> str:
    """Return what the first of several messages are called, and how many more there are."""
    rest = len(names) - NAMED
    more = f" +{figures.count(rest)}" if rest > 0 else ""
    return ", ".join(map(called, names[:NAMED])) + more


def told(aside: str, missing: str, waited: float) -> str:
    """Say what is set aside, what for, and for how long: ``m05 set aside: m01 missing for 2.0s``.

    Where no pipe ever took what is missing, it is called by its key and number: ``k1.3``.
    """
    return f"{aside} set aside: {missing} missing for {figures.left(waited)}"


def draw_gaps(paper: Paper, x: int, y: int, frame: LabFrame) -> None:
    """Say in one row what each key waits for: all of it, or only what is missing, as it fits."""
    for gap in gaps(frame):
        text = told(some(gap.waiting, item_of), gap.missing, frame.view.now - gap.since)
        text = whole(paper.width - x - 2, text, f"{gap.missing} missing", "")
        if not text:  # the pipe says how many are set aside
            return
        x = paper.put(x, y, f"{glyphs.ASIDE} {text}", "warn+bold") + 2
