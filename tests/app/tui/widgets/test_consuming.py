"""What a person reads in the picture of competing consumers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf, Wild

from mailrail.frames import LabFrame
from mailrail.tui.widgets.consuming import choose, paint_consuming
from mailrail.tui.widgets.paper import Paper
from mailrail.tui.widgets.plot import Peaks

SIZES = [(78, 11), (110, 30), (44, 9), (158, 44), (30, 6), (16, 3), (70, 7)]


def rows(frame: LabFrame, width: int = 78, height: int = 11) -> list[str]:
    return paint_consuming(frame, width, height, Peaks()).text().splitlines()


def row_of(frame: LabFrame, name: str, width: int = 78, height: int = 11) -> str:
    return next(row for row in rows(frame, width, height) if name in row)


def test_the_story_of_the_lease_at_nine_seconds(frame_of: FrameOf) -> None:
    frame = frame_of(t=9.5)
    text = "\n".join(rows(frame))
    assert "lock 5s · max 3" in text
    assert "✓ done 6" in text
    assert "0/∞ ready" in text
    assert "sent 10" in text
    assert "m07#3 MaxDeliveryCountExceeded" in text
    assert "m10 #1 consumer-1 ● working outlives its lock" in text
    assert "0.5/8.0s" in text
    assert "4.5s left" in text
    assert "✗ crashed" in row_of(frame, "consumer-2")
    assert "m08 hidden 2.5s" in text


def test_a_consumer_whose_lock_ran_out_keeps_its_copy_while_another_works_on_it(
    frame_of: FrameOf,
) -> None:
    frame = frame_of(t=20.5)
    assert "m10 #3 consumer-1 ● working outlives its lock" in row_of(frame, "consumer-1")
    assert "m10 #2 consumer-3 ● working its lock ran out" in row_of(frame, "consumer-3")


def test_renewal_takes_the_warning_away(frame_of: FrameOf) -> None:
    frame = frame_of("competing-consumers/the-lock-is-a-lease-renewal", 9.5)
    assert "outlives" not in "\n".join(rows(frame))


def test_a_message_is_in_one_place_while_it_travels(frame_of: FrameOf) -> None:
    moving = paint_consuming(frame_of(t=9.2, playing=True), 78, 11).text()
    assert moving.count("m10") == 1
    assert moving.count("m07") == 1
    assert "m10#1" in moving
    still = paint_consuming(frame_of(t=9.2), 78, 11).text()
    assert "m10 #1 consumer-1" in still
    assert "·" in still, "what has just moved leaves a trail while time stands still"


def test_a_finished_message_flies_out_to_the_right(frame_of: FrameOf) -> None:
    places = []
    for t in (23.1, 23.2, 23.3):
        text = row_of(frame_of(t=t, playing=True), "consumer-2", 110, 30)
        places.append(text.index("✓ m14"))
    assert places == sorted(places)
    assert places[0] < places[-1]


def test_messages_wait_with_the_head_of_the_queue_nearest_the_consumers(frame_of: FrameOf) -> None:
    (row,) = (row for row in rows(frame_of(t=23.6), 110, 30) if "m17" in row)
    assert row.index("m20") < row.index("m19") < row.index("m18") < row.index("m17")


def test_a_queue_that_is_too_long_says_how_many_more_there_are(wild: Wild) -> None:
    frame = wild('[[producers]]\nrate = "50/s"\n[[consumers]]\nreplicas = 2', 10.2)
    text = "\n".join(rows(frame))
    shown = sum(text.count(m.name) for m in frame.view.queues[0].ready[:40])
    assert f"+{frame.view.queues[0].depth - shown} more" in text


def test_a_full_queue_says_so_and_tells_its_bound(wild: Wild) -> None:
    text = "\n".join(rows(wild("[settings]\ncapacity = 5\n[[producers]]\nrate='9/s'", 9)))
    assert "FULL" in text
    assert "5/5" in text


def test_a_message_that_came_back_shows_its_delivery_count_in_the_queue(wild: Wild) -> None:
    body = "[settings]\nlock='2s'\nservice='9s'\n[[producers]]\nrate='2/s'\n[[consumers]]"
    assert "m01¹" in "\n".join(rows(wild(body, 2.0, (1.5, "crash consumer-1"))))


def test_faults_and_badges_are_words(wild: Wild) -> None:
    body = "[settings]\nservice='2s'\n[[producers]]\nrate='1/s'\n[[consumers]]\nreplicas=3"
    commands = [
        (4, "inject slow on consumer-1 3"),
        (4, "crash consumer-2 at K5"),
        (5, "pause consumer-3"),
        (5, "inject broker-down"),
    ]
    text = "\n".join(rows(wild(body, 5.2, *commands), 110, 30))
    assert "slow ×3" in text
    assert "dies at K5" in text or "dies at before-ack" in text
    assert "‖ paused" in text
    assert "hidden" in text
    assert "↯ broker-down" in text


def test_thousands_of_consumers_are_summed_up_by_state(wild: Wild) -> None:
    body = "[settings]\nservice='9s'\nlock='30s'\n[[producers]]\nrate='400/s'\n"
    body += "[[consumers]]\nreplicas=1000"
    frame = wild(body, 2.2, (2, "crash consumer-700"))
    text = "\n".join(rows(frame))
    assert "1,000 consumers" in text
    assert "+992 more" in text
    assert "✗ 1 crashed" in text


def test_the_selected_consumer_always_has_a_row(wild: Wild) -> None:
    body = "[[producers]]\nrate='9/s'\n[[consumers]]\nreplicas=40"
    frame = replace(wild(body, 2.2), selected="consumer-33")
    assert "consumer-33" in "\n".join(rows(frame))


def test_whoever_has_left_makes_room_first(wild: Wild) -> None:
    body = "[[producers]]\nrate='9/s'\n[[consumers]]\nreplicas=3"
    actors = wild(body, 3, (1, "stop consumer-1")).view.actors
    consumers = [actor for actor in actors if actor.kind == "consumer"]
    shown, rest = choose(consumers, "", 2)
    assert [actor.name for actor in shown] == ["consumer-2"]
    assert [actor.name for actor in rest] == ["consumer-1", "consumer-3"]


def test_many_producers_are_summed_up(wild: Wild) -> None:
    body = "[[producers]]\nreplicas=12\nrate='5/s'\n[[consumers]]"
    text = "\n".join(rows(wild(body, 3)))
    assert "12 senders" in text
    assert "○ 12 idle" in text


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("playing", [True, False])
def test_every_row_fills_the_width_exactly(
    frame_of: FrameOf, width: int, height: int, playing: bool
) -> None:
    for t in (0.0, 9.2, 23.1, 60.0):
        lines = paint_consuming(frame_of(t=t, playing=playing), width, height, Peaks()).lines()
        assert len(lines) == height
        assert {sum(cell_len(text) for text, _ in line) for line in lines} == {width}


def test_actors_and_messages_answer_a_click(frame_of: FrameOf) -> None:
    paper = paint_consuming(frame_of(t=9.5), 78, 11)
    found = {(zone.kind, zone.name) for zone in paper.zones}
    assert {("actor", "consumer-2"), ("actor", "producer-1"), ("message", "m08")} <= found


def test_no_queue_is_no_error(frame_of: FrameOf) -> None:
    frame = frame_of(t=0.0)
    empty = replace(frame, view=replace(frame.view, queues=()))
    assert "no queue yet" in paint_consuming(empty, 40, 5).text()


def test_glyphs_are_one_cell_wide(frame_of: FrameOf) -> None:
    paper: Paper = paint_consuming(frame_of(t=9.2), 110, 30)
    assert {cell_len(cell) for row in paper.text().splitlines() for cell in row} == {1}


@pytest.mark.parametrize(("width", "told"), [
    (78, "■ blocked database  4.5s"),
    (100, "■ blocked by the database  4.5s"),
    (120, "■ blocked by the database lock  4.5s"),
])  # fmt: skip
def test_who_waits_for_the_database_says_so_in_one_row(
    frame_of: FrameOf, width: int, told: str
) -> None:
    frame = frame_of("competing-consumers/the-shared-database", 1.0)
    assert row_of(frame, "consumer-1 ", width, 22).rstrip().endswith(told)


def test_what_is_deleted_on_receipt_is_handed_over_and_not_therefore_done(
    frame_of: FrameOf,
) -> None:
    assert "✓ handed over 6" in rows(frame_of("competing-consumers/deleted-on-receipt", 6.0))[0]
    assert "✓ done " in rows(frame_of())[0]


@pytest.mark.parametrize("count", [3, 13, 130])
def test_the_depth_of_a_queue_leaves_its_frame_whole(wild: Wild, count: int) -> None:
    frame = wild(f"[settings]\nconsumers = 0\nevery = '1ms'\ncount = {count}\n", 5.0)
    foot = next(row for row in rows(frame) if "─╯" in row)
    assert f"{count}/∞" in foot
    assert "╰" in foot


def test_who_came_back_says_so_in_words(frame_of: FrameOf) -> None:
    assert "consumer-2 ● working restarted" in row_of(frame_of(t=15.5), "consumer-2")
