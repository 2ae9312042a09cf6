"""What a person reads in the picture of asynchronous request-reply."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import live, paper, text

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.widgets.bench import ENDS
from mailrail.tui.widgets.errand import STATES
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.polls import paint_polls
from mailrail_patterns.scenario import find

FrameOf = Callable[..., LabFrame]

NAME = "asynchronous-request-reply"
RECEIPT = f"{NAME}/lost-receipt"
SIZES = [
    (78, 11),
    (110, 30),
    (158, 44),
    (70, 5),
    (69, 12),
    (40, 6),
    (20, 3),
    (8, 2),
    (7, 1),
    (1, 1),
]


def row(frame: LabFrame, request: str, width: int = 78, height: int = 11) -> str:
    return next(
        line for line in text(frame, width, height).splitlines() if line.startswith(request)
    )


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS[NAME] is paint_polls


def test_a_request_under_way(frame_of: FrameOf) -> None:
    shown = text(frame_of(RECEIPT, 4.0))
    assert "○ next 2.0s" in row(frame_of(RECEIPT, 4.0), "m01")
    for words in ("GET status", "200 /st/k01 ● Running", "worker-1", "4.0/9.0s", "polls 1",
                  "naive 8", "6.0s"):  # fmt: skip
        assert words in shown


def test_a_finished_request_and_what_a_naive_client_would_have_made(frame_of: FrameOf) -> None:
    frame = frame_of(RECEIPT, 11.0)
    assert "✓ done" in row(frame, "m01")
    assert "✓ Succeeded" in row(frame, "m01")
    assert "charged" in row(frame, "m01")
    assert re.search("◆ +● +● +✓", text(frame))
    assert "naive 18" in text(frame)
    wide = text(frame, 110, 30)
    assert "naive client: 18 polls" in wide
    assert "┆┆┆┆" in wide


def test_a_lost_answer_is_a_broken_arrow(frame_of: FrameOf) -> None:
    lost = row(frame_of(RECEIPT, 13.0), "m02")
    assert "▸ no answer" in lost
    assert "✗╌ lost" in lost
    assert "● Running" in lost, "the job is under way all the same"
    assert "✗╌╌╴ answer lost" in row(frame_of(RECEIPT, 13.0), "m02", 110, 30)
    again = text(frame_of(RECEIPT, 16.0))
    assert re.search("✗ +◆", again)
    assert "polls 0" in again


def test_a_dead_worker_and_a_status_that_says_running(frame_of: FrameOf) -> None:
    frame = frame_of(RECEIPT, 31.0)
    assert "● Running" in row(frame, "m03")
    assert "✗ crashed" in row(frame, "m03")
    assert "nobody at it" in text(frame)
    assert "hidden 5.0s" in text(frame)
    paused = live(RECEIPT, 31.0, "29s pause worker-1")
    assert "✗" in row(paused, "m03")


def test_a_paused_worker_is_unmistakable() -> None:
    frame = live(NAME, 2.0, "1s pause worker-1")
    assert "‖ paused" in row(frame, "m01")
    assert "‖ worker-1 paused" in text(frame)


def test_a_late_reply_is_a_ghost(frame_of: FrameOf) -> None:
    frame = frame_of(RECEIPT, 55.5)
    assert "✗ timed out" in row(frame, "n01")
    assert "◂┄┄ late reply" in row(frame, "n01")
    assert "late 1" in text(frame)
    before = frame_of(RECEIPT, 52.0)
    assert "request" in row(before, "n01")
    assert "● at work" in row(before, "n01")
    assert "2.0/5.0s" in text(before)


def test_what_was_paid_twice_is_told(frame_of: FrameOf) -> None:
    assert "charged twice 1" in text(frame_of(f"{RECEIPT}-without-key", 33.0))
    assert "charged twice" not in text(frame_of(RECEIPT, 33.0))


def test_a_held_line_has_no_ticket(frame_of: FrameOf) -> None:
    frame = frame_of(f"{RECEIPT}-held-line", 5.0)
    assert "/st/" not in row(frame, "m01")
    assert "● at work" in row(frame, "m01")
    assert "5.0/9.0s" in text(frame)


def test_a_client_that_is_cut_off() -> None:
    frame = live(NAME, 5.5, "4.5s inject cut-off on client-1")
    assert "✗ cut off" in row(frame, "m02")
    assert "↯ cut-off client-1" in text(frame)


def test_what_failed_was_cancelled_or_refused(frame_of: FrameOf) -> None:
    frame = frame_of(f"{NAME}/what-the-status-says", 28.0)
    shown = text(frame, 110, 40)
    assert "✗ 400" in shown
    assert "✗ Failed" in shown
    assert "✗ 404" in shown
    assert "□ Cancelled" in text(frame_of(f"{NAME}/cancelled", 6.0))


def test_many_open_requests_have_a_row_each(frame_of: FrameOf) -> None:
    frame = frame_of(f"{NAME}/poll-storm", 20.0)
    rows = [line for line in text(frame).splitlines() if "/st/" in line]
    assert len(rows) == 8
    assert "in line" in text(frame)
    assert "● 30 working" in text(frame)


def test_tables_are_drawn_where_there_is_room(frame_of: FrameOf) -> None:
    shown = text(frame_of(RECEIPT, 31.0), 158, 44)
    assert "k03-job" in shown
    assert "Reserved" in shown
    assert "correlations 3" in shown


def test_calls_and_answers_travel(frame_of: FrameOf) -> None:
    def dot(t: float) -> str:
        return row(frame_of(RECEIPT, t, playing=True), "m01")

    assert "●" in dot(3.05)[17:36]
    assert dot(3.05) != dot(3.15)
    assert " 200 " in dot(3.3)[17:36]
    assert "job" in text(frame_of(RECEIPT, 12.05, playing=True))
    assert "✗" in row(frame_of(RECEIPT, 12.3, playing=True), "m02")[20:36]


@pytest.mark.parametrize(("width", "height"), SIZES[:3])
def test_what_travels_crosses_no_word(frame_of: FrameOf, width: int, height: int) -> None:
    shown = text(frame_of(RECEIPT, 9.1, playing=True), width, height)
    assert "/st/k01 ✓ Succeeded  " in shown
    assert re.search(r"303 (GET )?result ─", shown)
    assert "polls 3" in shown
    shown = text(frame_of(RECEIPT, 12.1, playing=True), width, height)
    assert "● Running" in shown
    assert "● #1" in shown
    assert "lost" not in row(frame_of(RECEIPT, 12.1, playing=True), "m02", width, height)


def test_a_call_tells_whether_it_was_sent_on_or_is_a_second_one(frame_of: FrameOf) -> None:
    frame = frame_of(RECEIPT, 16.0)
    assert "303 result ──▸ 200 /st/k01" in row(frame, "m01")
    assert "POST again ──▸ 202 /st/k02" in row(frame, "m02")
    assert "303 GET result ─" in row(frame, "m01", 110, 30)


def test_a_fault_covers_nobody() -> None:
    shown = text(live(NAME, 3.0, "0s inject broker-down")).splitlines()
    assert shown[0].split() == ["CLIENTS", "↯", "broker-down", "API", "·", "STATUS", "WORKERS"]
    assert "● worker-1 working" in shown[1]


def test_what_a_worker_held_is_hidden_after_it_was_started_again_too() -> None:
    shown = text(live(RECEIPT, 33.5, "33s restart worker-1"))
    assert "worker-1 ○ idle" in shown
    assert re.search(r"nobody at it polls 2 hidden 2\.5s ▮", shown)


def test_who_asks_is_told_whole_where_all_of_it_fits(frame_of: FrameOf) -> None:
    assert "○ client-1 idle  ○ requester-1 idle " in text(frame_of(RECEIPT, 50.5))


def test_nothing_has_happened_yet() -> None:
    session = Session(find(NAME), clock=lambda: 0.0)
    session.run.seek_event(0)
    shown = text(session.frame())
    assert "nobody has asked for anything yet" in shown


def test_what_is_clicked_is_known(frame_of: FrameOf) -> None:
    zones = paper(frame_of(RECEIPT, 4.0)).zones
    assert {"client-1", "api-1", "worker-1"} <= {z.name for z in zones if z.kind == "actor"}
    assert {"m01-poll1", "k01-job"} <= {z.name for z in zones if z.kind == "message"}


def test_every_state_has_a_sign_and_a_word() -> None:
    assert {sign for sign, _ in ENDS.values()} >= {"●", "✓", "✗", "□"}
    assert len({sign for sign, _ in ENDS.values()}) == len(ENDS)
    assert all(cell_len(sign) == 1 for sign, _, _ in STATES.values())


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_fills_the_width_exactly(frame_of: FrameOf, width: int, height: int) -> None:
    frames = [
        frame_of(RECEIPT, 0.0), frame_of(RECEIPT, 12.2, playing=True), frame_of(RECEIPT, 31.0),
        frame_of(RECEIPT, 55.2, playing=True), frame_of(f"{NAME}/poll-storm", 20.0),
        live(NAME, 3.0, "0s inject broker-down", "1s inject cut-off"),
    ]  # fmt: skip
    for frame in frames:
        lines = paper(frame, width, height).lines()
        assert len(lines) == height
        assert {sum(cell_len(run) for run, _ in line) for line in lines} == {width}


def test_a_small_card_shows_when_a_client_asked(frame_of: FrameOf) -> None:
    rows = text(frame_of(RECEIPT, 16.0), 36, 11).splitlines()
    first = next(index for index, line in enumerate(rows) if line.startswith("m01"))
    assert re.sub(r"\s+", "", rows[first + 1]) == "◆●●✓"
    assert rows[first + 2].endswith("┆ naive 18")
    assert rows[-2] == "◆ asked  ✗ lost  ● poll  ✓ result"
    assert text(frame_of(RECEIPT, 16.0), 36, 4).splitlines()[1].startswith("m02"), "a row each"


def test_in_a_storm_every_open_request_has_a_row(frame_of: FrameOf) -> None:
    rows = text(frame_of(f"{NAME}/poll-storm", 12.6), 110, 24).splitlines()
    assert sum(" no answer" in line or " next " in line for line in rows) >= 19


def test_work_that_nobody_waits_for_is_told_from_other_work(frame_of: FrameOf) -> None:
    early = frame_of(f"{NAME}/worked-for-nobody", 8.0)
    assert "m03 ● at work" in text(early)
    late = frame_of(f"{NAME}/worked-for-nobody", 16.0)
    assert "m06 ● for nobody" in text(late)
    assert "wasted 5.5" in text(late)


def test_a_reply_to_a_dead_line_is_lost(frame_of: FrameOf) -> None:
    frame = frame_of(f"{NAME}/reply-to-a-dead-line", 4.0)
    assert "✗╌ lost" in row(frame, "m01")
    assert "lost 1" in text(frame)


def test_a_reply_that_says_what_is_wrong_is_shown_as_such(frame_of: FrameOf) -> None:
    frame = frame_of(f"{NAME}/errors-are-answers", 11.0)
    assert "✗ 400" in row(frame, "m02")
    assert "✗ failed" in row(frame, "m03")


def test_a_reply_queue_has_no_tickets_to_count(frame_of: FrameOf) -> None:
    answered = text(frame_of("asynchronous-request-reply/errors-are-answers", 12.0))
    assert "open 0  late 0  timeouts 0" in answered
    assert "keys" not in answered


def test_an_empty_column_of_workers_says_so(frame_of: FrameOf) -> None:
    frame = frame_of("asynchronous-request-reply/nobody-works", 6.0)
    assert "nobody works" in text(frame, 104, 28).splitlines()[1]
    assert "nobody works" not in text(frame_of(RECEIPT, 31.0), 104, 28)
