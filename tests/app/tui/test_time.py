"""Time as a place: dragging the playhead, jumping to what happened, as fast as possible."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import LARGE, Driver, Opened
from tests.support.clock import Clock
from textual.geometry import Offset

from mailrail import arrival
from mailrail.speeds import MAX
from mailrail.tui.widgets.chart import GUTTER
from mailrail.tui.widgets.timeline import gutters


def bar(d: Driver) -> tuple[int, int, int]:
    """Return first column, last column and row of the bar."""
    timeline = d.lab.query_one("#timeline")
    region = timeline.content_region
    start, stop = gutters(d.session.frame(), region.width)
    return region.x + start, region.x + stop - 1, region.y + 1


async def test_the_playhead_is_dragged_and_playing_goes_on_where_it_is_let_go(
    opened: Opened,
) -> None:
    async with opened() as d:
        await d.press("space")
        first, last, y = bar(d)
        await d.pilot.mouse_down(offset=Offset(first, y))
        assert not d.session.playing
        seen = []
        for x in range(first, last, 6):
            await d.pilot.hover(offset=Offset(x, y))
            d.lab.pulse(0.05)  # time does not run away from the hand
            assert not d.session.run.rewound or d.session.run.now < d.session.run.frontier
            seen.append(d.session.run.now)
        assert seen == sorted(set(seen))
        await d.pilot.hover(offset=Offset((first + last) // 2, y))
        assert any("REWOUND" in row for row in d.text())
        await d.pilot.mouse_up(offset=Offset((first + last) // 2, y))
        assert d.session.playing
        assert 28 < d.session.run.now < 32
        await d.pilot.hover(offset=Offset(last, y))
        assert d.session.run.now < 32


async def test_a_drag_off_the_ends_stays_within_the_run(opened: Opened) -> None:
    async with opened() as d:
        first, last, y = bar(d)
        await d.pilot.mouse_down(offset=Offset(first, y))
        await d.pilot.hover(offset=Offset(79, 3))
        assert d.session.run.now == d.session.run.duration
        await d.pilot.hover(offset=Offset(0, 0))
        assert d.session.run.now == 0.0
        await d.pilot.mouse_up(offset=Offset(0, 0))
        assert not d.session.playing
        await d.pilot.hover(offset=Offset(last, y))
        assert d.session.run.now == 0.0


async def test_a_mark_is_gone_to_exactly(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(30.0)
        d.lab.redraw()
        await d.settle()
        timeline = d.lab.query_one("#axis")
        broken = next(m for m in d.session.frame().marks if m.kind == "violation")
        zone = next(z for z in timeline.zones if z.name.split()[:2] == ["violation", str(broken.n)])  # type: ignore[attr-defined]
        place = timeline.content_region.offset + Offset(zone.x, zone.y)
        await d.pilot.hover(offset=place)
        assert timeline.tooltip == broken.text
        await d.pilot.click(offset=place)
        await d.settle()
        assert (d.session.run.position, d.session.run.now) == (broken.n, broken.t)


async def test_charts_take_the_playhead_along_too(opened: Opened) -> None:
    async with opened(size=LARGE) as d:
        d.session.seek(60.0)
        d.lab.redraw()
        await d.settle()
        chart = d.lab.query_one("#depth").content_region
        await d.pilot.click(offset=chart.offset + Offset(GUTTER, 1))
        assert d.session.run.now == 0.0
        await d.pilot.click(offset=Offset(chart.right - 1, chart.y))
        assert d.session.run.now == 60.0


@pytest.mark.parametrize(("forth", "back", "kind"), [
    ("f", "F", "fault"), ("v", "V", "violation"), ("right_square_bracket",
                                                   "left_square_bracket", "caption"),
])  # fmt: skip
async def test_the_next_of_a_kind_and_the_one_before(
    opened: Opened, forth: str, back: str, kind: str
) -> None:
    async with opened() as d:
        d.session.seek(d.session.run.duration)
        d.lab.redraw()
        marks = [m.n for m in d.session._framer.marks if m.kind == kind]
        d.session.seek_event(0)
        there = []
        for _ in marks:
            await d.press(forth)
            there.append(d.session.run.position)
        assert there == marks
        await d.press(forth)
        await d.until(lambda: f"No {kind} after this." in d.told())
        for number in reversed(marks[:-1]):
            await d.press(back)
            assert d.session.run.position == number


@pytest.mark.parametrize(
    ("key", "told", "at"),
    [
        ("f", "No fault after this.", 40.0),
        ("right_square_bracket", "No caption after this.", 40.0),
        ("right", "Nothing more happens before the end.", 60.0),
    ],
)
async def test_looking_ahead_in_vain_does_not_rewind(
    opened: Opened, key: str, told: str, at: float
) -> None:
    async with opened() as d:
        d.session.seek(40.0)  # the last event is behind
        await d.press(key)
        await d.until(lambda: told in d.told())
        await d.settle()
        run = d.session.run
        assert (run.now, run.frontier) == (at, at)
        assert not any("REWOUND" in row for row in d.text())


async def test_as_fast_as_possible_and_as_fast_as_before(opened: Opened) -> None:
    async with opened() as d:
        await d.press("plus", "M")
        assert d.session.playback.speed == MAX
        assert any(" max " in row for row in d.text()[:1])
        await d.press("M")
        assert d.session.playback.speed == 2.0
        for _ in range(12):
            await d.press("plus")
        assert d.session.playback.speed == MAX
        await d.press("minus")
        assert d.session.playback.speed == 100.0
        await d.press("M", "space")
        d.lab.pulse(0.0)
        assert d.session.ended
        assert not d.session.playing
        assert any("The end" in text for text in d.told())


async def test_the_parts_of_the_header_answer_clicks(opened: Opened) -> None:
    async with opened(size=(120, 36)) as d:
        await d.press("plus")
        head = d.text()[0]
        await d.pilot.click(offset=Offset(head.index("paused"), 0))
        await d.until(lambda: d.session.playing)
        await d.pilot.click(offset=Offset(head.index("×2"), 0))
        await d.until(lambda: d.session.playback.speed == MAX)
        await d.pilot.hover(offset=Offset(d.text()[0].index("seed"), 0))
        assert d.lab.query_one("#header").tooltip == "Run anew with another seed, settings kept"
        await d.pilot.click(offset=Offset(d.text()[0].index(" t ") + 2, 0))
        await d.until(lambda: d.showing("Form"))


async def test_what_takes_its_time_is_told_and_stopped_by_escape(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as d:
        d.session.seek(50.0)
        d.session.seek(40.0)
        monkeypatch.setattr(arrival, "SLICE", 10)
        clock = d.session.clock = Clock()
        clock.cost = 0.15
        d.lab._hold()  # no beat but those of this test
        await d.press("c")
        d.lab._hold()
        assert "… forking at 40s" in d.text()[0]
        assert "(esc: give up)" in d.text()[0]
        told = d.session.underway
        d.lab.pulse(0.05)
        assert told != d.session.underway
        await d.press("escape")
        assert "forking" not in d.text()[0]
        assert not d.session.futures
        assert d.session.run.now == 40.0
