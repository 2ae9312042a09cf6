from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.app.tui.widgets.looking import LEASE, FrameOf

from mailrail import rehearsal
from mailrail.frames import LabFrame, on_one_scale
from mailrail.rehearsal import Plan
from mailrail.tui.widgets import figures, motion, plot
from mailrail.tui.widgets.chart import paint_chart
from mailrail.tui.widgets.paper import Paper
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

BURST = "queue-based-load-leveling/saved-but-too-late"


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
def test_axes_end_at_nice_numbers(value: float, top: float) -> None:
    assert plot.nice(value) == pytest.approx(top)


def test_the_scale_of_a_run_is_the_same_from_its_start_to_its_end(frame_of: FrameOf) -> None:
    for what, top in (("depth", "50┤"), ("age", "10 s┤")):
        seen = plot.Peaks()
        for t in (0.0, 0.5, 5.0, 12.0, 60.0):
            frame = frame_of(BURST, t)
            for peaks in (seen, plot.Peaks()):
                row = paint_chart(frame, 60, 6, what, peaks).text().splitlines()[0]
                assert row.strip().startswith(top), (what, t)
        assert seen.was(what) is None


def test_who_takes_a_curve_beyond_its_scale_is_told_of_one_change(frame_of: FrameOf) -> None:
    frame = frame_of(BURST, 5.0)
    peaks = plot.Peaks()

    def drawn(t: float, depth: int) -> str:
        series = replace(frame.view.series, depth=(depth,))
        at = replace(frame, view=replace(frame.view, series=series, now=t), frontier=t)
        return paint_chart(at, 60, 6, "depth", peaks).text()

    assert "scale" not in drawn(5.0, 50)
    assert "scale now to 100, was 50" in drawn(6.0, 51)
    assert "scale now to 100, was 50" in drawn(6.1, 99)  # still the same change
    assert "scale" not in drawn(6.0 + plot.TOLD, 99)
    assert drawn(20.0, 3).strip().startswith("100┤")


def test_two_runs_share_one_scale(frame_of: FrameOf) -> None:
    calm, burst = frame_of(LEASE, 9.0), frame_of(BURST, 9.0)
    both, _ = on_one_scale(calm, burst)
    assert plot.planned(both, "depth") == plot.planned(burst, "depth")
    assert plot.planned(replace(calm, plans=()), "age") == 0.0


def test_a_long_run_is_looked_at_in_slices_while_its_scale_is_told_to_be_open(
    monkeypatch: pytest.MonkeyPatch, frame_of: FrameOf
) -> None:
    run, frame, peaks = Run(find(BURST)), frame_of(BURST, 5.0), plot.Peaks()
    monkeypatch.setattr(rehearsal, "STEPS", 10)
    plan, shares = Plan(run), []
    while plan.open:
        shares.append(plan.share)
        at = replace(frame, plans=(plan.series,), foreseen=plan.share)
        assert f"scale not known yet: looked ahead {plan.share:.0%}" in drawn(at, peaks)
        plan.go_on(40)
    assert len(shares) > 4
    assert shares == sorted(shares)
    assert plan.series == frame.plans[0]
    assert max(plan.series.depth) == 40
    assert run.now == 0.0
    known = drawn(frame, peaks)
    assert known.strip().startswith("50┤")
    assert "scale not known" not in known
    assert drawn(frame, plot.Peaks()).split()[0] == known.split()[0]  # as if known from the start


def drawn(frame: LabFrame, peaks: plot.Peaks) -> str:
    return paint_chart(frame, 60, 6, "depth", peaks).text()


def test_axes_are_laid_for_what_has_been_looked_at_while_it_goes_on(frame_of: FrameOf) -> None:
    whole, peaks = frame_of(BURST, 9.0).plans[0], plot.Peaks()
    part, more = (replace(whole, depth=whole.depth[:end]) for end in (10, 60))
    early, later = (replace(frame_of(BURST, t), foreseen=0.5) for t in (0.1, 9.0))
    top = plot.nice(max(part.depth))
    assert drawn(replace(early, plans=(part,)), peaks).strip().startswith(f"{top:g}┤")
    assert drawn(replace(early, plans=(more,)), peaks).strip().startswith(f"{top:g}┤")  # it stays
    assert max(later.view.series.depth) > top
    assert drawn(replace(later, plans=(more,)), peaks).strip().startswith("50┤")  # at one go


def test_a_run_too_long_to_be_looked_at_has_axes_that_stand_as_far_as_it_was(
    monkeypatch: pytest.MonkeyPatch, frame_of: FrameOf
) -> None:
    monkeypatch.setattr(rehearsal, "STEPS", 10)
    monkeypatch.setattr(rehearsal, "MOST", 20)
    plan = Plan(Run(find(BURST)))
    while plan.open:
        plan.go_on(10)
    assert plan.known_to is not None
    assert 0.0 < plan.known_to < 9.0
    assert plan.series.depth == frame_of(BURST, plan.known_to).view.series.depth
    early, there, late = (
        replace(frame_of(BURST, t), plans=(plan.series,), foreseen=None, known_to=plan.known_to)
        for t in (0.1, plan.known_to, 9.0)
    )
    known = f"scale known to {int(plan.known_to)} s"
    laid = drawn(early, peaks := plot.Peaks())
    assert known in laid
    assert known in drawn(there, peaks)
    assert drawn(there, peaks).split("┤")[0] == laid.split("┤")[0]
    assert "scale now to" in drawn(late, peaks)


def test_axes_of_two_runs_are_known_as_far_as_those_of_either(frame_of: FrameOf) -> None:
    calm, burst = frame_of(LEASE, 9.0), frame_of(BURST, 9.0)
    left, right = on_one_scale(replace(calm, foreseen=0.5), replace(burst, known_to=7.0))
    assert left.plans == right.plans == (*calm.plans, *burst.plans)
    assert (left.foreseen, left.known_to) == (right.foreseen, right.known_to) == (0.5, 7.0)


def test_an_axis_never_shrinks_within_a_run_and_forgets_the_last_run(frame_of: FrameOf) -> None:
    frame = frame_of()
    peaks = plot.Peaks()
    peaks.look(frame)
    assert [peaks.top("depth", value) for value in (3, 40, 2)] == [5, 50, 50]
    peaks.look(replace(frame, frontier=20.0))
    assert peaks.top("depth", 2) == 50
    peaks.look(replace(frame, frontier=0.5))
    assert peaks.top("depth", 2) == 2


def test_a_rate_is_what_came_over_what_has_passed() -> None:
    assert plot.rates([1] * 8, 0.5, 2.0)[-1] == 2.0
    assert plot.rates([4, 0, 0, 0], 0.25, 1.0)[-1] == 4.0


def test_columns_show_the_peak_within_each_and_stop_at_now() -> None:
    values = plot.columns([0, 9, 0, 0, 1, 0, 0, 0], 1.0, 20.0, 5, 7.5)
    assert values == [9, 1]


def test_an_area_is_drawn_in_eighths() -> None:
    paper = Paper(4, 2)
    plot.area(paper, 0, 0, 2, [0, 4, 8, 12], 16, "depth")
    assert paper.text() == "   ▄\n▁▄██"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (9_999, "9,999"), (12_345, "12.3k"), (999_976, "999k"), (1_000_000, "1M")],
)
def test_counts_stay_short(number: int, text: str) -> None:
    assert figures.count(number) == text


@pytest.mark.parametrize(
    ("text", "seconds"), [("5s", 5.0), ("250ms", 0.25), ("1.5m", 90.0), ("exponential(3s)", None)]
)
def test_lengths_in_settings_are_read(text: str, seconds: float | None) -> None:
    assert figures.seconds_of(text) == seconds


def test_a_message_travels_as_long_for_the_eye_at_any_speed(frame_of: FrameOf) -> None:
    frame = frame_of(t=9.2, speed=1.0)
    share = motion.progress(frame, 9.0)
    assert share is not None
    assert 0 < share < 1
    assert motion.progress(replace(frame, speed=0.25), 9.0) is None
    assert motion.progress(replace(frame, speed=8.0), 7.0) is not None
    assert motion.progress(frame, 9.3) is None


def test_a_path_is_walked_from_its_start_to_its_end() -> None:
    path = ((0, 0), (10, 0), (10, 5))
    assert motion.along(path, 0.0) == (0, 0)
    assert motion.along(path, 0.5) == (10, 0)
    assert motion.along(path, 1.0) == (10, 5)
