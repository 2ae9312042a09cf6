"""What a person reads of the durable tables."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.app.tui.widgets.looking import FrameOf

from mailrail.frames import LabFrame
from mailrail.tui.widgets.rows import NO_ROWS, paint_rows
from mailrail_patterns.views import RowView, TableView

ORDERS = TableView(
    "orders",
    3,
    (
        RowView("o1", "Processed", '{"locked_by":"","failures":2}', 7, 1.0, "scheduler-1"),
        RowView("o2", "Processing", '{"locked_by":"scheduler-2","failures":0}', 2, 8.5, "s-2"),
        RowView("o3", "Pending", '{"locked_by":"","failures":0}', 1, 2.0, "submitter-1"),
    ),
)
LEASES = TableView("leases", 1, (RowView("leader", "", '{"holder":"sup-1"}', 4, 8.0, "sup-1"),))


def with_tables(frame: LabFrame, *tables: TableView) -> LabFrame:
    return replace(frame, view=replace(frame.view, now=9.0, tables=tables))


def test_columns_have_headings_and_rows_their_state(frame_of: FrameOf) -> None:
    lines = paint_rows(with_tables(frame_of(), ORDERS, LEASES), 90, 12).text().split("\n")
    assert lines[0].split() == ["orders", "3", "locked", "by", "failures"]
    assert lines[1].split()[:2] == ["o1", "Processed"]
    assert "scheduler-2" in lines[2]
    assert "0.5 s ago" in lines[2]
    assert any(line.startswith("leases 1") for line in lines)


def test_where_room_is_short_the_rows_written_last_are_kept(frame_of: FrameOf) -> None:
    text = paint_rows(with_tables(frame_of(), ORDERS), 60, 2).text()
    assert "o2" in text
    assert "o1" not in text


def test_a_row_answers_a_click(frame_of: FrameOf) -> None:
    paper = paint_rows(with_tables(frame_of(), ORDERS), 60, 6)
    zone = paper.zone_at(1, 1)
    assert zone is not None
    assert (zone.kind, zone.name) == ("row", "orders/o1")


def test_a_pattern_without_rows_says_so(frame_of: FrameOf) -> None:
    assert NO_ROWS in paint_rows(frame_of(), 80, 5).text()


@pytest.mark.parametrize("width", [1, 2, 7, 20, 200])
@pytest.mark.parametrize("height", [1, 2, 3, 40])
def test_any_size_will_do(frame_of: FrameOf, width: int, height: int) -> None:
    paper = paint_rows(with_tables(frame_of(), ORDERS, LEASES), width, height)
    assert (paper.width, paper.height) == (width, height)
