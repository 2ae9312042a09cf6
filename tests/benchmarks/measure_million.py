"""A million messages that nobody takes: their memory, and a frame of the lab with them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .interleaved import Ratio, middle, ratio
from .table import COST, Row, number, seconds

ROOT = Path(__file__).resolve().parents[2]
FEW = 10


def child(side: str, messages: int) -> dict[str, float]:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.queued", side, str(messages)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(quick: bool, rounds: int) -> list[Row]:
    """Compare memory with the tuned peer's, and the frame with that of ten messages."""
    messages = 100_000 if quick else 1_000_000
    peer = child("peer", messages)["engine"] / messages
    many: list[dict[str, float]] = []
    few: list[dict[str, float]] = []
    for _ in range(rounds):
        many.append(child("ours", messages))
        few.append(child("ours", FEW))
    rows = []
    for key, what in (("engine", "memory a queued message"), ("shown", "the same, on the screen")):
        each = [found[key] / messages for found in many]
        shares = sorted(one / peer for one in each)
        rows.append(
            Row(
                f"{what}, {messages:,} of them",
                f"{number(middle(each))} bytes",
                f"SimPy tuned: {number(peer)} bytes",
                Ratio(middle(shares), shares[0], shares[-1]),
                COST,
            )
        )
    above, below = [found["frame"] for found in many], [found["frame"] for found in few]
    rows.append(
        Row(
            f"frame of the lab with {messages:,} queued",
            seconds(middle(above)),
            f"with {FEW} queued: {seconds(middle(below))}",
            ratio(above, below),
            COST,
        )
    )
    return rows
