"""What a person reads in the picture of scheduler, agent and supervisor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import inks, live, paper, text

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.theming import FALLBACKS
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.supervising import paint_supervising
from mailrail_patterns.commands import parse_command
from mailrail_patterns.scenario import find

FrameOf = Callable[..., LabFrame]

PATTERN = "scheduler-agent-supervisor"
BASE = f"{PATTERN}/nobody-tells-the-supervisor"
RACE = f"{PATTERN}/two-schedulers-one-row"
AHEAD = f"{PATTERN}/a-clock-ahead"
SIZES = [(78, 11), (76, 9), (104, 28), (110, 30), (158, 44), (60, 8), (44, 9), (30, 4), (16, 2)]
INSTANTS = [0.0, 1.0, 6.0, 9.0, 14.2, 26.0, 42.0, 48.0]


def line(frame: LabFrame, word: str, width: int = 78, height: int = 11) -> str:
    """Return the first line with a word in it."""
    return next(each for each in text(frame, width, height).splitlines() if word in each)


def test_the_pattern_has_a_picture_of_its_own() -> None:
    assert PAINTERS[PATTERN] is paint_supervising


# --- the table ------------------------------------------------------------------------------


def test_a_claim_is_read_with_its_owner_and_its_countdown(frame_of: FrameOf) -> None:
    row = line(frame_of(BASE, 9), "m01 ")
    assert "● Processing" in row
    assert "scheduler-2" in row
    assert "11.0" in row
    assert "▮▮▮▮▯▯▯▯ 2.0s" in row
    assert "✗·· 1/3" in row


def test_an_expired_row_is_red_and_its_clock_climbs(frame_of: FrameOf) -> None:
    early, late = frame_of(BASE, 25), frame_of(BASE, 29)
    assert "24.0" in line(early, "m02 ")
    assert "expired 1.0s" in line(early, "m02 ")
    assert "expired 5.0s" in line(late, "m02 ")
    assert inks(late, "expired") == {"broken+bold"}
    assert inks(late, "● Processing") == {"broken+bold"}
    assert line(late, "m02 ").count("━") > line(early, "m02 ").count("━")


def test_a_row_that_was_given_back_says_from_when_it_may_be_claimed(frame_of: FrameOf) -> None:
    assert "○ Pending     –            claimable in 1.0s" in line(frame_of(BASE, 6), "m01 ")


def test_ends_are_told_with_the_attempt_they_took(frame_of: FrameOf) -> None:
    frame = frame_of(BASE, 46)
    assert "✓ Processed   –            done at 15.0, attempt 3" in line(frame, "m01 ")
    assert "† Error       –            given up at 42.0, attempt 3" in line(frame, "m02 ")
    assert "✗✗✗ 3/3" in line(frame, "m02 ")


def test_the_history_of_a_row_tells_claims_expiry_and_end(frame_of: FrameOf) -> None:
    rows = text(frame_of(BASE, 46)).splitlines()
    first, second = rows[2], rows[4]
    assert [first.count(sign) for sign in "┣✓†"] == [3, 1, 0]
    assert [second.count(sign) for sign in "┣✓†"] == [3, 0, 1]
    assert second.index("!") > second.index("┣")
    assert second.rstrip().endswith("†")


def test_a_claim_of_the_very_first_instant_has_not_expired(frame_of: FrameOf) -> None:
    rows = text(frame_of(PATTERN, 20), 104, 28).splitlines()
    assert rows[1].startswith(" m01 ")
    assert rows[2].strip().startswith("┣")
    assert "!" not in rows[2]


def test_scans_stand_on_the_axis_past_and_next(frame_of: FrameOf) -> None:
    axis = line(frame_of(BASE, 26), "scans")
    assert (axis.count("▲"), axis.count("△")) == (4, 1)
    assert axis.index("┃") > axis.rindex("▲")
    assert axis.index("△") > axis.index("┃")


def test_two_owners_of_one_row_cannot_be_overlooked(frame_of: FrameOf) -> None:
    frame = frame_of(RACE, 6.6)
    assert "!scheduler-2" in line(frame, "m02 ")
    assert inks(frame, "!scheduler-2") == {"broken+bold"}
    assert "sched-1 m02-1" in text(frame)
    assert "sched-2 m02-1" in text(frame)
    assert "m02 ×2!" in text(frame_of(RACE, 8))


def test_what_is_not_finished_goes_first_where_room_is_short(frame_of: FrameOf) -> None:
    frame = frame_of(PATTERN, 53.2)
    assert "● Processing" in text(frame, 78, 9)
    assert " m01 " not in text(frame, 78, 9)


# --- those around it ------------------------------------------------------------------------


def test_a_hung_remote_shows_its_calls_and_for_how_long(frame_of: FrameOf) -> None:
    shown = text(frame_of(BASE, 9))
    assert "‖ remote-1 hangs" in shown
    assert "m01-1 for 8.0s" in shown
    assert "m01-2 for 2.0s" in shown


def test_a_dead_remote_is_unmistakable_without_colour(frame_of: FrameOf) -> None:
    frame = frame_of(BASE, 26)
    assert "✗ remote-1 dead" in text(frame)
    assert all(ink.startswith("crashed") for ink in inks(frame, "remote-1 dead"))


def test_an_agent_counts_down_and_goes_silent(frame_of: FrameOf) -> None:
    assert "● agent-1 m01-2 2.0s" in text(frame_of(BASE, 9), 158, 44)
    assert "∅ agent-1 silent" in text(frame_of(BASE, 12))
    assert "○ agent-1 idle" in text(frame_of(BASE, 28))


def test_the_leader_says_when_it_scans_and_how_long_it_leads(frame_of: FrameOf) -> None:
    shown = text(frame_of(f"{BASE}-one-leads", 9), 158, 44)
    assert "★ supervisor-1 leads" in shown
    assert "scan in 3.0s" in shown
    assert "lease 6.0s" in shown
    assert "○ supervisor-2 standby" in shown


def test_a_dead_leaders_lease_runs_on(frame_of: FrameOf) -> None:
    shown = text(frame_of(f"{BASE}-one-leads", 13), 158, 44)
    assert "✗ supervisor-1 crashed" in shown
    assert "lease 8.0s" in shown
    assert "★" not in shown


@pytest.mark.parametrize(("name", "t"), [(f"{BASE}-killed", 26.0), (f"{BASE}-unsupervised", 30.0)])
@pytest.mark.parametrize("size", [(78, 11), (158, 44), (44, 9)])
def test_that_nobody_looks_is_said(
    frame_of: FrameOf, name: str, t: float, size: tuple[int, int]
) -> None:
    assert "nobody looks" in text(frame_of(name, t), *size)


def test_a_clock_that_is_ahead_is_named(frame_of: FrameOf) -> None:
    assert "clock ahead" in text(frame_of(AHEAD, 7), 158, 44)


def test_the_pager_and_the_charges_are_at_the_foot(frame_of: FrameOf) -> None:
    foot = text(frame_of(BASE, 46)).splitlines()[-1]
    assert "CHARGES m01 ×1" in foot
    assert "! PAGER 1 alert" in foot


def test_what_came_too_late_is_told_where_there_is_room(frame_of: FrameOf) -> None:
    shown = text(frame_of(BASE, 16), 104, 28)
    assert "14.5  agent-1 drops a stale answer to m01-1" in shown
    assert " 5.0  agent-1 goes silent on m01-1" in shown


def test_replies_that_nobody_reads_are_told(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PATTERN}/three-rows-at-once", 5)
    for size in ((104, 28), (77, 20)):
        shown = text(frame, *size)
        assert "! 3 that nobody reads: m01-1-reply m02-1-reply m03-1-reply" in shown
    assert "calls     2 taken" in text(frame_of(BASE, 12.5), 104, 28)
    assert "wake-ups  ◷ 1 delayed" in text(frame_of(BASE, 12.5), 104, 28)


def test_the_signs_of_the_axis_are_explained_where_there_is_room(frame_of: FrameOf) -> None:
    assert "! expired, nobody has looked" in text(frame_of(BASE, 26), 104, 28)
    assert "nobody has looked" not in text(frame_of(BASE, 26))


def test_short_names_do_not_mix_up_schedulers_and_supervisors(frame_of: FrameOf) -> None:
    shown = text(frame_of(f"{PATTERN}/three-rows-at-once", 5), 77, 20)
    assert "✗ Sch1 crashed" in shown
    assert "● Sup1 watches" in shown


# --- motion ---------------------------------------------------------------------------------


def test_a_scan_passes_over_the_table_row_by_row() -> None:
    def swept(t: float) -> list[int]:
        rows = paper(live(BASE, t, playing=True)).lines()
        return [
            y for y, row in enumerate(rows)
            if y and any(ink == "on-note+bold" for _, ink in row)
        ]  # fmt: skip

    assert swept(30.02) == [1]
    assert swept(30.2) == [3]
    assert swept(29.9) == []
    assert "scan: 1 expired" in text(live(BASE, 30.1, playing=True))
    assert "scan: all in time" in text(live(BASE, 18.1, playing=True))


def test_messages_travel_between_the_columns_and_into_the_table() -> None:
    def moving(t: float, ink: str) -> set[str]:
        rows = paper(live(BASE, t, playing=True), 158, 44).lines()
        return {run.strip() for row in rows for run, drawn in row if drawn == ink}

    assert {"m01", "m01-1"} <= moving(1.15, "on-moving")
    assert "Processing" in moving(1.15, "on-held")
    assert "m01-1" in moving(14.6, "on-moving")
    assert "Pending" in moving(6.15, "on-held")
    assert not moving(3.0, "on-moving")


def test_what_moved_leaves_a_trail_while_time_stands_still(frame_of: FrameOf) -> None:
    assert "on-moving" not in {ink for row in paper(frame_of(BASE, 7)).lines() for _, ink in row}
    assert "moving" in {ink for row in paper(frame_of(BASE, 7)).lines() for _, ink in row}


# --- everywhere -----------------------------------------------------------------------------


def test_at_the_very_start_it_says_what_there_is(frame_of: FrameOf) -> None:
    shown = text(frame_of(BASE, 0.0))
    assert "no order yet" in shown
    for name in ("SCHEDULERS", "AGENTS", "REMOTE", "SUPERVISORS", "submitter-1"):
        assert name in shown
    assert "scan in 6.0s" in shown


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("t", INSTANTS)
def test_it_fits_every_size_at_every_instant(size: tuple[int, int], t: float) -> None:
    for playing in (False, True):
        for name in (BASE, PATTERN):
            sheet = paper(live(name, t, playing=playing), *size)
            rows = sheet.text().split("\n")
            assert len(rows) == size[1]
            assert all(cell_len(row) <= size[0] for row in rows)
            known = {*FALLBACKS, "text"}
            used = {ink for row in sheet.lines() for _, ink in row}
            assert {ink.partition("+")[0].removeprefix("on-") for ink in used} <= known


@pytest.mark.parametrize("width", [1, 2, 15, 16, 40, 61, 62, 63, 80])
@pytest.mark.parametrize("height", [1, 2, 3, 8, 9, 10])
def test_it_never_fails_however_small(frame_of: FrameOf, width: int, height: int) -> None:
    for t in (0.0, 14.2, 26.0):
        rows = text(frame_of(BASE, t), width, height).split("\n")
        assert len(rows) == height
        assert any(row.strip() for row in rows)


def test_rows_actors_and_calls_answer_a_click(frame_of: FrameOf) -> None:
    sheet = paper(frame_of(BASE, 14.2))
    found = {(zone.kind, zone.name) for zone in sheet.zones}
    assert {("row", "orders/m01"), ("message", "m01-charge~2"), ("actor", "scheduler-1"),
            ("actor", "remote-1"), ("actor", "supervisor-1"), ("actor", "submitter-1"),
            ("actor", "agent-1")} <= found  # fmt: skip


def test_a_small_screen_still_tells_what_matters(frame_of: FrameOf) -> None:
    shown = text(frame_of(BASE, 26), 44, 9)
    assert "next scan in 4.0s" in shown
    assert "m02 ● Processing expired 2.0s" in shown


def test_a_small_picture_has_the_claims_the_scans_and_the_crew(frame_of: FrameOf) -> None:
    early = text(frame_of(BASE, 9), 38, 9).splitlines()
    assert early[0] == "next scan in 3.0s ▮▮▮▮▮▯▯▯▯▯"
    assert early[1] == "m01 ● Processing ▮▮▮▯▯▯ 2.0s ✗1"
    assert "┣" in early[2]
    assert "▲" in early[3]
    assert "remote     ‖ remote-1 hangs: 2 calls" in early
    late = text(frame_of(BASE, 26), 38, 9)
    assert "✗ remote-1 crashed: dead" in late
    assert "✗ supervisor-1 crashed" in text(frame_of(f"{BASE}-killed", 26), 38, 9)


def test_many_actors_are_counted_where_they_do_not_fit() -> None:
    shown = text(live(PATTERN, 5, "1s spawn scheduler 20", "1s spawn agent 20"), 78, 11)
    assert "more" in shown
    assert len(shown.splitlines()) == 11


# --- where there is room --------------------------------------------------------------------


def test_the_room_below_one_row_tells_what_it_has_come_to(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PATTERN}/given-up-and-charged", 19.0)
    told = text(frame, 104, 28).partition("m01 SO FAR")[2].partition("SCHEDULERS")[0]
    assert "1.0  written: pending" in told
    assert "13.0  claimed: to be complete by 17.0" in told
    assert "18.0  found 1.0s after its claim ran out: given up (it was a hang)" in told
    assert "SO FAR" not in text(frame)


def test_an_order_is_done_whenever_its_reply_was_accepted(frame_of: FrameOf) -> None:
    told = text(frame_of(BASE, 16.0), 158, 44).partition("m01 SO FAR")[2]
    assert "15.0  done" in told


def test_the_agents_are_headed_by_who_picks_among_them(frame_of: FrameOf) -> None:
    assert "AGENTS round-robin ─" in text(frame_of(f"{PATTERN}/in-turn", 12.0), 104, 28)
    assert "AGENTS ─" in text(frame_of(BASE, 9.0), 104, 28)


def test_each_remote_tells_the_calls_it_has_itself() -> None:
    session = Session(find(BASE), clock=lambda: 0.0)
    session.run.advance(14.0)
    session.do(parse_command("spawn remote"))
    shown = text(session.frame(), 110, 30)
    assert "remote-1 3 calls" in shown
    assert "remote-2 idle" in shown
    session.do(parse_command("crash remote-2"))
    assert "remote-1 3 calls" in text(session.frame(), 110, 30)
    session.do(parse_command("crash remote-1"))
    assert "m01-2" not in line(session.frame(), "dead", 110, 30)
