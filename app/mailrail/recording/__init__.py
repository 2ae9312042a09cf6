"""Drawing the explorer without a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from mailrail.files import check_target, write_whole
from mailrail.output import SMALLEST
from mailrail.preparation import Request, check_instant, flagged, prepare
from mailrail.screen import theme_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import parse_duration
from mailrail_themes import DEFAULT

LARGEST: Final = (400, 200)
"""Columns and rows beyond which nothing is drawn."""


def carry_out(
    request: Request, path: Path, *, at: str | None, size: str, theme: str | None, force: bool
) -> None:
    """Draw a run at an instant into a file.

    Args:
        request: What is run.
        path: Where to; must end in ``.svg``.
        at: The instant; None: one worth seeing.
        size: Columns and rows: ``120x36``.
        theme: Name of a theme; None: the default.
        force: Whether a file may be overwritten.

    Raises:
        BadInput: If something that was given cannot be used, or the file cannot be written.
    """
    from .stills import still, worth_seeing  # noqa: PLC0415 - Textual takes its time

    if path.suffix != ".svg":
        raise BadInput(f"{path.name!r}: expected a name that ends in .svg", "-o")
    check_target("-o", str(path), force=force)
    columns, rows = flagged("--size", dimensions, size)
    chosen = DEFAULT if theme is None else theme_of(theme)
    run = prepare(request)
    instant = None if at is None else flagged("--at", parse_duration, at)
    if instant is None:
        instant = worth_seeing(run)
    check_instant(instant, run)
    picture = still(run, instant, (columns, rows), chosen)
    write_whole("-o", path, [picture.encode()], force=force)


def dimensions(text: str) -> tuple[int, int]:
    """Read a size such as ``120x36``.

    Raises:
        BadInput: If it is none, or smaller or larger than what is drawn.
    """
    match = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text.strip())
    if match is None:
        raise BadInput(f"expected columns and rows such as 120x36, not {text!r}")
    columns, rows = int(match[1]), int(match[2])
    if not (SMALLEST[0] <= columns <= LARGEST[0] and SMALLEST[1] <= rows <= LARGEST[1]):
        small, large = "×".join(map(str, SMALLEST)), "×".join(map(str, LARGEST))
        raise BadInput(f"expected {small} to {large}, not {columns}×{rows}")
    return columns, rows
