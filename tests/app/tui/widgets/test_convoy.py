"""What a person reads in the picture of a sequential convoy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import inks, live, paper, text

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.theming import FALLBACKS
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.convoy import paint_convoy
from mailrail.tui.widgets.picture import PAINTERS
from mailrail_patterns import catalog
from mailrail_patterns.scenario import find

FrameOf = Callable[..., LabFrame]

CONVOY = "sequential-convoy"
LANES = f"{CONVOY}/lanes"
OPEN = f"{CONVOY}/kept-open"
STALE = f"{CONVOY}/a-stale-write"
SIZES = [(78, 11), (66, 6), (76, 9), (98, 22), (110, 30), (158, 44), (60, 8), (30, 4), (16, 2)]


def row(frame: LabFrame, lane: str, width: int = 78, height: int = 11) -> str:
    """Return the first row of a lane."""
    lines = text(frame, width, height).splitlines()
    return next(line for line in lines if line.startswith(f"{lane} "))


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS[CONVOY] is paint_convoy


def test_at_the_start_three_lanes_are_locked_and_one_waits(frame_of: FrameOf) -> None:
    frame = frame_of(LANES, 1.0)
    assert row(frame, "A").split()[-6:] == ["worker-1", "▮▮▮▮▯", "4.0s", "✓", "in", "order"]
    assert glyphs.LOCKED in row(frame, "C")
    assert glyphs.UNLOCKED in row(frame, "D")
    assert row(frame, "D").endswith("! waits 1.0s")
    assert "no worker is free" in text(frame)
    assert "A5─A4─A3─A2" in row(frame, "A")
    assert "D5─D4─D3─D2─D1" in row(frame, "D")


def test_a_lane_that_fell_free_in_an_outage_waits_for_the_broker_and_not_for_a_worker(
    frame_of: FrameOf,
) -> None:
    shown = text(frame_of(f"{CONVOY}/broker-away", 6.0))
    assert "nobody reaches the broker" in shown
    assert "no worker is free" not in shown
    assert "nobody reaches" not in text(frame_of(f"{CONVOY}/broker-away", 10.0))


def test_before_anything_has_come_there_is_something_sensible() -> None:
    frame = live(CONVOY, 0.0)
    assert "3 workers" in text(frame)
    empty = text(Session(find(f"{CONVOY}/hot-group"), clock=lambda: 0.0).frame())
    assert "out of order 0" in empty


def test_a_frozen_lane_says_who_holds_it_and_for_how_long(frame_of: FrameOf) -> None:
    frame = frame_of(LANES, 11.5)
    assert "A3" in row(frame, "A")
    assert "✗ worker-1" in row(frame, "A")
    assert row(frame, "A").endswith("1.5s ✗ FROZEN 2.5s")
    shown = text(frame)
    assert "worker-1 is crashed: nobody may touch it for 1.5s" in shown
    assert "holds no lane: ○ worker-2 idle" in shown
    assert "frozen 1 (A since 9.0)" in shown
    assert "parallel 1/2" in shown
    assert inks(frame, "FROZEN") == {"crashed+bold"}


def test_a_lane_taken_over_shows_the_delivery_count(frame_of: FrameOf) -> None:
    frame = frame_of(LANES, 14.5)
    assert "A3#2" in row(frame, "A")
    assert "worker-2" in row(frame, "A")
    assert "frozen 0 (A 9.0–13.0)" in text(frame)
    assert "waited 10.0s" in text(frame)
    assert "† hole at B2" in text(frame)


def test_a_sleeping_and_a_cut_off_holder_are_told_apart() -> None:
    asleep = live(LANES, 2.5, "1s pause worker-1")
    assert "‖ worker-1" in row(asleep, "A")
    assert "worker-1 is paused: nobody may touch it" in text(asleep)
    cut = live(LANES, 2.5, "1s inject partition on worker-1")
    assert "worker-1 is cut off: nobody may touch it" in text(cut)
    assert "↯ partition on worker-1" in text(cut)


def test_the_lock_of_an_earlier_life_is_not_that_of_the_present_one() -> None:
    frame = live(LANES, 10.5, "9.5s restart worker-1")
    assert "✗ worker-1" in row(frame, "A")
    assert "worker-1 is gone: nobody may touch it" in text(frame)
    assert "● worker-1" in row(frame, "D")


def test_without_sessions_two_at_once_are_unmistakable(frame_of: FrameOf) -> None:
    frame = frame_of(f"{LANES}-no-sessions", 2.5)
    assert "A1 worker-1  A2 worker-3" in row(frame, "A")
    assert row(frame, "A").endswith("✗ 2 AT ONCE")
    assert "A1 and A2 at the same time" in text(frame)
    assert "no sessions" in text(frame)
    assert "out of order 1" in text(frame)
    assert inks(frame, "AT ONCE") == {"broken+bold"}
    assert glyphs.LOCKED not in text(frame)


def test_a_parked_group_says_so(frame_of: FrameOf) -> None:
    frame = frame_of(f"{LANES}-park", 8.0)
    assert row(frame, "B").endswith("† PARKED with B2")
    assert "set aside until B is redriven" in text(frame)
    assert "† dead 4" in text(frame)


def test_sessions_kept_open_are_shown_beside_those_that_wait(frame_of: FrameOf) -> None:
    frame = frame_of(OPEN, 100.0)
    shown = text(frame, 158, 30)
    assert shown.count("kept open") == 10
    assert shown.count("waits 100s") >= 7
    assert "more lanes" in shown
    assert "holds no lane: nobody" in shown


def test_who_works_on_under_a_lost_lock_is_named(frame_of: FrameOf) -> None:
    frame = frame_of(STALE, 8.0)
    assert "● worker-1 working on A1, lock lost" in text(frame)
    assert "○ worker-2 idle" in text(frame)


def test_shared_lanes_say_how_many_groups_share_them(frame_of: FrameOf) -> None:
    shown = text(frame_of(f"{CONVOY}/shared-lanes", 5.0))
    assert "4 lanes" in shown
    assert "8 of 3 groups" in shown


def test_what_moves_is_drawn_on_its_way() -> None:
    frame = live(LANES, 6.1, playing=True)
    done = [run for line in paper(frame).lines() for run, ink in line if ink == "on-done"]
    assert done == ["✓ A1", "✓ C3"]
    moving = [run for line in paper(frame).lines() for run, ink in line if ink == "on-moving"]
    assert moving == ["A2", "C4"]
    still = live(LANES, 6.1)
    assert not [run for line in paper(still).lines() for run, ink in line if ink == "on-moving"]
    assert inks(still, "·") & {"moving"}


def test_a_dead_letter_is_seen_leaving() -> None:
    frame = live(LANES, 5.1, playing=True)
    assert [run for line in paper(frame).lines() for run, ink in line if ink == "on-dead"] == [
        "B2#3"
    ]


def test_messages_and_actors_answer_a_click(frame_of: FrameOf) -> None:
    drawn = paper(frame_of(LANES, 11.5))
    zones = {(zone.kind, zone.name) for zone in drawn.zones}
    assert {("actor", "worker-1"), ("actor", "worker-2"), ("actor", "worker-3")} <= zones
    assert {("message", "m09"), ("message", "m13"), ("message", "m17")} <= zones
    wide = paper(frame_of(LANES, 11.5), 158, 30)
    assert ("actor", "sender-1") in {(zone.kind, zone.name) for zone in wide.zones}


def test_the_chosen_actor_stands_out() -> None:
    frame = live(LANES, 3.0, selected="worker-2")
    assert inks(frame, "worker-2") == {"selected+bold+underline"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(catalog.bundled(CONVOY)))
def test_it_fits_whatever_the_size(frame_of: FrameOf, name: str, size: tuple[int, int]) -> None:
    known = {*FALLBACKS, "text"}
    for t in (0.0, 2.1, 9.5, 13.1):
        drawn = paper(frame_of(name, t, playing=t > 2), *size)
        assert (drawn.width, drawn.height) == size
        for line in drawn.lines():
            assert sum(cell_len(run) for run, _ in line) == size[0]
            for _, ink in line:
                base = ink.partition("+")[0].removeprefix("on-")
                assert base in known, ink


def test_no_size_is_too_small(frame_of: FrameOf) -> None:
    frame = frame_of(LANES, 11.5)
    for width in range(1, 80, 3):
        for height in range(1, 14):
            assert paper(frame, width, height).height == height


def test_every_state_is_readable_in_the_narrow_picture(frame_of: FrameOf) -> None:
    shown = text(frame_of(LANES, 11.5), 44, 8)
    assert "FROZEN" in shown
    assert "in order" in shown
    assert "done 5" in shown


def test_a_dead_holder_stays_red_though_it_is_selected(frame_of: FrameOf) -> None:
    assert inks(frame_of(LANES, 11.5, selected="worker-1"), "worker-1") >= {
        "crashed+bold+underline"
    }
    gone = frame_of(LANES, 14.5, selected="worker-1")
    assert inks(gone, "worker-1 crashed") == {"crashed+bold+underline"}


def test_a_small_picture_with_room_shows_the_queue_and_the_lock_of_each_lane(
    frame_of: FrameOf,
) -> None:
    shown = text(frame_of(LANES, 10.6), 38, 9).splitlines()
    assert shown[1] == "A ───────A5─A4─▣ A3 ✗ worker-1"
    assert shown[2] == "  ▮▮▮▮▯▯▯▯ 2.4s  ✗ FROZEN 1.6s"
    assert "A3─ A1 A2" in text(frame_of(f"{LANES}-no-sessions", 3.0), 38, 9)
    assert "A +44──A18─A17─▣ A16" in text(frame_of("sequential-convoy/hot-group", 30.0), 38, 9)


def test_a_sleeper_still_has_its_message_in_hands(frame_of: FrameOf) -> None:
    frame = frame_of("sequential-convoy/the-sleeping-holder", 6.0)
    assert "holds no lane: ‖ worker-1 paused on A1, lock lost" in text(frame)


def test_partitions_stand_in_the_order_of_their_numbers(frame_of: FrameOf) -> None:
    rows = text(frame_of("sequential-convoy/shared-lanes", 4.0)).splitlines()
    names = [each.split()[0] for each in rows if each.startswith("p")]
    assert names == ["p0", "p1", "p2", "p3"]


def test_what_is_set_aside_stands_apart_and_says_what_it_waits_for(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CONVOY}/out-of-order-resequenced", 4.2)
    assert row(frame, "A").startswith("A  A4─A3─")
    assert row(frame, "A").endswith("! waits for A2")
    assert "A3, A4 set aside: A2 missing for 1.2s" in text(frame)
    assert inks(frame, "A3") == {"on-warn", "warn"}
    small = text(frame, 30, 4)
    assert "waits for A2" in small
    later = frame_of(f"{CONVOY}/out-of-order-resequenced", 7.2)
    assert "B4, B5 next" in text(later)
    assert "not as sent" not in text(later)


def test_steps_done_too_late_are_counted(frame_of: FrameOf) -> None:
    assert "not as sent 2" in text(frame_of(f"{CONVOY}/out-of-order", 12.0))


def test_lanes_too_far_back_say_so(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CONVOY}/hot-group-hides", 30.0)
    assert row(frame, "B").endswith("! HIDDEN 28.0s")
    assert "too far back in the queue: nobody can see it" in text(frame)
    assert "20 in sight" in text(frame)
    assert inks(frame, "HIDDEN") == {"broken+bold"}


def test_the_row_of_an_order_says_what_is_set_aside(frame_of: FrameOf) -> None:
    frame = frame_of(f"{CONVOY}/out-of-order-resequenced", 4.2)
    assert any("waiting m04 3, n04 4" in row.text for row in frame.ledger)


def test_a_rebalance_is_told_where_lanes_stand_still() -> None:
    frame = live("sequential-convoy/rebalance", 5.2)
    text = paint_convoy(frame, 110, 24).text()
    assert "! REBALANCING 1.7s" in text
    assert text.count("held back: a rebalance goes on") == 4
    assert "REBALANCING" not in paint_convoy(live("sequential-convoy/rebalance", 8), 110, 24).text()


def test_a_lane_waits_for_what_is_in_flight_without_a_session() -> None:
    frame = live(
        CONVOY, 3.5, "0.5s inject lose-ack", dialect="amazon-sqs-fifo", lock="6s", service="1s",
        count=8, every="100ms", consumers=2,
    )  # fmt: skip
    assert "! waits for A1" in text(frame, 110, 30)
    assert "A1 is in flight for 2.5s, or until it is settled" in text(frame, 110, 30)
