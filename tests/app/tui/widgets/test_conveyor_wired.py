"""The conveyor while filters are put in, change places and are left out."""

from __future__ import annotations

import re

from tests.app.tui.widgets.looking import FrameOf, text

from mailrail.frames import LabFrame
from mailrail.tui.widgets import track
from mailrail.tui.widgets.conveyed import Floor
from mailrail.tui.widgets.conveyor import paint_conveyor
from mailrail.tui.widgets.stations import bottleneck, stations_of

ANEW = "pipes-and-filters/wired-anew"


def names(frame: LabFrame) -> list[str]:
    return [station.name for station in stations_of(frame)]


def test_the_stages_stand_as_they_are_wired(frame_of: FrameOf) -> None:
    assert names(frame_of(ANEW, 10.0)) == ["decode", "watermark", "resize", "publish"]
    assert names(frame_of(ANEW, 12.0)) == ["decode", "resize", "watermark", "publish"]
    assert names(frame_of(ANEW, 30.0)) == ["decode", "watermark", "publish"]
    title = text(frame_of(ANEW, 12.0), 140, 30)
    assert title.index("RESIZE") < title.index("WATERMARK") < title.index("PUBLISH")


def test_a_filter_nobody_wires_to_any_more_stands_until_it_is_done(frame_of: FrameOf) -> None:
    frame = frame_of(ANEW, 21.4)
    assert names(frame) == ["decode", "watermark", "resize", "publish"]
    assert [station.wired for station in stations_of(frame)] == [True, True, False, True]
    assert "unwired" in text(frame, 140, 30)
    assert "unwired" in text(frame, 60, 12)
    lines = paint_conveyor(frame, 78, 11).lines()
    assert {ink for line in lines for run, ink in line if "RESIZE" in run} == {"faint"}
    assert bottleneck(stations_of(frame)) != 2, "it holds nobody up any more"


def test_four_stages_do_not_run_into_each_other(frame_of: FrameOf) -> None:
    for width in (76, 80, 100):
        shown = text(frame_of(ANEW, 12.0), width, 12)
        assert "BOTTLENECK" not in shown
        assert " SLOWEST " in shown
        assert "DECODE" in shown
        assert re.search(r"1/s +[0-9]+% ", shown), "what it can do, and how busy it is"


def test_an_item_sets_out_where_it_was_made_not_at_the_stage_before(frame_of: FrameOf) -> None:
    floor = Floor(track.lay(140, 30, 4, 10), stations_of(frame_of(ANEW, 21.4)), (), {})
    assert floor.made_at(3, "resize-1") == 2
    assert floor.made_at(3, "watermark-1") == 1
    assert floor.made_at(0, "source-1") == -1
