"""A monkey at keyboard and mouse: whatever it does, however the terminal changes, nothing breaks.

It types in bursts, as nobody does on purpose; what is seen is drawn once after each, and compared
with the fold of the journal. Longer with ``pytest tests/app/tui/test_monkey.py --fuzz 20000``: so
many steps for each pattern.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from tests.app.tui.driving import Driver, Opened
from tests.support.broker_state import assert_folds_match
from textual import events

from mailrail.tui.actions import GALLERY, LAB, SHELF, TWIN, Act
from mailrail.tui.app import Explorer
from mailrail.tui.keynames import split
from mailrail.tui.screens.gallery import Gallery
from mailrail.tui.screens.lab import Lab
from mailrail.tui.screens.shelf import Shelf
from mailrail.tui.screens.sized import Sized
from mailrail.tui.screens.twin import Twin
from mailrail_patterns import catalog

STEPS: Final = int(os.environ.get("MAILRAIL_FUZZ", "0")) or 400
"""Keys, clicks and resizes for each pattern."""

BURST: Final = 6
"""Most of them between two looks at the screen."""

ROUND: Final = 40
"""Steps after which the monkey is led back to where it began."""

SIZES = [(80, 24), (120, 36), (160, 48), (40, 12), (60, 17), (200, 60), (30, 9), (81, 50)]


def keys_of(acts: Iterable[Act], *without: str) -> list[str]:
    return sorted({k for act in acts if act.action not in without for k in act.keys.split(",")})


AT_HOME: Final = keys_of((*LAB, *TWIN), "app.quit", "leave")
KEYS: Final[dict[type, list[str]]] = {
    Lab: AT_HOME, Twin: AT_HOME,
    Gallery: keys_of(GALLERY, "app.quit", "leave"),
    Shelf: keys_of(SHELF, "app.quit"),
}  # fmt: skip
TYPED: Final = [
    "enter", "enter", "escape", "down", "up", "home", "5", "s", "x", "space", "backspace", "tab",
    "right", "f1", "question_mark", "ctrl+d", "G",
]  # fmt: skip
SIGNS: Final = {split(sign)[0]: sign for sign in "?/.'+-=[]"} | {"comma": ",", "space": " "}


class Monkey:
    """What it does next, and whether all is well."""

    def __init__(self, d: Driver, seed: str, *, ends: type[Sized]) -> None:
        self.d, self.chance, self.home = d, random.Random(seed), ends
        self.compared = 0

    async def play(self, steps: int) -> None:
        done = 0
        while done < steps:
            for _ in range(self.chance.randint(1, BURST)):
                await self.step()
                done += 1
                if done % ROUND == 0:
                    await self.look()
                    await self.return_home()
            await self.look()
        await self.return_home()

    async def step(self) -> None:
        """Press a key, click, drag, scroll, or change the size of the terminal."""
        app, what = self.d.app, self.chance.random()
        if what < 0.04:
            await self.d.pilot.resize_terminal(*self.chance.choice(SIZES))
        elif what < 0.16:
            self.point(self.chance.choice(("click", "click", "drag", "up", "down")))
        else:
            known = KEYS.get(type(app.screen), TYPED)
            key = self.chance.choice(TYPED if self.chance.random() < 0.1 else known)
            sign = SIGNS.get(key, key)
            app.post_message(events.Key(key, sign if len(sign) == 1 else None))

    def point(self, what: str) -> None:
        """Do something with the mouse."""
        x, y = self._spot()
        if what in ("up", "down"):
            kind = events.MouseScrollUp if what == "up" else events.MouseScrollDown
            self._mouse(kind, x, y, 0)
            return
        to_x, to_y = self._spot() if what == "drag" else (x, y)
        self._mouse(events.MouseMove, x, y, 0)
        self._mouse(events.MouseDown, x, y, 1)
        if what == "drag":
            self._mouse(events.MouseMove, (x + to_x) // 2, (y + to_y) // 2, 1)
            self._mouse(events.MouseMove, to_x, to_y, 1)
        self._mouse(events.MouseUp, to_x, to_y, 1)

    def _spot(self) -> tuple[int, int]:
        width, height = self.d.app.size
        # Not the last row: its last key leaves.
        return self.chance.randrange(width), self.chance.randrange(max(1, height - 1))

    def _mouse(self, kind: type[events.MouseEvent], x: int, y: int, button: int) -> None:
        held = False, False, False
        self.d.app.post_message(kind(None, x, y, 0, 0, button, *held, x, y))

    async def look(self) -> None:
        """Let it all be handled and drawn; what a run holds is what its journal says."""
        await self.d.pilot.pause(0)
        for lab in [screen for screen in self.d.app.screen_stack if isinstance(screen, Lab)]:
            session = lab.session
            if session.playing and lab is self.d.app.screen:
                lab.pulse(self.chance.random() * 0.8)
            if not session.run.rewound:
                assert_folds_match(session.run)
                self.compared += 1

    async def return_home(self) -> None:
        """Go back to where it began; nothing may hold it longer than a few keys."""
        for _ in range(12):
            await self.d.settle()  # what has been typed ahead may open something yet
            screen = self.d.app.screen
            if isinstance(screen, self.home):
                break
            await self.d.press("q" if isinstance(screen, Lab) else "escape")
        assert isinstance(screen, self.home)
        if isinstance(screen, Lab):
            screen.session.pause()
            screen.session.seek(screen.session.run.now)


async def drawn_whole(d: Driver) -> None:
    """Wait until all of the screen has been laid out anew after a resize."""
    await d.pilot.resize_terminal(120, 36)
    await d.until(lambda: len(d.app.screen._compositor.render_strips()) == d.app.size.height)


@pytest.fixture(autouse=True)
def nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the monkey in: a row of help and of the palette leaves, and it may well choose that."""
    monkeypatch.setattr(Explorer, "exit", lambda app, *answers, **more: None)


@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_whatever_is_done_in_a_lab(
    opened: Opened, pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(pattern, (120, 36)) as d:
        monkey = Monkey(d, pattern, ends=Lab)
        await monkey.play(STEPS)
        assert monkey.compared > STEPS // BURST // 4
        if d.session.lecture.on:  # an audience is shown no clock at the top
            await d.press("P")
        await drawn_whole(d)
        assert any(f"t {int(d.session.run.now)}" in row for row in d.text())


async def test_whatever_is_done_from_the_gallery_on(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(None, (120, 36)) as d:
        monkey = Monkey(d, "gallery", ends=Gallery)
        await monkey.play(STEPS)
        await drawn_whole(d)
        assert isinstance(d.app.screen, Sized)
        assert "mailrail" in d.text()[0]
