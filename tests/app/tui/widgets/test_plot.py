from __future__ import annotations

import pytest
from msgspec.structs import replace

from mailrail.tui.widgets import figures, motion, plot
from mailrail.tui.widgets.paper import Paper


@pytest.mark.parametrize(
    ("value", "top"),
    [
        (0, 1),
        (0.3, 0.5),
        (1, 1),
        (1.1, 2),
        (3, 5),
        (5, 5),
        (7, 10),
        (40, 50),
        (100, 100),
        (1e6, 1e6),
    ],
)
def test_axes_end_at_nice_numbers(value, top):
    assert plot.nice(value) == pytest.approx(top)


def test_an_axis_never_shrinks_within_a_run_and_forgets_the_last_run(frame_of):
    frame = frame_of()
    peaks = plot.Peaks()
    peaks.look(frame)
    assert [peaks.top("depth", value) for value in (3, 40, 2)] == [5, 50, 50]
    peaks.look(replace(frame, frontier=20.0))
    assert peaks.top("depth", 2) == 50
    peaks.look(replace(frame, frontier=0.5))
    assert peaks.top("depth", 2) == 2


def test_a_rate_is_what_came_over_what_has_passed():
    assert plot.rates([1] * 8, 0.5, 2.0)[-1] == 2.0
    assert plot.rates([4, 0, 0, 0], 0.25, 1.0)[-1] == 4.0


def test_columns_show_the_peak_within_each_and_stop_at_now():
    values = plot.columns([0, 9, 0, 0, 1, 0, 0, 0], 1.0, 20.0, 5, 7.5)
    assert values == [9, 1]


def test_an_area_is_drawn_in_eighths():
    paper = Paper(4, 2)
    plot.area(paper, 0, 0, 2, [0, 4, 8, 12], 16, "depth")
    assert paper.text() == "   ▄\n▁▄██"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (9_999, "9,999"), (12_345, "12.3k"), (999_976, "999k"), (1_000_000, "1M")],
)
def test_counts_stay_short(number, text):
    assert figures.count(number) == text


@pytest.mark.parametrize(
    ("text", "seconds"), [("5s", 5.0), ("250ms", 0.25), ("1.5m", 90.0), ("exponential(3s)", None)]
)
def test_lengths_in_settings_are_read(text, seconds):
    assert figures.seconds_of(text) == seconds


def test_a_message_travels_as_long_for_the_eye_at_any_speed(frame_of):
    frame = frame_of(t=9.2, speed=1.0)
    assert 0 < motion.progress(frame, 9.0) < 1
    assert motion.progress(replace(frame, speed=0.25), 9.0) is None
    assert motion.progress(replace(frame, speed=8.0), 7.0) is not None
    assert motion.progress(frame, 9.3) is None


def test_a_path_is_walked_from_its_start_to_its_end():
    path = ((0, 0), (10, 0), (10, 5))
    assert motion.along(path, 0.0) == (0, 0)
    assert motion.along(path, 0.5) == (10, 0)
    assert motion.along(path, 1.0) == (10, 5)
