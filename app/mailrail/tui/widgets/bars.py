"""Bars that grow and bars that run out; they differ in shape, not in colour only."""

from __future__ import annotations

from .paper import Paper


def grow(paper: Paper, x: int, y: int, width: int, share: float, ink: str) -> int:
    """Draw how much of something is done: heavy what is, light what is not.

    Returns:
        The column after the bar.
    """
    halves = round(max(0.0, min(1.0, share)) * width * 2)
    full, half = divmod(halves, 2)
    paper.put(x, y, "─" * width, "lane")
    paper.put(x, y, "━" * full, ink)
    if half:
        paper.put(x + full, y, "╸", ink)
    return x + width


def drain(paper: Paper, x: int, y: int, width: int, share: float, ink: str) -> int:
    """Draw how much of something is left: blocks that vanish.

    Returns:
        The column after the bar.
    """
    left = max(0.0, min(1.0, share)) * width
    blocks = int(left) + (1 if left > int(left) + 1e-9 else 0)
    paper.put(x, y, "▯" * width, "lane")
    paper.put(x, y, "▮" * blocks, ink)
    return x + width


def span(
    paper: Paper, x: int, y: int, width: int, start: float, end: float, ink: str, stop: str = ""
) -> int:
    """Draw a stretch of an axis, from share ``start`` to share ``end``, with a stop at its end.

    Returns:
        The column after the axis.
    """
    first, last = round(start * width), round(end * width)
    paper.put(x, y, "─" * min(first, last), "lane")
    paper.put(x + first, y, "━" * max(0, last - first), ink)
    if stop and 0 < last <= width:
        paper.put(x + last - 1, y, stop, ink)
    return x + width
