"""What a person reads in the picture of pipes and filters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import inks, live, paper, text

from mailrail.frames import LabFrame
from mailrail.tui.theming import FALLBACKS
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.conveyor import paint_conveyor
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks
from mailrail.tui.widgets.stations import bottleneck, stations_of

FrameOf = Callable[..., LabFrame]

PIPES = "pipes-and-filters"
BASE = f"{PIPES}/moving-bottleneck"
FULL = f"{PIPES}/backpressure"
TWICE = f"{PIPES}/twice-published"
SIZES = [(78, 11), (76, 11), (76, 9), (110, 30), (158, 44), (60, 8), (44, 9), (30, 4), (16, 2)]


def names(frame: LabFrame) -> list[str]:
    return [station.name for station in stations_of(frame)]


def slowest(frame: LabFrame) -> str | None:
    stations = stations_of(frame)
    index = bottleneck(stations)
    return None if index is None else stations[index].name


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS[PIPES] is paint_conveyor


def test_the_conveyor_at_fifteen_seconds(frame_of: FrameOf) -> None:
    shown = text(frame_of(BASE, 15.5))
    for title in ("DECODE ×1", "RESIZE ×1", "PUBLISH ×1"):
        assert title in shown
    assert "4/∞" in shown
    assert "10/∞" in shown
    assert "● working" in shown
    assert "○ idle" in shown
    assert "2.5/3.0s" in shown
    assert "0.33/s" in shown
    assert "✓ 4 out" in shown
    assert "first 5s" in shown
    assert "last 14s" in shown
    assert "can 0.33/s" in shown
    assert "sent 20" in shown
    assert "20 in = 4 out + 14 in pipes + 2 in filters" in shown


def test_the_next_item_is_nearest_its_stage_and_the_pile_winds(frame_of: FrameOf) -> None:
    rows = text(frame_of(BASE, 15.5)).splitlines()
    assert "m07 m06│" in rows[6]
    assert "m08 m09│" in rows[5]
    assert "m15 m14│" in rows[2]


@pytest.mark.parametrize("t", [3.0, 15.0, 30.0, 62.0])
def test_the_badge_is_on_the_slowest_stage(frame_of: FrameOf, t: float) -> None:
    frame = frame_of(BASE, t)
    assert slowest(frame) == "resize"
    row = next(row for row in text(frame).splitlines() if "BOTTLENECK" in row)
    assert row.index("BOTTLENECK") > text(frame).splitlines()[0].index("RESIZE") - 3
    assert inks(frame, "BOTTLENECK") == {"on-warn+bold"}


def test_the_badge_moves_when_the_slowest_stage_gets_more_instances(frame_of: FrameOf) -> None:
    assert slowest(frame_of(f"{BASE}-six-resizers", 10.0)) == "decode"
    assert slowest(live(BASE, 10.0, "5s spawn resize")) == "resize"
    assert slowest(live(BASE, 10.0, "5s spawn resize 5")) == "decode"
    assert slowest(live(BASE, 10.0, "5s inject slow on publish-1 5")) == "publish"
    assert slowest(live(BASE, 10.0, "5s crash decode-1")) == "decode"


def test_once_the_shares_have_settled_the_badge_is_where_the_highest_one_is(
    frame_of: FrameOf,
) -> None:
    for variant in ("", "-two-resizers"):
        stations = stations_of(frame_of(BASE + variant, 32.0))
        highest = max(stations, key=lambda station: station.busy or 0.0)
        index = bottleneck(stations)
        assert index is not None
        assert stations[index] == highest


def test_nothing_is_slowest_before_anything_has_moved_or_with_one_stage_only(
    frame_of: FrameOf,
) -> None:
    assert slowest(frame_of(PIPES, 0.5)) is None
    assert slowest(frame_of(f"{BASE}-one-filter", 12.0)) is None


def test_a_blocked_filter_stands_with_its_item_in_the_doorway(frame_of: FrameOf) -> None:
    frame = frame_of(FULL, 12.5)
    shown = text(frame)
    assert "■ blocked" in shown
    assert "━━━━━━━ m08 " in shown, "no frame between the item and the pipe it cannot enter"
    assert "waits 1.5s" in shown
    assert "FULL" in shown
    assert "3/3" in shown
    assert "blocked 4s" in shown
    assert "on-blocked" in inks(frame, "m08")


def test_free_places_of_a_bounded_pipe_show(frame_of: FrameOf) -> None:
    rows = text(frame_of(FULL, 1.5)).splitlines()
    assert any("··· ···" in row for row in rows)


def test_a_crashed_filter_keeps_its_item_hidden(frame_of: FrameOf) -> None:
    shown = text(frame_of(TWICE, 29.0))
    assert "✗ crashed" in shown
    assert "hidden 6s" in shown or "hidden 6.0s" in shown
    assert "20 in = 9 out + 11 in pipes + 1 in filters − 1 copy" in shown


def test_a_second_copy_is_marked_and_its_harm_is_told(frame_of: FrameOf) -> None:
    frame = frame_of(TWICE, 39.6)
    assert "m09~" in text(frame)
    assert inks(frame, "m09~") == {"on-warn"}
    assert "published twice 1" in text(frame_of(TWICE, 41.0))
    kept = text(frame_of(f"{TWICE}-deduplicated", 41.0))
    assert "published twice" not in kept
    assert "✓ 1 kept out" in kept


def test_lost_and_dead_items_are_in_the_sum() -> None:
    lost = text(live(BASE, 200.0, "6s inject lose-send"))
    assert "20 in = 19 out + 0 in pipes + 0 in filters + 1 lost" in lost
    dead = text(live(BASE, 200.0, "6s inject poison on m12"))
    assert "19 out + 0 in pipes + 0 in filters + † 1 dead" in dead


def test_faults_and_badges_show() -> None:
    shown = text(live(BASE, 8.0, "6s inject slow on resize-1 5", "6s crash resize-1 at K5"))
    assert "↯ slow resize-1 5" in shown
    steps = ("6s inject slow on resize-1 5", "7.1s crash decode-1 at K5")
    wide = text(live(BASE, 7.5, *steps), 110, 30)
    assert "dies at K5" in wide
    assert "can 0.067/s" in wide
    down = live(BASE, 8.0, "7s inject broker-down")
    assert "DOWN" in text(down)


def test_paused_instances_show() -> None:
    assert "‖ paused" in text(live(BASE, 8.0, "7s pause resize-1"))


def test_one_filter_that_does_everything_has_its_steps(frame_of: FrameOf) -> None:
    frame = frame_of(f"{BASE}-one-filter", 12.0)
    shown = text(frame)
    assert names(frame) == ["monolith"]
    assert "MONOLITH ×1" in shown
    assert "└decode" in shown
    assert "└resize──" in shown
    assert "0.2/s" in shown
    assert "100%" in shown
    assert "BOTTLENECK" not in shown
    assert "DECODE" not in shown


def test_a_filter_that_does_everything_beside_the_others_takes_from_the_first_pipe() -> None:
    frame = live(BASE, 12.0, "5s spawn monolith")
    assert names(frame) == ["decode", "resize", "publish"]
    assert "DECODE ×2" in text(frame)


def test_six_instances_have_a_row_each(frame_of: FrameOf) -> None:
    rows = text(frame_of(f"{BASE}-six-resizers", 12.5)).splitlines()
    x = rows[0].index("RESIZE")
    inside = [row[x : x + 10] for row in rows[1:7]]
    assert sum("● m" in cell for cell in inside) == 3
    assert sum("○ idle" in cell for cell in inside) == 3


def test_of_a_thousand_those_at_work_come_first_and_the_others_are_counted() -> None:
    frame = live(BASE, 12.5, "0s spawn resize 999")
    shown = text(frame)
    assert "+997 more" in shown
    assert "○ 997 idle" in shown
    assert "333/s" in shown
    assert "RESIZE ×1000" in text(frame, 110, 30)
    chosen = live(BASE, 12.5, "0s spawn resize 999", selected="resize-700")
    assert "resize-700" in text(chosen, 110, 30)


def test_thousands_of_items_are_counted_where_they_find_no_room() -> None:
    frame = live(PIPES, 6.0, "1s inject burst 5000")
    shown = text(frame)
    assert "+4,9" in shown
    assert "5,004 in = 1 out + 5,001 in pipes + 2 in filters" in shown
    assert "4,997" in shown


def test_more_than_are_listed_are_counted_all_the_same() -> None:
    shown = text(
        live(PIPES, 3.5, "0s spawn resize 600", "0s spawn decode 600", "1s inject burst 900")
    )
    assert "lost" not in shown
    assert "copies" not in shown


def test_items_travel_and_are_in_one_place_only(frame_of: FrameOf) -> None:
    for t in (15.1, 15.2, 15.3):
        shown = text(frame_of(BASE, t, playing=True))
        for item in ("m15", "m16"):
            assert shown.count(item) == 1
    halfway = text(frame_of(BASE, 15.2, playing=True)).splitlines()
    there = text(frame_of(BASE, 15.5, playing=True)).splitlines()
    assert halfway[:8] != there[:8]
    assert "✓ m05" in text(frame_of(BASE, 17.2, playing=True))


def test_a_step_leaves_a_trail_while_time_stands_still(frame_of: FrameOf) -> None:
    assert "moving" in {ink for line in paper(frame_of(BASE, 15.0)).lines() for _, ink in line}


def test_what_is_clicked_is_known(frame_of: FrameOf) -> None:
    made = paper(frame_of(BASE, 15.5))
    assert {zone.name for zone in made.zones if zone.kind == "actor"} == {
        "decode-1", "resize-1", "publish-1", "source-1",
    }  # fmt: skip
    assert "m06-decode" in {zone.name for zone in made.zones if zone.kind == "message"}


def test_the_selected_one_is_marked(frame_of: FrameOf) -> None:
    assert any(
        "selected" in ink for ink in inks(frame_of(BASE, 15.5, selected="resize-1"), "resize-1")
    )


def test_a_narrow_screen_has_the_stages_below_each_other(frame_of: FrameOf) -> None:
    shown = text(frame_of(FULL, 12.0), 60, 8)
    assert "▸ to-resize" in shown
    assert "3/3 FULL" in shown
    assert "■ 1 blocked" in shown
    assert "BOTTLENECK" in shown
    assert "SLOWEST" in text(frame_of(FULL, 12.0), 50, 4)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_fills_the_width_exactly(frame_of: FrameOf, width: int, height: int) -> None:
    crowd = live(PIPES, 30.0, "0s spawn resize 999", "0s inject burst 4000", "5s crash resize-4")
    for frame in (
        frame_of(BASE, 0.0), frame_of(BASE, 15.2, playing=True), frame_of(FULL, 12.2),
        frame_of(f"{BASE}-one-filter", 12.0), crowd,
    ):  # fmt: skip
        lines = paper(frame, width, height).lines()
        assert len(lines) == height
        assert {sum(cell_len(run) for run, _ in line) for line in lines} == {width}


def test_the_picture_does_not_shrink_while_a_run_goes_on(frame_of: FrameOf) -> None:
    peaks = Peaks()
    high = paint_conveyor(frame_of(BASE, 21.0), 110, 30, peaks).text().splitlines()
    later = paint_conveyor(frame_of(BASE, 60.0), 110, 30, peaks).text().splitlines()
    assert [row.find("╭") for row in high] == [row.find("╭") for row in later]


def test_every_state_an_actor_can_be_in_has_a_sign_of_its_own_and_a_colour() -> None:
    states = [
        "idle", "working", "blocked", "paused", "crashed", "halted", "stopping", "stopped",
    ]  # fmt: skip
    assert set(glyphs.STATES) == set(states)
    assert len(set(glyphs.STATES.values())) == len(states)
    assert {cell_len(sign) for sign in glyphs.STATES.values()} == {1}
    assert set(states) <= set(FALLBACKS)


def test_a_sum_that_does_not_fit_is_told_in_short_or_says_that_it_goes_on(
    frame_of: FrameOf,
) -> None:
    rows = text(frame_of(BASE, 15.0), 36, 8).splitlines()
    assert "20 in = 4 out + 14 wait + 2 held" in rows
    rows = text(frame_of(BASE, 15.0), 30, 8).splitlines()
    assert "20 in = 4 out + 14 wait + …" in rows


def test_in_a_narrow_strip_the_badge_covers_no_count(frame_of: FrameOf) -> None:
    rows = text(frame_of(BASE, 15.0), 36, 4).splitlines()
    slow = next(line for line in rows if "SLOW" in line)
    assert "/∞ " in slow


# --- claim checks -----------------------------------------------------------------------------

CLAIMS = f"{PIPES}/claims-in-the-pipes"


def test_the_sum_says_what_the_store_holds_and_the_bus_has_carried(frame_of: FrameOf) -> None:
    frame = frame_of(CLAIMS, 15.5)
    assert "2 in filters   store 80 MB in 16 lockers" in text(frame)
    assert "store 80 MB in 16 lockers   bus 11.7 KB" in text(frame, 110, 30)
    assert "1 copy   12 lockers 60 MB" in text(frame_of(CLAIMS, 29.5))
    assert inks(frame, "m19") == {"on-ready+underline"}


def test_a_locker_for_nobody_and_a_dead_sweeper_are_told(frame_of: FrameOf) -> None:
    assert "12 lockers, 1 for nobody" in text(frame_of(f"{CLAIMS}-left-behind", 33.0), 110, 30)
    shown = text(live(CLAIMS, 3.0, "1s crash sweeper-1"), 158, 44)
    assert "✗ sweeper-1 crashed" in shown


def test_without_claim_checks_the_bus_is_told_and_what_it_refused(frame_of: FrameOf) -> None:
    inline = frame_of(f"{CLAIMS}-inline", 20.0)
    assert "bus 230 MB" in text(inline)
    assert "locker" not in text(inline)
    assert inks(frame_of(f"{CLAIMS}-inline", 15.5), "m19") == {"on-ready"}
    assert "✗ 20 refused   bus 0 B" in text(frame_of(f"{CLAIMS}-refused", 10.0))
    plain = text(frame_of(BASE, 15.5), 158, 44)
    assert "   bus " not in plain
    assert "locker" not in plain


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_with_claim_checks_it_fits_any_size_too(frame_of: FrameOf, width: int, height: int) -> None:
    for name in (CLAIMS, f"{CLAIMS}-inline", f"{CLAIMS}-refused"):
        shown = paper(frame_of(name, 29.5), width, height)
        assert all(cell_len(line) <= width for line in shown.text().splitlines())


def test_a_filter_that_has_halted_says_so_in_every_size(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PIPES}/poison-in-the-pipe-halted", 25.5)
    for width, height in SIZES[:5]:
        assert "⊘ halted" in text(frame, width, height)
        assert "HALTED" in text(frame, width, height)
        assert "BOTTLENECK" not in text(frame, width, height)
    assert inks(frame, " HALTED ") == {"on-halted+bold"}
    assert "⊘ 1 halted" in text(frame, 60, 8)
    assert "HALTED" not in text(frame_of(f"{PIPES}/poison-in-the-pipe-halted", 41))


def test_an_item_that_was_passed_through_is_marked_until_it_is_out(frame_of: FrameOf) -> None:
    name = f"{PIPES}/poison-in-the-pipe-passed-through"
    assert glyphs.PASSED not in text(frame_of(name, 21.5))
    shown = text(frame_of(name, 22.9))
    assert f"m05{glyphs.PASSED}" in shown
    assert f"{glyphs.PASSED} 1 passed through" in shown


def test_the_keys_of_items_are_drawn_where_there_are_any() -> None:
    frame = live("pipes-and-filters/order-lost-keyed", 6.2)
    text = paint_conveyor(frame, 110, 24).text()
    assert "m05·k1" in text
    assert "resize-2 k4" in " ".join(text.split())
    without = paint_conveyor(live("pipes-and-filters/moving-bottleneck", 6.2), 110, 24)
    assert "·k" not in without.text()


def test_a_gap_at_the_sink_is_told_in_words_at_every_size(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PIPES}/gap-at-the-sink", 8.5)
    whole = "m03, m04, m05 +1 set aside: m02 missing for 3.5s"
    assert whole in text(frame, 110, 30)
    assert inks(frame, "m06·k1", 110, 30) == {"on-warn"}
    assert "m02 missing" in text(frame, 78, 11)
    assert "m02 missing" in text(frame, 60, 8)


def test_the_pipe_says_how_many_are_set_aside_where_the_foot_has_no_room(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PIPES}/gap-at-the-sink-alert", 22)
    assert "3 aside" in text(frame, 78, 11)
    assert inks(frame, "3 aside", 78, 11) == {"warn+bold"}
