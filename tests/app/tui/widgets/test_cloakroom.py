"""What a person reads in the picture of claim checks."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf, live, paper, text

from mailrail.tui.widgets.cloakroom import paint_cloakroom
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.wall import SIGNS

CLAIM = "claim-check"
LUGGAGE = f"{CLAIM}/lost-luggage"
SIZES = [(78, 11), (76, 9), (110, 30), (158, 44), (60, 8), (44, 9), (30, 4), (16, 2), (1, 1)]


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS[CLAIM] is paint_cloakroom


@pytest.mark.parametrize("size", [(78, 11), (76, 17), (110, 30), (158, 44)])
def test_what_stands_on_a_locker_is_explained(frame_of: FrameOf, size: tuple[int, int]) -> None:
    assert "refs: readers" in text(frame_of(LUGGAGE, 40.0), *size)
    assert "◷ lapses in" in text(frame_of(LUGGAGE, 40.0), *size)
    swept = text(frame_of(f"{LUGGAGE}-refcount", 45.0), *size)
    assert "refs: readers" not in swept


def test_at_the_start_nothing_is_guessed(frame_of: FrameOf) -> None:
    shown = text(frame_of(CLAIM, 0.0))
    assert "STORE 5 MB" in shown
    assert "L1 m01 5MB" in shown
    assert "receiver-1 ● working" in shown
    assert "sweeper-1 ○ next 20.0s, grace 10s" in shown
    assert "0 settled, † none dead" in shown


def test_without_the_pattern_the_bus_refuses_and_the_store_is_unused(frame_of: FrameOf) -> None:
    shown = text(frame_of(LUGGAGE, 3.2))
    assert "STORE not in use: payloads travel inside" in shown
    assert "✗ 4 refused: m04 too large 5 MB" in shown
    assert "every locker is empty" in shown


def test_bus_and_store_say_how_much_they_carry(frame_of: FrameOf) -> None:
    shown = text(frame_of(LUGGAGE, 15.9))
    assert "BUS 2.4 KB · 1:16,667 · limit 256KB" in shown
    assert "STORE 40 MB · for ever · sweeper-only" in shown
    assert "✓ 8 done" in shown
    wide = text(frame_of(LUGGAGE, 15.9), 158, 44)
    assert "2.4 KB carried · 1:16,667 of the payloads" in wide


def test_every_state_of_a_locker_has_a_sign_and_a_word(frame_of: FrameOf) -> None:
    before, after = text(frame_of(LUGGAGE, 31.0)), text(frame_of(LUGGAGE, 34.0))
    assert "L9 m17 5MB" in before
    assert "□ ORPHAN 13s" in before
    assert "■ refs 1 ◷1s" in before
    assert "■ 3 live  □ 1 ORPHAN  ✓ 5 done" in before
    assert "✗ lapsed" in after
    assert "✗ 3 dangling" in after
    assert len({sign for sign, _, _ in SIGNS.values()}) == len(SIGNS)


def test_in_a_large_picture_lockers_are_boxes(frame_of: FrameOf) -> None:
    shown = text(frame_of(LUGGAGE, 31.0), 158, 44)
    for part in ("╭─ 9 ─", "□ ORPHAN  13s", "■ live  ◷1.0s", "refs 1", "no ticket"):
        assert part in shown
    assert "dangling 1" in text(frame_of(LUGGAGE, 34.0), 158, 44)


def test_references_are_counted_down(frame_of: FrameOf) -> None:
    shown = text(live(CLAIM, 1.2, "0.5s pause archivist-1", subscribers="2"), 158, 44)
    assert "refs 2" in shown
    later = text(live(CLAIM, 1.8, "0.5s pause archivist-1", subscribers="2"), 158, 44)
    assert "refs 1" in later


def test_crashed_and_paused_actors_cannot_be_missed(frame_of: FrameOf) -> None:
    shown = text(frame_of(LUGGAGE, 24.0))
    assert "sender-1 ✗ crashed" in shown
    assert "receiver-1 ✗ crashed n01#1" in shown
    assert "▸receiving n02 n03" in shown
    assert "hidden" in text(frame_of(LUGGAGE, 24.0), 110, 30)
    assert "work" not in text(frame_of(LUGGAGE, 34.0), 110, 30), "the dead do nothing"
    paused = text(live(CLAIM, 3.4, "3.2s pause receiver-1", "3.3s pause sweeper-1"))
    assert "receiver-1 ‖ paused" in paused
    assert "sweeper-1 ‖ paused" in paused
    armed = text(live(CLAIM, 3.4, "3.2s crash sender-1 at K3"))
    assert "dies at K3" in armed


def test_dead_letters_tell_their_reason(frame_of: FrameOf) -> None:
    assert "† 3 dead n03 n02 n01 PayloadNotFound" in text(frame_of(LUGGAGE, 36.0), 90, 11)


def test_a_closed_store_says_so() -> None:
    shown = text(live(CLAIM, 3.0, "1.5s inject store-down"))
    assert "↯ DOWN" in shown
    assert "2 refused: m04 store down" in shown


def test_without_a_sweeper_orphans_stay() -> None:
    assert "no sweeper" in text(live(f"{CLAIM}/the-share-that-never-deletes", 5.0))


def test_of_too_many_lockers_the_telling_ones_are_shown() -> None:
    name = f"{CLAIM}/the-share-that-never-deletes"
    shown = text(live(name, 40.0, "20.5s inject lose-send"))
    assert "ORPHAN" in shown.splitlines()[1] + shown
    assert "+28 more" in shown
    assert "m22 5MB" in shown


def test_crowds_are_counted() -> None:
    shown = text(live(CLAIM, 3.2, "0s spawn receiver 200", "0s spawn sender 30"))
    assert "+" in shown
    assert "more" in shown


def test_a_message_that_carries_its_payload_says_how_heavy_it_is(frame_of: FrameOf) -> None:
    frame = live(f"{CLAIM}/small-and-large", 5.1, "4.5s pause receiver-1")
    assert "n03#1" in text(frame)
    crowd = live(f"{CLAIM}/small-and-large", 9.6, "4.5s crash receiver-1")
    assert "n04 20.3KB" in text(crowd, 110, 30)


def test_payloads_and_tickets_travel(frame_of: FrameOf) -> None:
    early, late = (text(frame_of(LUGGAGE, t, playing=True)) for t in (8.05, 8.2))
    assert "▣ 5MB" in early
    assert early != late
    trail = paper(frame_of(LUGGAGE, 8.0))
    assert "moving" in {ink for line in trail.lines() for _, ink in line}


def test_what_is_clicked_is_known(frame_of: FrameOf) -> None:
    made = paper(frame_of(LUGGAGE, 24.0))
    actors = {zone.name for zone in made.zones if zone.kind == "actor"}
    assert actors == {"sender-1", "receiver-1", "sweeper-1"}
    assert {"n02", "n03", "m17"} <= {zone.name for zone in made.zones if zone.kind == "message"}


def test_the_selected_one_is_marked(frame_of: FrameOf) -> None:
    lines = paper(frame_of(LUGGAGE, 24.0, selected="receiver-1")).lines()
    inks = {ink for line in lines for run, ink in line if "receiver-1" in run}
    assert any("selected" in ink for ink in inks)


def test_where_there_is_little_room_the_counts_come_first(frame_of: FrameOf) -> None:
    rows = text(frame_of(LUGGAGE, 31.0), 44, 9).splitlines()
    assert rows[0].startswith("BUS 3.3 KB carried")
    assert rows[1] == "STORE 45 MB in 9 lockers"
    assert "□ 1 ORPHAN" in rows[2]
    assert any("✗ 1 crashed" in row for row in rows)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_fills_the_width_exactly(frame_of: FrameOf, width: int, height: int) -> None:
    crowd = live(CLAIM, 9.3, "0s spawn receiver 300", "2s inject burst 400", "5s crash receiver-4",
                 subscribers="2")  # fmt: skip
    for frame in (
        frame_of(LUGGAGE, 0.0), frame_of(LUGGAGE, 8.1, playing=True), frame_of(LUGGAGE, 34.0),
        frame_of(LUGGAGE, 37.2, playing=True), crowd,
    ):  # fmt: skip
        lines = paper(frame, width, height).lines()
        assert len(lines) == height
        assert {sum(cell_len(run) for run, _ in line) for line in lines} == {width}


def test_below_the_counts_stand_as_many_lockers_as_there_is_room_for(frame_of: FrameOf) -> None:
    rows = text(frame_of(LUGGAGE, 18.6), 36, 11).splitlines()
    assert "L9 m17" in rows[-2]
    assert "□ ORPHAN" in rows[-1]


def test_a_payload_that_was_altered_is_marked_at_every_size(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CLAIM}/tampered", 4.0)
    assert "! ALTERED" in text(frame)
    assert "! ALTERED" in text(frame, 158, 44)


def test_events_of_the_store_have_a_lane_and_who_serves_it(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CLAIM}/put-and-gone-automatic", 10.0)
    assert "▸created   no event waits" in text(frame)
    assert "notifier-1" in text(frame)
    assert "created" not in text(frame_of(CLAIM, 10.0))


def test_a_ticket_that_comes_back_later_has_not_gone(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CLAIM}/store-outage", 2.05)
    assert "no ticket waits, ◷ 1 scheduled" in text(frame, 110, 30)
    assert "0 wait, ◷ 1 scheduled" in text(frame, 60, 5)


def test_a_ticket_of_an_earlier_life_is_hidden() -> None:
    frame = live("claim-check/read-once-refcount", 9.0)
    assert "receiver-1 ○ idle m03#1 hidden 3s" in text(frame, 78, 11)
    assert "receiver-1 ○ idle m03#1 hidden" in text(frame, 107, 28)
