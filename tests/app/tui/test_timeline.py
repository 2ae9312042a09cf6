"""The timeline as a pane: two rows at the foot, hidden, or lanes and a list with all the room."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Opened
from textual.geometry import Offset

from mailrail.tui.screens.course import Course
from mailrail.tui.widgets.lanes import LANES, Lanes
from mailrail.tui.widgets.marks import Marks

SIZES = [(80, 24), (60, 14), (120, 36), (160, 48)]


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_hidden_shown_and_opened_with_lanes_words_and_a_list(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened(size=size) as d:
        d.session.seek(9.5)
        await d.press("c")
        d.session.seek(40.0)
        d.lab.redraw()
        picture = d.lab.query_one("#picture")
        low = picture.region.height
        await d.press("a")
        assert "timeline" not in d.lab.visible_panes()
        assert picture.region.height > low
        await d.press("a", "z")
        assert d.lab.query_one(Course).region.height >= size[1] - 4
        text = d.text()
        if size[1] > 20:
            for name in LANES.values():
                assert any(row.lstrip().startswith(name) for row in text), name
        assert any("9.5 s" in row and "fault" in row and "crashes" in row for row in text)
        marks = d.lab.query_one(Marks)
        await d.press("home", "j", "k", "enter")
        assert d.session.run.position == int(marks.keys()[0])
        await d.press("G", "enter")
        assert d.session.run.position == int(marks.keys()[-1])
        await d.press("escape", "escape")
        assert "picture" in d.lab.visible_panes()
        assert d.app.focused is None
        assert d.lab.query_one(Course).region.height <= 2


async def test_a_mark_in_its_lane_is_gone_to_and_the_bar_is_dragged(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(40.0)
        await d.press("a", "a", "z")
        lanes = d.lab.query_one(Lanes)
        fault = next(mark for mark in d.session.frame().marks if mark.kind == "fault")
        zone = next(z for z in lanes.zones if z.name.startswith(f"fault {fault.n} "))
        await d.pilot.hover(offset=lanes.content_region.offset + Offset(zone.x, zone.y))
        assert lanes.tooltip == fault.text
        await d.pilot.click(offset=lanes.content_region.offset + Offset(zone.x, zone.y))
        assert d.session.run.position == fault.n
        await d.pilot.click(offset=lanes.content_region.offset + Offset(lanes.span()[0], 0))
        assert d.session.run.now == 0.0


async def test_nothing_to_find_is_said(opened: Opened) -> None:
    async with opened("competing-consumers") as d:
        await d.press("a", "a", "z")
        assert any("Nothing to find yet" in row for row in d.text())
