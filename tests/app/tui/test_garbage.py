"""What a frame leaves behind is freed at once: no later frame waits for the garbage collector."""

from __future__ import annotations

import gc

import pytest
from tests.app.tui.driving import LARGE, LEASE, Opened
from textual.strip import Strip

from mailrail.tui import launch
from mailrail.tui.app import Explorer
from mailrail.tui.widgets.piece import Piece

FRAMES = 6


@pytest.mark.parametrize("name", [LEASE, "choreography/event-storm"])
async def test_nothing_drawn_refers_to_itself(opened: Opened, name: str) -> None:
    async with opened(name, LARGE) as driver:
        await driver.press("space")
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)  # what it finds is kept to be looked at
        try:
            drawn = set()
            for _ in range(FRAMES):
                driver.lab.pulse(0.5)
                drawn.add("\n".join(driver.text()))
            gc.collect()
            found = {type(each) for each in gc.garbage}
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
        assert len(drawn) == FRAMES
        assert not [t for t in found if t is Strip or t.__module__.startswith("mailrail")]


@pytest.mark.parametrize("cuts", [[6], [2, 6], [2, 4], [6, 9], [9], []])
def test_a_piece_is_divided_as_a_line_is(cuts: list[int]) -> None:
    line = Strip.blank(6)
    piece = Piece(line)
    assert list(piece.divide(cuts)) == list(line.divide(cuts))


def test_the_collector_is_as_before_once_the_explorer_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, seen = gc.get_threshold(), []

    def run(_: Explorer) -> None:
        seen.append((gc.get_threshold()[0], gc.get_freeze_count()))

    monkeypatch.setattr(Explorer, "run", run)
    launch.launch(None)
    ((young, frozen),) = seen
    assert young > before[0]
    assert frozen > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
