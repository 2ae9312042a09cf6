"""What a person reads in the picture of load leveling."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf

from mailrail.frames import LabFrame
from mailrail.tui.widgets.leveling import capacity_of, paint_leveling
from mailrail.tui.widgets.plot import Peaks

BURST = "queue-based-load-leveling/saved-but-too-late"


def rows(
    frame: LabFrame, width: int = 78, height: int = 11, peaks: Peaks | None = None
) -> list[str]:
    return paint_leveling(frame, width, height, peaks).text().splitlines()


def row_of(frame: LabFrame, start: str) -> str:
    return next(row for row in rows(frame) if row.startswith(start))


def test_the_burst_at_its_peak(frame_of: FrameOf) -> None:
    frame = frame_of(BURST, 5.0)
    assert row_of(frame, "in ").endswith("12.0/s")
    assert row_of(frame, "out").endswith("4.0/s")
    assert row_of(frame, "q  ").endswith("40/∞")
    assert "60 s" in "\n".join(rows(frame))


def test_clients_leave_when_the_oldest_is_older_than_their_patience(frame_of: FrameOf) -> None:
    assert "they have left" not in row_of(frame_of(BURST, 4.0), "oldest")
    late = row_of(frame_of(BURST, 12.1), "oldest")
    assert "patience 5s ! they have left" in late
    assert "┃" in late


def test_what_came_of_it_is_told_in_numbers(frame_of: FrameOf) -> None:
    row = row_of(frame_of(BURST, 12.1), "wasted")
    assert "wasted 18" in row
    assert "rejected 0" in row
    assert "drain eta" in row
    assert "never at this rate" in row_of(frame_of(BURST, 4.0), "wasted")


def test_the_bound_and_the_refusals_show(frame_of: FrameOf) -> None:
    frame = frame_of(f"{BURST}-bound-10", 5.0)
    assert "/10" in row_of(frame, "q  ")
    assert "rejected 30" in row_of(frame, "wasted")


def test_the_capacity_is_workers_over_service_time(frame_of: FrameOf) -> None:
    frame = frame_of(BURST, 5.0)
    assert capacity_of(frame) == 4.0
    assert "can do 4/s" in "\n".join(rows(frame, 110, 30))


def test_axes_stay_when_the_hill_is_gone(frame_of: FrameOf) -> None:
    peaks = Peaks()
    rows(frame_of(BURST, 5.0), peaks=peaks)
    first = row_of(frame_of(BURST, 50.0), "q  ")
    later = next(r for r in rows(frame_of(BURST, 50.0), peaks=peaks) if r.startswith("q  "))
    assert " 50┤" in first
    assert " 50┤" in later


def test_queue_and_workers_stand_below(frame_of: FrameOf) -> None:
    small = "\n".join(rows(frame_of(BURST, 5.2)))
    assert "◆ sent 61" in small
    assert "more" in small
    assert small.count("●") >= 4
    large = "\n".join(rows(frame_of(BURST, 5.2), 110, 30))
    assert "worker-4 ● working" in large


@pytest.mark.parametrize(("width", "height"), [(78, 11), (110, 30), (40, 8), (30, 6), (158, 44)])
def test_every_row_fills_the_width_exactly(frame_of: FrameOf, width: int, height: int) -> None:
    for t in (0.0, 5.2, 12.1, 60.0):
        frame = frame_of(BURST, t, playing=True)
        lines = paint_leveling(frame, width, height, Peaks()).lines()
        assert len(lines) == height
        assert {sum(cell_len(text) for text, _ in line) for line in lines} == {width}


def test_a_service_that_is_slow_can_do_less_and_its_backlog_has_no_end(frame_of: FrameOf) -> None:
    frame = frame_of("queue-based-load-leveling/the-insurmountable-backlog", 22.0)
    shown = "\n".join(rows(frame, 110, 30))
    assert "can 1.67/s" in shown
    assert "never at this rate" in shown


def test_more_workers_than_the_database_works_for_can_do_no_more(frame_of: FrameOf) -> None:
    frame = frame_of("queue-based-load-leveling/more-workers-one-database", 6.0)
    assert capacity_of(frame) == 4.0


def test_a_full_batch_can_do_more_and_it_fits(frame_of: FrameOf) -> None:
    frame = frame_of("queue-based-load-leveling/batches-all-or-nothing", 4.0)
    assert "can 2.29/s" in "\n".join(rows(frame, 110, 30))


def test_while_the_database_is_down_nothing_can_be_done(frame_of: FrameOf) -> None:
    shown = "\n".join(
        rows(frame_of("queue-based-load-leveling/outage-and-recovery", 15.0), 110, 30)
    )
    assert "↯ down" in shown
    assert "never at this rate" in shown
    assert "■ blocked" in shown
    assert "not begun" in shown


@pytest.mark.parametrize(("name", "t", "told"), [
    ("batches-all-or-nothing", 10.0, "† dead 4 ✓ done 9"),
    ("saved-but-too-late-block", 12.0, "◆ sent 59 ■ blocked"),
    ("not-before-its-time", 5.0, "◆ sent 6 ◷ 2 scheduled"),
])  # fmt: skip
def test_two_rows_tell_what_ended_who_is_kept_and_what_is_not_due(
    frame_of: FrameOf, name: str, t: float, told: str
) -> None:
    assert told in row_of(frame_of(f"queue-based-load-leveling/{name}", t), "◆ sent")
