"""Ten runs of one scenario, on screens and without, under two hash seeds: one digest."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.tui.driving import LEASE, Driver

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ROOT = Path(__file__).resolve().parents[3]
UNTIL = 10.0
SCREENS = [((80, 24), 1.5), ((120, 36), 4.0), ((160, 48), 8.0), ((80, 24), 16.0)]
"""Sizes of the terminal, and how fast the run is played."""
CODE = "from tests.app.tui.test_one_digest import digests; print(*digests())"


def alone() -> str:
    """Return the digest of a run nobody looks at."""
    run = Run(find(LEASE))
    run.advance(UNTIL)
    return run.digest()


async def seen(size: tuple[int, int], speed: float) -> str:
    """Return the digest of a run that is played in the lab."""
    session = Session(find(LEASE), speed=speed, clock=lambda: 0.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        await driver.play_to(UNTIL)
        session.run.seek(UNTIL)
        return session.run.digest()


def digests() -> list[str]:
    """Return the digests of five runs: one alone, four on screens."""

    async def each() -> list[str]:
        return [await seen(size, speed) for size, speed in SCREENS]

    return [alone(), *asyncio.run(each())]


@pytest.fixture(scope="module")
def here() -> str:
    """The digest of this interpreter."""
    return alone()


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_screens_and_hash_seeds_make_no_difference(hash_seed: str, here: str) -> None:
    path = os.pathsep.join(str(ROOT / part) for part in ("app", "patterns", "themes", ""))
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=300,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.stdout.split() == [here] * 5
