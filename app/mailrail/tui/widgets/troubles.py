"""The faults that are on, in a few words: how one is called, and several on one row."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail_patterns.views import FaultView

from . import glyphs
from .paper import Paper


def called(fault: FaultView) -> str:
    """Name a fault for whom it is on: ``slow ×20``, and ``cut off`` for one behind a partition."""
    if fault.name == "partition":
        return "cut off"
    if fault.role:
        return f"{fault.name} {fault.target}"
    return f"{fault.name} ×{fault.amount}" if fault.name == "slow" else fault.name


def put_faults(paper: Paper, x: int, y: int, end: int, faults: Sequence[FaultView]) -> int:
    """Name as many faults as there is room for before column ``end``, and count the rest.

    Returns:
        The column after what was written.
    """
    for index, fault in enumerate(faults):
        name = fault.name if fault.role or fault.name == "partition" else called(fault)
        text = f"{glyphs.FAULT} {name} {fault.target}".rstrip()
        rest = len(faults) - index - 1
        if index and x + len(text) + (3 if rest else 0) > end:
            return paper.fit(x, y, f"+{rest + 1}", end - x, "fault+bold")
        x = paper.fit(x, y, text, end - x, "fault+bold") + 1
    return x
