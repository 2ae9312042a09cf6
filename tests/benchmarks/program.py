"""Chooses the measures, takes them one after the other and prints the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from .table import Row, show

MEASURES = {
    "kernel": "measure_kernel",
    "run": "measure_run",
    "shares": "measure_shares",
    "patterns": "measure_patterns",
    "million": "measure_million",
    "time": "measure_time",
    "lab": "measure_lab",
    "drawing": "measure_drawing",
    "start": "measure_start",
}
"""Each measure and the module that takes it: ``measure(quick, rounds) -> rows``."""


def main() -> None:
    """Take the measures the command line asks for."""
    parser = argparse.ArgumentParser("python tests/benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, three rounds")
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="NAME",
                        help=f"one of {', '.join(MEASURES)}; may be repeated")  # fmt: skip
    wanted = parser.parse_args()
    rounds = 3 if wanted.quick else 5
    rows: list[Row] = []
    for name in wanted.only or MEASURES:
        print(f"{name} …", file=sys.stderr, flush=True)  # noqa: T201
        measure: Callable[[bool, int], list[Row]] = import_module(
            f".{MEASURES[name]}", __package__
        ).measure
        rows += measure(wanted.quick, rounds)
    show(rows, rounds)
