"""What a person reads in the picture of a saga."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf, inks, live, paper, text

from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.saga import paint_saga
from mailrail.tui.widgets.saga_words import STATES, STEPS, chip

DEMO = "saga/point-of-no-return"
SIZES = [(78, 11), (66, 9), (110, 30), (158, 44), (78, 16), (60, 8), (44, 9), (30, 4), (16, 2),
         (1, 1), (80, 1), (5, 40)]  # fmt: skip
BUS = 6
STEPS_OF_ALL = ("stock", "credit", "card", "shipping", "notification")


def test_it_is_the_picture_of_its_pattern() -> None:
    assert PAINTERS["saga"] is paint_saga


def test_the_track_runs_forward_and_the_pivot_is_marked(frame_of: FrameOf) -> None:
    shown = text(frame_of(DEMO, 3.0))
    assert "saga m01 ● Running 3.0s" in shown
    assert "answer due in 9.0s" in shown
    assert "✓ done" in shown
    assert "● doing" in shown
    assert "PIVOT card" in shown
    assert "═▸" in shown
    assert "→m01 1.0s" in shown
    assert "-1 pending" in shown


def test_the_track_runs_backward_and_the_ledger_returns_to_zero(frame_of: FrameOf) -> None:
    frame = frame_of(DEMO, 19.0)
    shown = text(frame)
    assert "← Compensating" in shown
    assert "✗ declined" in shown
    assert "↺ undone" in shown
    assert "← undoing" in shown
    assert "◂═" in shown
    assert "-50+50=0" in shown
    assert "warn" in inks(frame, "◂═")
    wide = paper(frame, 110, 30)
    assert wide.text().count("▮") < text(frame_of(DEMO, 17.9), 110, 30).count("▮")
    assert "all sagas -50" in wide.text()


def test_a_dead_orchestrator_and_what_nobody_reads(frame_of: FrameOf) -> None:
    frame = frame_of(DEMO, 45.5)
    row = text(frame).splitlines()[BUS]
    assert "orchestrator-1 ✗ crashed 2.5s" in row
    assert "2 unread: ✓m05 ✓m04" in row
    assert "crashed" in inks(frame, "╌╌")
    assert "orchestrator-1 crashed" in text(frame, 50, 9)


def test_participants_that_are_dead_frozen_or_cut_off_show() -> None:
    shown = text(live("saga", 3.0, "1s crash credit-1", "1s pause stock-1", "2s crash card-1 at K3",
                      "2s spawn card", selected="credit-1"))  # fmt: skip
    assert "‖ paused" in shown
    assert "▸✗ crashed" in shown
    assert "✗ crashed 2.0s" in text(live("saga", 3.0, "1s crash credit-1"), 110, 30)
    assert "partition on stock-1" in text(
        live("saga", 3.0, "1s inject partition on stock-1"), 110, 30
    )
    assert "dies at K3" in text(live("saga", 3.0, "2s crash card-1 at K3"), 110, 30)


def test_what_waits_and_what_is_delayed_shows(frame_of: FrameOf) -> None:
    assert "1 delayed" in text(frame_of(DEMO, 44.5))
    assert "2 wait →m01 →m03" in text(live("saga", 8.5, "0s inject slow on stock-1 4"), 110, 30)


def test_what_is_held_for_ever_is_red(frame_of: FrameOf) -> None:
    frame = frame_of("saga/late-command-no-tombstone", 12.0)
    assert "-50 HELD" in text(frame)
    assert inks(frame, "HELD") == {"broken+bold"}
    assert "0 tombstone" in text(frame_of("saga/late-command", 12.0))


def test_several_sagas_and_the_log(frame_of: FrameOf) -> None:
    shown = text(frame_of(DEMO, 45.5), 110, 30)
    assert "m01  ✓  ✓ ┃✓┃ ✓  ✓  ✓ Completed" in shown
    assert "m02  ↺  ↺ ┃✗┃ ·  ·  ↺ Compensated" in shown
    assert "m04  ✓  ✓ ┃✓┃ ●  ·  ● Committed" in shown
    assert "m05  ✓  ● ┃·┃ ·  ·  ● Running" in shown
    assert "DURABLE LOG" in shown
    assert "m05 intent credit#2" in shown
    assert "intent credit#2" in text(frame_of(DEMO, 3.0))
    memory = text(frame_of("saga/point-of-no-return-memory-only", 50.0), 110, 30)
    assert "IN MEMORY ONLY" in memory
    assert "overdue" in text(frame_of("saga/point-of-no-return-memory-only", 60.0))


def test_a_saga_that_needs_a_human_says_so(frame_of: FrameOf) -> None:
    shown = text(frame_of("saga/needs-a-human", 30.0))
    assert "! NeedsHuman" in shown
    assert "✗ failed" in shown
    assert "-50 HELD" in shown


def test_with_a_dead_orchestrator_the_saga_that_goes_on_is_drawn_large(frame_of: FrameOf) -> None:
    assert "saga m05" in text(frame_of(DEMO, 44.5)), "nobody has anything in hands"
    assert "saga m04" in text(frame_of(DEMO, 45.5)), "shipping goes on all the same"
    assert "saga m05" in text(frame_of(DEMO, 48.5)), "somebody minds them again"


def test_timers_are_not_counted_among_the_answers(frame_of: FrameOf) -> None:
    assert "2 unread: ✓m05 ✓m04 ◷ 1 due" in text(frame_of(DEMO, 46.0))


def test_no_name_is_cut_where_it_fits(frame_of: FrameOf) -> None:
    assert "notification" in text(frame_of(DEMO, 46.0), 77, 20)
    rows = text(frame_of(DEMO, 46.0), 77, 20).splitlines()
    assert all(row.rstrip().endswith("│") for row in rows[2:6])


def test_the_shelf_is_told_in_fewer_words_where_room_is_short(frame_of: FrameOf) -> None:
    assert "shelf 0 · 1 pending" in text(frame_of("saga/last-item", 4.5), 77, 20)
    assert "shelf 0 free · 1 pending · 0 sold" in text(frame_of("saga/last-item", 4.5), 110, 30)


def test_a_dead_participant_shows_in_the_smallest_picture() -> None:
    frame = live("saga", 3.0, "1s crash credit-1")
    assert "credit" in text(frame, 38, 9)
    assert "✗ crashed" in text(frame, 38, 9)
    assert inks(frame, "✗ crashed", 38, 9) == {"crashed+bold"}


def test_many_sagas_are_counted_where_they_find_no_room() -> None:
    shown = text(live("saga", 200.0), 110, 30)
    assert "earlier sagas" in shown


def test_commands_and_answers_travel(frame_of: FrameOf) -> None:
    early = text(frame_of(DEMO, 16.14, playing=True)).splitlines()[BUS]
    later = text(frame_of(DEMO, 16.24, playing=True)).splitlines()[BUS]
    assert "←m02" in early
    assert "✗m02" in early
    assert early.index("✗m02") > later.index("✗m02"), "the answer travels to the orchestrator"
    assert "✗m02" not in text(frame_of(DEMO, 17.0, playing=True)).splitlines()[BUS]


def test_a_step_leaves_a_trail_while_time_stands_still(frame_of: FrameOf) -> None:
    assert "moving" in {ink for line in paper(frame_of(DEMO, 42.0)).lines() for _, ink in line}


def test_a_command_that_comes_back_does_not_come_from_the_orchestrator(frame_of: FrameOf) -> None:
    rows = text(frame_of(DEMO, 45.1, playing=True)).splitlines()
    assert "→m04" not in rows[BUS]
    assert any("→m04" in row for row in rows[:BUS])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("m02-credit", "→m02"), ("m02-undo-credit", "←m02"), ("m02-credit-done", "✓m02"),
        ("m02-credit-done-again~2", "✓m02"), ("m02-card-declined", "✗m02"),
        ("m02-stock-busy-3", "■m02"), ("m02-timer-3", "◷m02"), ("m02", "m02"),
    ],
)  # fmt: skip
def test_a_chip_tells_what_it_stands_for(name: str, shown: str) -> None:
    assert chip(name) == shown


def test_what_is_clicked_is_known(frame_of: FrameOf) -> None:
    zones = paper(frame_of(DEMO, 45.5)).zones
    names = {zone.name for zone in zones if zone.kind == "actor"}
    assert names == {"stock-1", "credit-1", "card-1", "shipping-1", "notification-1",
                     "orchestrator-1"}  # fmt: skip
    assert "m05-credit-done" in {zone.name for zone in zones if zone.kind == "message"}
    queues = {zone.name for zone in zones if zone.kind == "queue"}
    assert queues == {"to-orchestrator", *(f"to-{step}" for step in STEPS_OF_ALL)}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_fills_the_width_exactly(frame_of: FrameOf, width: int, height: int) -> None:
    crowd = live("saga", 90.0, "0s spawn orchestrator 9", "0s spawn stock 30", "5s crash stock-4")
    for frame in (
        frame_of(DEMO, 0.0), frame_of(DEMO, 16.1, playing=True), frame_of(DEMO, 45.5),
        frame_of("saga/needs-a-human-parallel", 22.0), frame_of("saga/last-item", 4.1), crowd,
        live("saga", 0.0, "0s stop client-1"),
    ):  # fmt: skip
        lines = paper(frame, width, height).lines()
        assert len(lines) == height
        assert {sum(cell_len(run) for run, _ in line) for line in lines} == {width}


def test_every_state_has_a_sign_of_one_cell_and_a_word() -> None:
    for signs in (STEPS, STATES):
        assert {cell_len(sign) for sign, _ in signs.values()} == {1}


def test_a_saga_turns_back_where_it_got_to_and_not_beyond(frame_of: FrameOf) -> None:
    turned = text(frame_of("saga/commands-in-a-convoy", 5.5), 77, 20)
    assert "← undoing" in turned
    assert "◂" not in turned, "card has never been reached"


def test_who_is_free_is_told_beside_who_works(frame_of: FrameOf) -> None:
    shown = text(frame_of("saga/commands-in-a-convoy", 5.5), 77, 20)
    assert "━━╸─ +1 idle│" in shown


def test_a_fault_covers_no_title(frame_of: FrameOf) -> None:
    for width in (77, 110):
        shown = text(frame_of("saga/late-command", 7.5), width, 20)
        assert "DURABLE LOG" in shown
        assert "↯ delay-command on m01-credit" in shown


@pytest.mark.parametrize(("width", "height"), [(66, 11), (78, 11), (77, 20), (110, 30), (44, 9)])
def test_a_lost_update_is_told_on_the_ledger(frame_of: FrameOf, width: int, height: int) -> None:
    before = frame_of("saga/one-balance-overwritten", 5.9)
    assert "LOST" not in text(before, width, height)
    frame = frame_of("saga/one-balance-overwritten", 27.0)
    assert "✗ 100 LOST" in text(frame, width, height)
    assert inks(frame, "LOST", width, height) == {"broken+bold"}
    assert ("-50, not -150" in text(frame, width, height)) == (height >= 15)
    assert "LOST" not in text(frame_of("saga/one-balance", 27.0), width, height)


def test_a_fuzzy_read_is_told_where_it_was_acted_on(frame_of: FrameOf) -> None:
    frame = frame_of("saga/the-price-in-between-not-reread", 9.5)
    assert "+60 ✗ FUZZY" in text(frame)
    assert "✗ FUZZY" in text(frame, 44, 9)
    assert inks(frame, "FUZZY") == {"broken+bold"}
    later = frame_of("saga/the-price-in-between-not-reread", 20.0)
    assert "FUZZY" not in text(later), "order 2 saw one price"


def test_what_an_order_is_worth_and_the_way_it_goes(frame_of: FrameOf) -> None:
    frame = frame_of("saga/worth-the-wait", 6.5)
    assert "saga m06 ● Running 1.5s  400 careful" in text(frame)
    assert "shelf 0 free · 1 pending" in text(frame)
    listed = text(frame, 110, 30).splitlines()
    assert any("m05" in line and "50 quick" in line for line in listed)
    assert inks(frame, "400 careful") == {"held"}
    assert "quick" not in text(frame_of(DEMO, 3.0), 110, 30)


def test_a_fuzzy_read_that_is_accepted_is_no_alarm(frame_of: FrameOf) -> None:
    frame = frame_of("saga/worth-a-second-look", 7.2)
    assert "+60 ! fuzzy" in text(frame)
    assert inks(frame, "! fuzzy") == {"warn"}


def test_an_order_of_its_own_is_told_as_it_is_written(frame_of: FrameOf) -> None:
    frame = frame_of("saga/an-order-of-its-own", 11.0)
    assert "undone: card, credit+stock" in text(frame)
    assert "answer due in 7.0s" in text(frame, 110, 30)
    assert "◷ 7.0s" in text(frame), "in fewer words where room is short"
    assert "undone in parallel" in text(frame_of("saga/an-order-of-its-own-parallel", 9.0))
