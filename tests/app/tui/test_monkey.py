"""A monkey at the keyboard: whatever is pressed and however the terminal changes, nothing breaks.

Longer with ``pytest tests/app/tui/test_monkey.py --fuzz 20000``: so many steps for each pattern.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened
from tests.support.broker_state import assert_folds_match

from mailrail.tui.actions import LAB, TWIN
from mailrail.tui.screens.lab import Lab
from mailrail_patterns import catalog

STEPS = int(os.environ.get("MAILRAIL_FUZZ", "0")) or 190
SIZES = [(80, 24), (120, 36), (160, 48), (40, 12), (60, 17), (200, 60), (30, 9), (81, 50)]
QUITS = {"app.quit", "leave"}
KEYS = sorted(
    {key for act in (*LAB, *TWIN) if act.action not in QUITS for key in act.keys.split(",")}
)
TYPED = ["enter", "enter", "escape", "down", "up", "home", "5", "s", "x", "space", "backspace"]


async def home(d: Driver) -> None:
    """Go back to the lab from wherever the monkey is."""
    for _ in range(12):
        if isinstance(d.app.screen, Lab):
            return
        await d.press("escape")
        await d.settle()
    raise AssertionError(f"stuck in {type(d.app.screen).__name__}")


@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_whatever_is_pressed(
    opened: Opened, pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(pattern)
    async with opened(pattern, (120, 36)) as d:
        for step in range(STEPS):
            if chance.random() < 0.06:
                await d.pilot.resize_terminal(*chance.choice(SIZES))
            elif isinstance(d.app.screen, Lab):
                await d.press(chance.choice(KEYS))
                if d.session.playing:
                    d.lab.pulse(chance.random() * 0.4)
            else:
                await d.press(chance.choice(TYPED))
            if step % 25 == 24:
                await home(d)
                d.session.pause()
                run = d.session.run
                if not run.rewound:
                    assert_folds_match(run)
                d.session.seek(run.now)
        await d.pilot.resize_terminal(120, 36)
        await home(d)
        if d.session.lecture.on:  # an audience is shown no clock at the top
            await d.press("P")
        assert d.app.return_value is None
        strips = d.app.screen._compositor.render_strips
        await d.until(lambda: len(strips()) == d.app.size.height)  # laid out anew, not only told
        assert any(f"t {int(d.session.run.now)}" in row for row in d.text())
