"""What a person reads in the picture of publisher-subscriber."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import FrameOf, live, paper, text

from mailrail.frames import LabFrame
from mailrail.tui.theming import FALLBACKS
from mailrail.tui.widgets.fanout import paint_fanout
from mailrail.tui.widgets.feeds import SIGNS, WORDS, feeds_of, scene_of
from mailrail.tui.widgets.grid import lay
from mailrail.tui.widgets.picture import PAINTERS

PATTERN = "publisher-subscriber"
DEMO = f"{PATTERN}/copies-not-shares"
SIZES = [(78, 11), (76, 9), (78, 20), (110, 30), (158, 44), (60, 8), (44, 9), (30, 4), (16, 2)]
Live = Callable[..., LabFrame]


def row(frame: LabFrame, name: str, width: int = 78, height: int = 11) -> str:
    rows = text(frame, width, height).splitlines()[1:]
    return next(line for line in rows if f" {name} " in line)


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS[PATTERN] is paint_fanout


def test_the_matrix_shows_what_became_of_every_copy(frame_of: FrameOf) -> None:
    frame = frame_of(DEMO, 20.2)
    assert "●●●●●●●●●●●●○○○○○○○○○○" in row(frame, "audit-1")
    assert "●●●●●●●●●●●●xxxxxxxxxx" in row(frame, "dash-1")
    assert "·●●··●●··●●··●●··●●··●" in row(frame, "eu-1")
    assert "1·1·1·1·3·1·3·1·3·1·3·" in row(frame, "billing"), "which instance has dealt with it"
    assert "□ offline" in row(frame, "audit-1")
    assert " 10 " in row(frame, "audit-1")
    assert "4.7s" in row(frame, "audit-1")
    assert "x away, 10" in row(frame, "dash-1")


def test_what_was_handled_twice_looks_so_and_what_an_inbox_kept_out_does_not(
    frame_of: FrameOf,
) -> None:
    twice = frame_of(f"{PATTERN}/published-twice", 4.2)
    assert "●●●=●●●●●" in row(twice, "audit-1")
    assert "·●·=·●·●·" in row(twice, "billing-1")
    assert "twice 1" in row(twice, "dash-1")
    assert "twice" not in row(twice, "eu-1")
    assert "= twice" in text(twice, 110, 30).splitlines()[-1]
    known = text(frame_of(f"{PATTERN}/published-twice-known-by-id", 4.2))
    assert "twice" not in known
    assert "=" not in known
    back = frame_of(f"{PATTERN}/lost-for-one-lost-for-all", 4.75)
    assert "●●●=●●●●●" in row(back, "audit-1"), "its settlement was lost"
    assert "●●●●●●●●●" in row(back, "dash-1")


def test_poison_for_one_is_told_beside_who_cannot_handle_it(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PATTERN}/poison-for-one", 5.0)
    assert "† 1 dead ↯ poison-one m10" in row(frame, "eu-1", 110, 11)
    assert text(frame, 110, 11).count("poison-one") == 1
    assert "† 1 dead" in row(frame, "eu-1")


def test_a_copy_deleted_on_receipt_is_lost_with_who_had_it(frame_of: FrameOf) -> None:
    held = frame_of(f"{PATTERN}/a-guarantee-each", 1.95)
    assert "●●●● " in row(held, "board", 110, 30), "four are done"
    lost = frame_of(f"{PATTERN}/a-guarantee-each", 4)
    assert "●●●●#●●●◐" in row(lost, "board", 110, 30)
    assert "lost 1" in text(lost, 110, 30)
    assert "# lost" in text(lost).splitlines()[-1]
    assert "●●●●◐●●●○" in row(lost, "audit-1", 110, 30), "its lock ran out"


def test_every_state_has_its_word_in_the_legend(frame_of: FrameOf) -> None:
    legend = text(frame_of(DEMO, 3)).splitlines()[-1]
    for state, word in WORDS.items():
        assert (f"{SIGNS[state][0]} {word}" in legend) == (state not in ("lost", "twice"))
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS), "no two by colour alone"


def test_a_full_buffer_and_its_price_are_told(frame_of: FrameOf) -> None:
    shown = row(frame_of(DEMO, 40.2), "search-1")
    assert "10/10" in shown
    assert "FULL" in shown
    assert "!!!○○○○○○○○○○" in shown
    full = text(frame_of(DEMO, 40.2), 158, 44)
    assert "when full: drop-oldest" in full
    assert "dropped 5" in full
    assert "m76 m75 m74 m73 m72" in full, "next to be delivered at the right"


def test_a_blocked_publisher_says_by_whom(frame_of: FrameOf) -> None:
    frame = frame_of(f"{DEMO}-block", 41.0)
    assert "■ publisher-1 blocked 0.5s by search-1" in text(frame)
    assert "■ blocks all" in row(frame, "search-1")
    assert "blocks all" not in row(frame, "audit-1")


def test_an_event_nobody_wants_stands_in_the_void(frame_of: FrameOf) -> None:
    shown = text(frame_of(DEMO, 45.2)).splitlines()[-2]
    assert shown.startswith("nobody: 1 unrouted")
    assert "?" in shown
    assert "m91 order.eu.new" in shown


def test_who_unsubscribed_leaves_the_picture_with_its_last_copy(frame_of: FrameOf) -> None:
    assert "□ ended" in row(frame_of(DEMO, 14), "billing-2")
    assert "billing-2" not in text(frame_of(DEMO, 27))


@pytest.mark.parametrize(
    ("command", "word"),
    [("crash audit-1", "✗ crashed"), ("pause audit-1", "‖ paused"),
     ("inject partition on audit-1", "↯ cut off"), ("stop audit-1", "□ offline")],
)  # fmt: skip
@pytest.mark.parametrize("size", [(78, 11), (110, 30)])
def test_trouble_is_told_in_words(command: str, word: str, size: tuple[int, int]) -> None:
    assert word in text(live(PATTERN, 8, f"6.2s {command}"), *size)


def test_a_crashed_publisher_is_told() -> None:
    assert "✗ publisher-1 crashed" in text(live(PATTERN, 8, "6s crash publisher-1"))


def test_instances_have_rows_where_there_is_room(frame_of: FrameOf) -> None:
    shown = text(frame_of(DEMO, 40.2), 158, 44)
    for name in ("billing-1", "billing-3", "search-1", "audit-1"):
        assert f"{name} " in shown
    assert "1.7/2.0s" in shown
    assert "28.3s left" in shown
    assert "4 handled twice" in shown


def test_copies_travel_along_the_rail_and_down() -> None:
    early = text(live(PATTERN, 8.1, playing=True))
    assert "m17" in early.splitlines()[0], "all copies set off as one"
    assert early.count("m17") == 2, "and its name is above its column"
    late = text(live(PATTERN, 8.36, playing=True)).splitlines()[2:]
    arriving = [line for line in late if "m17" in line]
    assert len(arriving) == 3, "audit, the EU desk and the dashboard, not billing"
    still = live(PATTERN, 8.1)
    assert "m17" not in text(still).splitlines()[0]


def test_actors_and_messages_can_be_clicked(frame_of: FrameOf) -> None:
    zones = {(zone.kind, zone.name) for zone in paper(frame_of(DEMO, 40.2)).zones}
    assert {("actor", "audit-1"), ("actor", "publisher-1"), ("message", "m81"),
            ("message", "m68")} <= zones  # fmt: skip
    wide = {(zone.kind, zone.name) for zone in paper(frame_of(DEMO, 40.2), 158, 44).zones}
    assert {("actor", "billing-3"), ("message", "m72")} <= wide


@pytest.mark.parametrize("t", [0.0, 10.0, 20.2, 26.0, 40.1, 45.1])
@pytest.mark.parametrize("size", SIZES)
def test_every_row_fits_and_every_ink_is_known(
    frame_of: FrameOf, size: tuple[int, int], t: float
) -> None:
    for playing in (True, False):
        drawn = paper(frame_of(DEMO, t, playing=playing), *size)
        assert len(drawn.lines()) == size[1]
        for line in drawn.lines():
            assert sum(cell_len(run) for run, _ in line) == size[0]
            for _, ink in line:
                name = ink.split("+")[0].removeprefix("on-")
                assert name in FALLBACKS or name in ("text", "paper")


def test_it_is_drawn_at_any_size_at_all() -> None:
    frame = live(DEMO, 40.1, "20s spawn subscriber 12", playing=True)
    for width in (1, 2, 15, 16, 17, 25, 33, 34, 55, 56, 75, 76, 90, 103, 104, 200):
        for height in (1, 2, 3, 4, 5, 7, 8, 9, 13, 24, 60):
            assert len(paper(frame, width, height).lines()) == height


def test_more_subscriptions_than_rows_are_counted() -> None:
    frame = live(PATTERN, 10.2, "1s spawn subscriber 20 filter=orders.eu.*")
    shown = text(frame)
    assert "+18 more subscriptions, 0 waiting" in shown
    scene = scene_of(frame)
    assert scene is not None
    grid = lay(78, 11, 24)
    assert grid.shown + 18 == len(feeds_of(frame, scene, grid.seen)) == 24


def test_it_looks_sensible_before_anything_has_happened(frame_of: FrameOf) -> None:
    shown = text(frame_of(f"{PATTERN}/late-joiners", 0.0))
    assert "audit-1" in shown
    assert "unrouted: none" in shown
    lonely = paint_fanout(frame_of("competing-consumers/the-lock-is-a-lease", 3.0), 78, 11)
    assert "no topic yet" in lonely.text()


def test_in_half_a_screen_the_matrix_is_what_there_is_room_for(frame_of: FrameOf) -> None:
    assert "xxxxxxxxxx" in row(frame_of(DEMO, 25.6), "dash-1", 58, 20)


def test_where_instances_share_it_is_told_what_their_numbers_mean(frame_of: FrameOf) -> None:
    assert "1 3: by whom" in text(frame_of(DEMO, 25.6), 158, 30)


def test_what_holds_for_one_subscription_only_is_told_beside_it(frame_of: FrameOf) -> None:
    frame = frame_of(f"{PATTERN}/a-guarantee-each", 6.8)
    full = text(frame, 110, 30).splitlines()
    board = next(y for y, line in enumerate(full) if " board " in line)
    assert "durable receive-and-delete" in full[board + 1]
    desk = next(y for y, line in enumerate(full) if " eu-1 " in line)
    assert "durable 5 deliveries" in full[desk + 1]
    assert " deletes" in row(frame_of(f"{PATTERN}/a-guarantee-each", 1.9), "board")
    assert "deletes" not in row(frame, "audit-1")


def test_a_fault_that_is_on_is_named_for_whom_it_is_on() -> None:
    one = ("2s inject slow on billing-1 20", "3s inject partition on dash-1")
    frame = live(PATTERN, 5, *one, "4s inject broker-down")
    assert "↯ broker-down" in text(frame).splitlines()[0]
    assert "↯ slow ×20" in row(frame, "billing-1")
    assert "↯ cut off" in row(frame, "dash-1")
    assert "↯" not in row(frame, "eu-1")
    both = live(PATTERN, 5, *one, "4s inject broker-down", "4.5s inject slow 3")
    assert "↯ broker-down +1" in text(both).splitlines()[0]
    assert "↯ broker-down ↯ slow ×3" in text(both, 158, 44).splitlines()[0]
    healed = live(PATTERN, 5, "4s inject broker-down", "4.5s heal broker-down")
    assert "↯" not in text(healed)


def test_what_was_deleted_on_receipt_has_no_lock_to_lose(frame_of: FrameOf) -> None:
    name = f"{PATTERN}/a-guarantee-each"
    board = row(frame_of(name, 12.0), "subscriber-1", 104, 30)
    assert "● working" in board
    assert "lock lost" not in board
    assert "lock" in text(frame_of(name, 14.55), 104, 30), "locked since the terms were changed"


def test_where_rows_are_few_subscriptions_take_those_of_the_legend(frame_of: FrameOf) -> None:
    few = text(frame_of(DEMO, 20.2), 78, 5)
    assert sum(name in few for name in ("audit-1", "billing", "eu-1", "dash-1")) >= 3
    all_of_them = text(frame_of(DEMO, 20.2), 78, 8)
    assert "more subscriptions" not in all_of_them
    assert "unrouted" in all_of_them
    assert "delivered" not in all_of_them


def test_where_the_legend_has_no_room_for_all_it_explains_what_is_lost(frame_of: FrameOf) -> None:
    foot = text(frame_of(DEMO, 38.0), 57, 14).splitlines()[-1]
    assert foot.startswith("! dropped  x missed")
    assert "dead" not in foot


@pytest.mark.parametrize(
    ("name", "words"),
    [("late-joiners", "subscriber-1 # "), ("filter-meets-text", "skips # {amount >= 100} ")],
)
def test_a_long_name_and_a_long_filter_take_the_room_of_each_other(
    frame_of: FrameOf, name: str, words: str
) -> None:
    assert words in text(frame_of(f"{PATTERN}/{name}", 13.1))
