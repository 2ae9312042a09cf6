"""How long ``mailrail --help`` takes, against importing the library it is made with."""

from __future__ import annotations

import subprocess
import sys
import time

from .interleaved import middle, ratio, timed
from .table import COST, Row, seconds

# What the installed command does.
HELP = "import sys; sys.argv = ['mailrail', '--help']; from mailrail.cli import main; main()"
PEER = "import typer"
NOTHING = "pass"
RUNS = 11


def measure(quick: bool, rounds: int) -> list[Row]:
    """Start the three interpreters in turn; here the wall clock counts."""
    times = timed(
        {code: lambda code=code: start(code) for code in (HELP, PEER, NOTHING)},  # type: ignore[misc]
        5 if quick else RUNS,
        time.perf_counter,
    )
    ours = times[HELP]
    return [
        Row("mailrail --help", seconds(middle(ours)), f"{what}: {seconds(middle(times[code]))}",
            ratio(ours, times[code]), COST)
        for code, what in ((PEER, "python -c 'import typer'"), (NOTHING, "python -c pass"))
    ]  # fmt: skip


def start(code: str) -> None:
    """Run code in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
