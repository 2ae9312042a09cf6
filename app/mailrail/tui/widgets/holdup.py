"""What waits at the sink of a pipeline for an item that is missing, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.items import item_of
from mailrail_patterns.projections.flowing import Belt
from mailrail_patterns.projections.sink import SinkGap

from . import figures, glyphs
from .paper import Paper

NAMED = 3
"""Items of a key that are named at most."""


def gaps(frame: LabFrame) -> Sequence[SinkGap]:
    """Return the keys that do not go on, those that have waited longest first."""
    scene = frame.view.scene
    return scene.gaps if isinstance(scene, Belt) else ()


def told(gap: SinkGap, now: float) -> str:
    """Say what is set aside, what for, and for how long: ``m05 set aside: m01 missing for 2.0s``.

    Where no pipe ever took what is missing, it is called by its key and number: ``k1.3``.
    """
    shown = ", ".join(item_of(name) for name in gap.waiting[:NAMED])
    rest = len(gap.waiting) - NAMED
    more = f" +{figures.count(rest)}" if rest > 0 else ""
    return f"{shown}{more} set aside: {gap.missing} missing for {figures.left(now - gap.since)}"


def draw_gaps(paper: Paper, x: int, y: int, frame: LabFrame) -> None:
    """Say in one row what each key waits for: all of it, or only what is missing, as it fits."""
    for gap in gaps(frame):
        room = paper.width - x
        ways = (told(gap, frame.view.now), f"{gap.missing} missing")
        text = next((each for each in ways if len(each) + 2 <= room), "")
        if not text:  # the pipe says how many are set aside
            return
        x = paper.put(x, y, f"{glyphs.ASIDE} {text}", "warn+bold") + 2
