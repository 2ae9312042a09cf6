"""What a frame of the lab costs, against the least a widget of that size can cost."""

from __future__ import annotations

import asyncio
import time
from statistics import mean
from typing import Any, NamedTuple

from textual.app import App

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.screens.stage import Stage

from .driving import frames
from .interleaved import Ratio, middle, ratio
from .recorder import Bare, Recorder, recorder
from .scenarios import competing
from .table import COST, Row, number, seconds

SIZE = (120, 36)
FRAME = 0.05
"""Seconds a frame: the lab draws twenty a second."""

WARM = 120.0
"""Seconds of virtual time before the first frame, so that every pane is full."""


class Idle(NamedTuple):
    """An idle stretch.

    Attributes:
        cpu: Processor seconds a second.
        beats: Calls of the frame timer.
        writes: Frames written.
    """

    cpu: float
    beats: int
    writes: int


def lab(paused: bool, speed: float = 1.0) -> Explorer:
    """Return the explorer on a busy run."""
    scenario = competing(0, every="exponential(250ms)", service="uniform(0.5s, 1.5s)")
    session = Session(scenario, speed=speed)
    session.seek(WARM)
    while session.moving:  # the way there, and looking ahead, once; what is measured comes after
        session.tick(0.0)
    return Explorer(session, paused=paused)


async def idle(app: App[Any], duration: float) -> Idle:
    """Watch an application that has nothing to do."""
    found = Idle(0.0, 0, 0)

    async def drive(pilot: Any) -> None:
        nonlocal found
        await pilot.pause(1.0)
        driver, stage, beats = recorder(app), app.screen, [0]
        if isinstance(stage, Stage):
            pulse = stage.pulse

            def counted(delta: float) -> None:
                beats[0] += 1
                pulse(delta)

            stage.pulse = counted  # type: ignore[method-assign]
        writes, start = driver.writes, time.process_time()
        await asyncio.sleep(duration)
        cpu = (time.process_time() - start) / duration
        found = Idle(cpu, beats[0], driver.writes - writes)
        app.exit()

    app.driver_class = Recorder
    await app.run_async(headless=False, size=SIZE, auto_pilot=drive)
    return found


def measure(quick: bool, rounds: int) -> list[Row]:
    """Drive both alike, in turn."""
    count = 40 if quick else 150
    speeds = (1.0, 10.0)
    bare: list[float] = []
    ours: dict[float, list[float]] = {speed: [] for speed in speeds}
    for _ in range(rounds):
        bare.append(mean(asyncio.run(frames(Bare(), SIZE, count, FRAME))))
        for speed in speeds:
            ours[speed].append(mean(asyncio.run(frames(lab(False, speed), SIZE, count, FRAME))))
    rows = [
        Row(
            f"processor time of a lab frame, 120x36, speed {speed:g}",
            seconds(middle(ours[speed])),
            f"one bare line widget, 120x36: {seconds(middle(bare))}",
            ratio(ours[speed], bare),
            COST,
        )
        for speed in speeds
    ]
    return [*rows, _paused(1.0 if quick else 4.0, rounds)]


def _paused(duration: float, rounds: int) -> Row:
    quiet = [asyncio.run(idle(Bare(), duration)) for _ in range(rounds)]
    ours = [asyncio.run(idle(lab(True), duration)) for _ in range(rounds)]
    beats, writes = sum(one.beats for one in ours), sum(one.writes for one in ours)
    bare = middle([one.cpu for one in quiet])
    cpu = [one.cpu for one in ours]
    return Row(
        f"lab paused for {number(duration)} s: {beats} beats, {writes} frames",
        f"{middle(cpu):.3%} of a core",
        f"bare application, idle: {bare:.3%}",
        Ratio(*(f(cpu) / bare for f in (middle, min, max))) if bare else None,
        COST,
        "0 beats, 0 frames",
    )
