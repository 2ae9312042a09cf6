"""The one table a run of the benchmarks prints."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from .interleaved import Ratio

FAST = "x as fast"
COST = "x the cost"


class Row(NamedTuple):
    """One measure.

    Attributes:
        measure: What is measured.
        ours: Our value, with its unit.
        peer: What it is compared with, and its value.
        ratio: The ratio; None where only a share or a count is told.
        reading: Whether more of the ratio is better (``FAST``) or worse (``COST``).
        goal: What it should be; empty: nothing was promised.
    """

    measure: str
    ours: str
    peer: str = ""
    ratio: Ratio | None = None
    reading: str = COST
    goal: str = ""


def number(value: float) -> str:
    """Write a number with three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def seconds(value: float) -> str:
    """Write a time in the unit it is read best in."""
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if value * factor >= 1:
            return f"{number(value * factor)} {unit}"
    return f"{number(value * 1e6)} µs"


def machine() -> str:
    """Return what of the machine matters to a ratio."""
    return (
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def show(rows: Iterable[Row], rounds: int) -> None:
    """Print the table."""
    table = Table(
        title=f"{machine()}; medians of at most {rounds} rounds, in turn", title_justify="left"
    )
    for heading in ("measure", "ours", "peer", "ratio", "from - to", "", "goal"):
        table.add_column(heading, justify="right" if heading == "ratio" else "left")
    for row in rows:
        if row.ratio is None:
            table.add_row(row.measure, row.ours, row.peer, "", "", "", row.goal)
        else:
            spread = f"{number(row.ratio.low)} - {number(row.ratio.high)}"
            table.add_row(row.measure, row.ours, row.peer, number(row.ratio.median), spread,
                          row.reading, row.goal)  # fmt: skip
    Console(width=150).print(table)
