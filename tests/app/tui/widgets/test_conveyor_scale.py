"""The gauges and frames of a pipeline stay as they are while it runs, and words stay whole."""

from __future__ import annotations

import math
import re

import pytest
from tests.app.tui.widgets.looking import FrameOf

from mailrail.frames import LabFrame
from mailrail.tui.widgets.conveyor import paint_conveyor
from mailrail.tui.widgets.plot import Peaks, planned

BASE = "pipes-and-filters/moving-bottleneck"
GAUGE = re.compile("[▮▯]+")
TIMES = (0.5, 5.5, 15.5, 40.5)


def rows(frame: LabFrame, peaks: Peaks) -> list[str]:
    return paint_conveyor(frame, 110, 24, peaks).text().splitlines()


def test_a_gauge_has_one_scale_from_the_start_to_the_end(frame_of: FrameOf) -> None:
    seen = Peaks()
    for t in TIMES:
        frame = frame_of(BASE, t)
        depths = [queue.depth for queue in frame.view.queues]
        for peaks in (seen, Peaks()):
            gauges = next(found for row in rows(frame, peaks) if (found := GAUGE.findall(row)))
            wanted = [
                math.ceil(depth / 20 * len(gauge))
                for depth, gauge in zip(depths, gauges, strict=True)
            ]
            assert [gauge.count("▮") for gauge in gauges] == wanted, t


def test_the_frames_keep_their_height(frame_of: FrameOf) -> None:
    tops = set()
    for t in TIMES:
        shown = rows(frame_of(BASE, t), Peaks())
        tops.add(next(y for y, row in enumerate(shown) if "DECODE" in row))
    assert len(tops) == 1


def test_the_deepest_of_the_plan_is_that_of_one_pipe(frame_of: FrameOf) -> None:
    frame = frame_of(BASE, 0.5)
    assert planned(frame, "deepest") == 19.0
    assert planned(frame, "depth") == 19.0, "the second pipe fills while the first one empties"


@pytest.mark.parametrize("size", [(77, 20), (78, 11)])
def test_in_a_narrow_box_a_number_a_word_and_a_time_stand_whole(
    frame_of: FrameOf, size: tuple[int, int]
) -> None:
    frame = frame_of("pipes-and-filters/a-filter-put-in", 30.5)
    shown = paint_conveyor(frame, *size, Peaks()).text()
    assert "● no.3 │" in shown
    assert "working│" in shown
    assert "0.5/1s" in shown
    assert "╮     WATERMARK     ╭" in shown, "a long title takes the corners"
    assert "…" not in shown
