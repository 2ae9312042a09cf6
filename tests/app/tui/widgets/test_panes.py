"""What a person reads in the panes around the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf

from mailrail.frames import LabFrame, MetricRow
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.actors import paint_actors
from mailrail.tui.widgets.caption import paint_caption, wrap
from mailrail.tui.widgets.chart import paint_chart
from mailrail.tui.widgets.guarantees import explanation, ordered, paint_guarantees
from mailrail.tui.widgets.header import paint_header
from mailrail.tui.widgets.ledger import paint_ledger
from mailrail.tui.widgets.metrics import idle, paint_metrics, telling_first
from mailrail.tui.widgets.paper import Line, Paper
from mailrail.tui.widgets.timeline import gutters, paint_timeline

BURST = "queue-based-load-leveling/saved-but-too-late"


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_the_header_tells_the_clock_and_the_state_in_words(frame_of: FrameOf) -> None:
    text = paint_header(frame_of(t=12.3), 100, 1).text()
    assert "The lock is a lease" in text
    assert "t 12.3 s / 60 s" in text
    assert "paused" in text
    assert "seed 1" in text
    assert "digest" in text
    assert "playing" in paint_header(frame_of(playing=True), 80, 1).text()
    assert "REWOUND" in paint_header(frame_of(t=12.0, rewind=5.0), 80, 1).text()


def test_the_header_tells_speed_and_forks_and_gives_up_what_has_no_room(frame_of: FrameOf) -> None:
    frame = replace(frame_of(t=12.3), speed=0.25, forks=2)
    assert "×0.25" in paint_header(frame, 100, 1).text()
    assert "fork 2" in paint_header(frame, 100, 1).text()
    small = paint_header(frame, 46, 1).text()
    assert "t 12.3 s" in small
    assert "digest" not in small


def test_a_caption_stays_as_long_as_it_takes_to_read(frame_of: FrameOf) -> None:
    assert "Watch the locks." in paint_caption(frame_of(t=1.0), 100, 1).text()
    assert paint_caption(frame_of(t=24.5), 100, 1).text() == ""
    assert "m10, too late" in paint_caption(replace(frame_of(t=24.5), speed=4.0), 99, 1).text()


def test_a_caption_without_blanks_is_broken_where_the_row_ends() -> None:
    assert wrap("邮件列车 一二三四五", 10) == ["邮件列车", "一二三四五"]
    assert wrap("邮件 一二三四五六", 10) == ["邮件 一二", "三四五六"]
    assert wrap("邮件 mail 一二三四五六", 10) == ["邮件 mail", "一二三四五", "六"]
    assert wrap("a abcdefghijkl b", 5) == ["a abc", "defgh", "ijkl", "b"]
    assert wrap("", 5) == wrap("  ", 5) == []


def test_a_wide_title_leaves_the_clock_alone(frame_of: FrameOf) -> None:
    for title in ("邮" * 60, "\U0001f469\u200d\U0001f469\u200d\U0001f467 " * 30, "x" * 9000):
        for width in (46, 80, 160):
            row = paint_header(replace(frame_of(t=12.3), title=title), width, 1).text()
            assert "t 12.3 s / 60 s · ‖ paused" in row


def test_a_caption_breaks_between_words_and_ends_with_an_ellipsis() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("", 7) == []


def test_the_ledger_shows_the_newest_at_the_bottom(frame_of: FrameOf) -> None:
    frame = frame_of(t=9.5)
    rows = paint_ledger(frame, 70, 5).text().splitlines()
    assert "consumer-1 works on m10" in rows[-1]
    assert rows[-1].strip().startswith("9.00")
    assert any(
        "✗" in row and "m07" in row for row in paint_ledger(frame, 70, 9).text().splitlines()
    )


def test_the_ledger_can_be_read_from_the_start_and_marks_a_row(frame_of: FrameOf) -> None:
    frame = frame_of(t=9.5)
    text = paint_ledger(frame, 70, 5, 0, frame.ledger[1].n).text().splitlines()
    assert text[1].startswith("▸")
    assert f"{len(frame.ledger) - 5} more below" in text[-1]


def test_broken_guarantees_come_first_with_count_and_time(frame_of: FrameOf) -> None:
    frame = frame_of(t=23.0)
    assert ordered(frame)[0].guarantee.name == "effect-once"
    first, second, third, *_ = paint_guarantees(frame, 48, 10).text().splitlines()
    assert "✗ broken effect-once" in first
    assert first.endswith("×1 at 22.0 s")
    assert "✗ broken worked-on-by-one" in second
    assert "✓ holds" in third


def test_a_guarantee_is_explained_by_the_events_that_led_to_its_breach(frame_of: FrameOf) -> None:
    frame = frame_of(t=23.0)
    text = text_of(explanation(frame, "effect-once", 60))
    assert "The effect of a message is applied at most once." in text
    assert "m10 was applied again by consumer-3" in text
    assert "14.00 lock on m10 runs out" in text
    assert "holds so far" in text_of(explanation(frame, "single-lease", 60))
    assert explanation(frame, "no-such-thing", 60) == []


def test_metrics_take_the_columns_they_need(frame_of: FrameOf) -> None:
    frame = frame_of(t=23.0)
    wide = paint_metrics(frame, 120, 10).text()
    assert "more" not in wide
    assert "duplicate effects" in wide
    assert "wait max" in wide
    assert " s" in wide
    assert f"+{len(frame.metrics) - 4} more" in paint_metrics(frame, 20, 5).text()


def test_where_not_all_metrics_fit_those_that_tell_something_come_first(
    frame_of: FrameOf,
) -> None:
    frame = frame_of()
    names = [row.name for row in frame.metrics]
    assert [row.name for row in telling_first(frame.metrics, 200, 60, ())] == names
    few = telling_first(frame.metrics, 38, 13, ())
    states = [idle(row) for row in few]
    assert states == sorted(states)
    assert any(states)
    told = {row.name for row in few if idle(row)}
    kept = [row.name for row in telling_first(frame.metrics, 38, 13, told)]
    assert kept == names  # what has told something once keeps its place


def test_a_column_of_metrics_with_long_names_takes_what_others_spare(frame_of: FrameOf) -> None:
    rows = [MetricRow(f"m{index}", "0", "", "") for index in range(4)]
    rows += [MetricRow("inconsistent_for", "14.551", "", "s")] * 4
    text = paint_metrics(replace(frame_of(), metrics=tuple(rows)), 50, 4).text()
    assert "inconsistent for 14.551 s" in text
    assert {len(line.rstrip()) for line in text.splitlines()} == {49}


def test_sizes_are_told_as_people_tell_them(frame_of: FrameOf) -> None:
    frame = frame_of("claim-check/lost-luggage", t=8.5)
    text = paint_metrics(frame, 120, 30).text()
    assert re.search(r"store bytes max +\d+ MB", text), text


def test_actors_tell_state_work_and_share_of_time(frame_of: FrameOf) -> None:
    rows = paint_actors(frame_of(t=9.5), 50, 8).text().splitlines()
    assert rows[1].startswith("▸ consumer-1 ● working")
    assert rows[1].endswith("100%")
    assert "✗ crashed" in rows[2]
    assert rows[2].endswith("88%"), "of its life, not of the time since its death"
    assert "10 sent" in rows[4]


@pytest.mark.parametrize(("what", "unit"), [("depth", ""), ("age", " s")])
def test_a_chart_has_axes_with_units_and_a_playhead(
    frame_of: FrameOf, what: str, unit: str
) -> None:
    rows = paint_chart(frame_of(BURST, 12.0), 60, 6, what).text().splitlines()
    top = "50" if what == "depth" else "10 s"
    assert rows[0].strip().startswith(f"{top}┤")
    assert "│" in rows[2]
    assert rows[-1].rstrip().endswith("60 s")
    assert what in rows[0]


def test_the_timeline_tells_where_what_happened(frame_of: FrameOf) -> None:
    frame = frame_of(t=30.0, rewind=20.0)
    marks, bar = paint_timeline(frame, 80, 2).text().splitlines()
    start, stop = gutters(frame, 80)
    assert "†" in marks
    assert "20.0 s" in bar
    assert bar.index("◀") == start + int((stop - start) / 3)
    assert glyphs.MARKS["violation"][0] in marks


def test_all_signs_are_one_cell_wide() -> None:
    signs = [*glyphs.STATES.values(), *(s for s, _ in glyphs.TONES.values())]
    signs += [sign for sign, _ in glyphs.MARKS.values()]
    signs += [glyphs.DONE, glyphs.DEAD, glyphs.FAULT, glyphs.PRODUCER, glyphs.UNBOUNDED]
    assert {cell_len(sign) for sign in (*signs, *glyphs.EIGHTHS)} == {1}


@pytest.mark.parametrize("width", [1, 5, 12, 30, 80])
@pytest.mark.parametrize("height", [1, 2, 6])
def test_no_size_is_too_small(frame_of: FrameOf, width: int, height: int) -> None:
    frame = frame_of(t=23.1)
    painters: tuple[Callable[[LabFrame, int, int], Paper], ...] = (
        paint_header, paint_caption, paint_ledger, paint_guarantees, paint_metrics, paint_actors,
        paint_chart, paint_timeline,
    )  # fmt: skip
    for painter in painters:
        lines = painter(frame, width, height).lines()
        assert {sum(cell_len(text) for text, _ in line) for line in lines} == {width}
