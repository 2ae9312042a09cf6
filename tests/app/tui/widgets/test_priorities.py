"""What a person reads in the picture of a priority queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from tests.app.tui.widgets.looking import live

from mailrail.frames import LabFrame
from mailrail.tui.widgets.classes import GLYPHS, merged, standings
from mailrail.tui.widgets.paper import Paper
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks
from mailrail.tui.widgets.priorities import paint_priorities

NAME = "priority-queue/starve-then-age"
SIZES = [(78, 11), (110, 30), (158, 44), (66, 9), (65, 9), (44, 9), (30, 6), (16, 3), (16, 2)]
Frames = Callable[..., LabFrame]


def at(
    t: float, *commands: str, name: str = NAME, playing: bool = False, **settings: Any
) -> LabFrame:
    return live(name, t, *commands, playing=playing, **settings)


def rows(frame: LabFrame, width: int = 78, height: int = 11) -> list[str]:
    return paint_priorities(frame, width, height, Peaks()).text().splitlines()


def row_of(frame: LabFrame, text: str, width: int = 78, height: int = 11) -> str:
    return next(row for row in rows(frame, width, height) if text in row)


def test_two_queues_are_one_in_all_that_is_counted() -> None:
    high = at(20.0).view.queues[0]
    low = replace(high, deferred=2, scheduled=1, age=high.age + 7.0)
    both = merged((high, low))
    assert (both.depth, both.completed) == (2 * high.depth, 2 * high.completed)
    assert (both.deferred, both.scheduled) == (high.deferred + 2, high.scheduled + 1)
    assert both.age == low.age


def test_it_draws_the_pattern() -> None:
    assert PAINTERS["priority-queue"] is paint_priorities


def test_strict_starves_low() -> None:
    frame = at(34.4)
    text = "\n".join(rows(frame))
    assert "policy strict: high always goes first" in text
    assert "✗ STARVED 30.4s" in text
    assert "▲ HIGH  0 ready       served 59 of 59" in text
    assert "▼ LOW  15 ready        served 3 of 18" in text
    assert "+9 more" in text
    assert "limit 20s" in text
    assert "sla 10s" in text
    assert "✓ none late" in text
    assert "▲ m75 high worker-1 ● working" in text
    thermometer = [row for row in rows(frame) if row.startswith("oldest")]
    assert "28.4s" in thermometer[1]
    assert "0.0s" in thermometer[0]
    tick = thermometer[1].index("┃")
    assert "━" in thermometer[1][tick:], "the mercury is beyond the mark"
    assert "━" not in thermometer[0]


def test_once_it_is_served_again_it_is_late_no_longer_starved() -> None:
    assert "✗ LATE by 7.1s; last served 0.1s ago" in "\n".join(rows(at(35.1)))


def test_before_the_limit_is_passed_it_is_a_warning() -> None:
    assert "! STARVED 16.0s" in "\n".join(rows(at(20.0)))
    assert "waits; last served 3.0s ago" in "\n".join(rows(at(7.0)))
    assert "nothing waits" in "\n".join(rows(at(3.0)))


def test_the_cures_are_told_in_words() -> None:
    for policy, words in (
        ("aging", "policy aging: low is high after 8s"),
        ("share", "policy share: after 4 high, 1 low"),
        ("fifo", "policy fifo: first come, first served"),
        ("pools", "policy pools: each its own workers"),
    ):
        assert words in "\n".join(rows(at(20.0, policy=policy)))
    assert "promotions 5" in "\n".join(rows(at(20.0, policy="share")))
    assert "STARVED" not in "\n".join(rows(at(20.0, policy="share")))


def test_prefetched_messages_are_seen_in_the_order_in_which_they_will_be_begun() -> None:
    text = "\n".join(rows(at(5.2, name="priority-queue/prefetch-inversion")))
    assert "▼ m06 low  worker-1" in text
    assert "then ▼m07 ▼m08 ▼m09 ▼m10 ▲m11" in text
    assert "! m11 high behind 5 low" in text
    assert "inversions 1" in text
    assert "served 0 of 1" in text, "delivered, but not begun"
    assert "oldest   5.2s" in text
    assert "taken by workers, not begun" in text


@pytest.mark.parametrize(
    ("name", "t", "words"),
    [("starved-to-death", 30.0, "expired 8"), ("full-drops-the-highest", 2.9, "lost 5"),
     ("full-drops-the-highest-reject", 2.9, "refused 5")],
)  # fmt: skip
def test_what_never_will_be_served_is_counted_once_there_is_any(
    name: str, t: float, words: str
) -> None:
    frame = at(t, name=f"priority-queue/{name}")
    assert words in rows(frame)[-1]
    assert words in rows(frame, 66, 9)[-1]
    word = words.split(maxsplit=1)[0]
    assert rows(frame)[-1].count(word) == 1
    assert word not in rows(at(1.5, name=f"priority-queue/{name}"))[-1]


def test_little_room_still_counts_what_is_prefetched() -> None:
    frame = at(5.2, name="priority-queue/prefetch-inversion", consumers=1)
    assert "+5 held, 1 high" in "\n".join(rows(frame, 60, 5))


def test_high_messages_that_wait_too_long_are_late() -> None:
    frame = at(31.0, "10s inject burst 300")
    assert "✗ LATE by 10.9s" in "\n".join(rows(frame))
    assert "! 68 not begun in time" in "\n".join(rows(at(75.0, "10s inject burst 40")))


def test_pools_have_rows_and_rails_of_their_own() -> None:
    lines = rows(at(20.6, policy="pools"), 110, 30)
    high = next(index for index, row in enumerate(lines) if "high-worker-1" in row)
    low = next(index for index, row in enumerate(lines) if "low-worker-1" in row)
    assert high < low
    policy = next(row for row in lines if "policy pools" in row)
    gate = lines[high].index("▲ m23") - 3
    assert (lines[high][gate], lines[low][gate]) == ("╭", "╰")
    assert policy[gate:].strip() == "", "no rail leads from one pool to the other"
    strict = next(row for row in rows(at(20.6), 110, 30) if "policy strict" in row)
    assert strict[gate] == "│"


def test_after_a_change_to_pools_the_old_workers_stay_while_something_is_left() -> None:
    text = "\n".join(rows(at(31.2, "30s set policy=pools")))
    assert all(name in text for name in ("high-worker-1", "worker-2", "low-worker-1"))
    later = "\n".join(rows(at(60.0, "30s set policy=pools")))
    assert " worker-2" not in later
    assert "high-worker-1" in later


def test_a_killed_pool_hides_what_it_holds() -> None:
    frame = at(21.0, "20.2s crash high-worker-1", policy="pools")
    text = "\n".join(rows(frame))
    assert "✗ crashed" in text
    assert "hidden for 29.0s" in text


def test_faults_are_words() -> None:
    frame = at(21.0, "20s inject mislabel", "20s inject slow on worker-1 10")
    assert "↯ mislabel" in "\n".join(rows(frame))
    wide = "\n".join(rows(frame, 110, 30))
    assert "↯ slow 10 on worker-1" in wide
    assert "slow ×10" in wide


def test_a_number_among_high_and_low_has_a_lane_between_them() -> None:
    frame = at(
        11.0, "3s inject unstamped", "9s heal unstamped", name="priority-queue",
        dialect="rabbitmq-quorum", consumers=1, service="1500ms", ttl="6s", ttl_at_head=True,
    )  # fmt: skip
    lanes = [row[:9] for row in rows(frame) if row[:1] in ("▲", "▼")]
    assert lanes == ["▲ HIGH  1", "▼ 4 ──  8", "▼ LOW   4"]
    assert "11.0s" in row_of(frame, "▼ LOW"), "overdue since 6 s, and not the next yet"


def test_thousands_are_counted() -> None:
    frame = at(
        12.0, name="priority-queue", consumers=1000, prefetch=3, low_every="1ms",
        high_every="10ms", service="2s",
    )  # fmt: skip
    text = "\n".join(rows(frame))
    assert "1,000 workers" in text
    assert "+992 more ● 992 working" in text
    assert "▲" in text
    assert standings(frame, frame.view.queues[0])[1].line.depth > 3000
    assert "+2 held" in "\n".join(rows(frame, 158, 44))


def test_the_selected_worker_always_has_a_row() -> None:
    frame = replace(at(5.0, name="priority-queue", consumers=40), selected="worker-33")
    assert "worker-33" in "\n".join(rows(frame))


@pytest.mark.parametrize("width", [78, 106])
def test_messages_travel_to_the_lane_of_their_class_and_out_to_the_right(width: int) -> None:
    lines = rows(at(20.39, playing=True, policy="fifo"))
    assert "▲m41" in lines[2]
    assert "▼m42" in lines[7]
    done = [
        row_of(at(20.0 + share, playing=True), "✓ ▲m39", width).index("✓ ▲m39")
        for share in (0.1, 0.2, 0.3)
    ]
    assert done == sorted(done)
    assert done[0] < done[-1]


def test_no_traveller_hides_what_a_worker_is_doing() -> None:
    for policy in ("strict", "pools"):
        for share in (0.05, 0.2, 0.35):
            text = "\n".join(rows(at(20.0 + share, playing=True, policy=policy)))
            assert text.count("● working") == 2
            assert "◆ 1 sender" in text


def test_a_message_is_in_one_place_while_it_travels() -> None:
    text = "\n".join(rows(at(20.1, playing=True, policy="share")))
    for name in ("m35", "m41", "m42"):
        assert text.count(name) == 1


def test_what_came_back_stands_first_with_its_delivery_count() -> None:
    row = row_of(at(20.5, "20.1s inject expire-lock"), "m40", 110, 30)
    assert "m40" in row


def test_senders_have_a_column_where_there_is_room() -> None:
    frame = at(21.0, "10s inject burst 20")
    assert "◆ 2 senders · sent" in rows(frame)[0]
    wide = "\n".join(rows(frame, 110, 30))
    assert "◆ sender-1" in wide
    assert "□ stopped" in wide


def test_the_workers_and_messages_answer_a_click() -> None:
    paper = paint_priorities(at(20.0), 78, 11)
    found = {(zone.kind, zone.name) for zone in paper.zones}
    assert {("actor", "worker-2"), ("message", "m07"), ("message", "m40")} <= found


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("policy", ["strict", "pools"])
def test_every_row_fills_the_width_exactly(width: int, height: int, policy: str) -> None:
    for t, playing in ((0.0, True), (5.1, False), (20.1, True), (34.2, True), (75.0, False)):
        frame = at(t, playing=playing, policy=policy)
        paper = paint_priorities(frame, width, height, Peaks())
        lines = paper.lines()
        assert len(lines) == height
        assert {sum(cell_len(text) for text, _ in line) for line in lines} == {width}


def test_small_pictures_tell_the_most_important() -> None:
    text = "\n".join(rows(at(34.3), 44, 9))
    assert "▼ LOW 15 ✗ STARVED 30.3s" in text
    assert "policy strict" in text
    assert "worker-2" in text


def test_no_queue_and_no_worker_are_no_error() -> None:
    frame = at(0.0)
    empty = replace(frame, view=replace(frame.view, queues=()))
    assert "no queue yet" in paint_priorities(empty, 78, 11).text()
    assert "0 workers" in "\n".join(rows(at(5.0, name="priority-queue", consumers=0)))


def test_glyphs_are_one_cell_wide() -> None:
    paper: Paper = paint_priorities(at(34.2, playing=True), 110, 30)
    assert {cell_len(cell) for row in paper.text().splitlines() for cell in row} == {1}
    assert {cell_len(glyph) for glyph in GLYPHS.values()} == {1}


TEN = "priority-queue/ten-priorities"


def test_ten_priorities_have_a_lane_each() -> None:
    frame = at(4.7, name=TEN)
    shown = rows(frame, 110, 30)
    lanes = [row for row in shown if row[19:20] in ("▲", "▼")]
    assert [row[21] for row in lanes] == list("9876543210")
    assert "▲ m18 8" in "\n".join(shown)


def test_lanes_that_do_not_fit_are_counted() -> None:
    text = "\n".join(rows(at(4.7, name=TEN), 78, 11))
    assert "policy strict: 2 more lanes, 3 ready" in text


def test_a_lane_that_was_in_use_keeps_its_row() -> None:
    peaks = Peaks()
    for t in (4.7, 24.0):
        shown = paint_priorities(at(t, name=TEN), 110, 30, peaks).text().splitlines()
        assert [row[21] for row in shown if row[19:20] in ("▲", "▼")] == list("9876543210")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_ten_lanes_fit_into_any_size(width: int, height: int) -> None:
    paper = paint_priorities(at(4.7, name=TEN), width, height, Peaks())
    assert len(paper.text().splitlines()) <= height


def test_the_shortest_stands_at_the_head_of_its_lane() -> None:
    row = row_of(at(4.7, name="priority-queue/shortest-first"), "m02")
    assert row.index("m02") < row.index("m03"), "the head of a lane is on its right"


def test_shared_workers_serve_both_lanes() -> None:
    text = "\n".join(rows(at(5.2, name="priority-queue/high-drained-first-reserved"), 110, 30))
    assert "shared-worke" in text
    assert "low-worker-1" in text
    assert "policy drain: low only if no high" in text
    assert "shared-worker-1 ● working" in text


@pytest.mark.parametrize(("size", "apart"), [((78, 14), 1), ((104, 28), 2), ((158, 44), 3)])
def test_ten_lanes_stand_as_far_apart_as_there_is_room_for(
    size: tuple[int, int], apart: int
) -> None:
    shown = rows(at(8.0, name=TEN), *size)
    lanes = [y for y, row in enumerate(shown) if re.search(r"▼ \d  \d ─", row)]
    assert [b - a for a, b in pairwise(lanes)] == [apart] * (len(lanes) - 1)
    assert len(lanes) == 5


@pytest.mark.parametrize("size", [(78, 11), (110, 30)])
@pytest.mark.parametrize("name", [NAME, "priority-queue/high-drained-first"])
def test_the_title_of_a_lane_stands_for_the_queue_its_messages_wait_in(
    name: str, size: tuple[int, int]
) -> None:
    frame = at(6.0, name=name)
    zones = paint_priorities(frame, *size, Peaks()).zones
    found = {zone.name for zone in zones if zone.kind == "queue"}
    assert found == {queue.name for queue in frame.view.queues}


@pytest.mark.parametrize("height", [9, 10])
def test_where_rows_are_few_no_message_lies_on_a_thermometer(height: int) -> None:
    shown = rows(at(35.0), 78, height)
    assert any("+8 more─m37─m32─m27─m22─m17─m12" in row for row in shown)
    assert any(row.startswith("oldest 27.0s  ✗ LATE by 7.0s") for row in shown)


def test_a_long_name_stands_whole_beside_its_state() -> None:
    shown = "\n".join(rows(at(3.3, name="priority-queue/high-drained-first-reserved")))
    assert "shared-worker-1 ● working" in shown
