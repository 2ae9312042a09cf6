"""What a person reads in the picture of a choreography."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from tests.app.tui.widgets.looking import inks, live, paper, text

from mailrail.frames import LabFrame
from mailrail.tui.widgets.choreography import paint_choreography
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.services import event_name

LiveFrame = Callable[..., LabFrame]

DEMO = "choreography/who-noticed"
TWIN = f"{DEMO}-orchestrated"
SIZES = [
    (78, 11), (110, 30), (158, 44), (60, 24), (50, 8), (40, 6), (30, 20), (24, 3), (20, 2), (9, 1),
    (1, 1), (1, 9), (200, 1),
]  # fmt: skip


def row(frame: LabFrame, service: str, width: int = 78, height: int = 11) -> str:
    """Return the lane of a service."""
    lanes = text(frame, width, height).splitlines()
    return next(line for line in lanes if line.strip().startswith(service)).partition("│")[0]


def tree(frame: LabFrame, width: int = 110, height: int = 30) -> list[str]:
    """Return what stands beside the lanes."""
    return [line.partition("│ ")[2] for line in text(frame, width, height).splitlines()]


def test_it_is_the_picture_of_the_pattern() -> None:
    assert PAINTERS["choreography"] is paint_choreography


def test_events_are_named_as_people_write_them() -> None:
    assert event_name("payment.authorised") == "PaymentAuthorised"


def test_at_the_start_every_service_is_there_and_idle() -> None:
    frame = live("choreography", 0.0)
    for service in ("order", "stock", "shipping", "delivery", "observer"):
        assert "○ idle" in row(frame, service)
    assert "loyalty" not in text(frame)
    assert "● m01 0.0/1.0s" in row(frame, "payment")
    assert "nothing stuck (deadline 12s)" in text(frame)


def test_the_tree_grows_with_the_conversation() -> None:
    shown = tree(live("choreography", 3.5))
    assert shown[:8] == [
        "conv m01 3.5s old",
        "Command 0.0",
        "└ OrderPlaced (order, hop 0, +0.0s)",
        "  └ PaymentAuthorised (payment, hop 1, +1.0s)",
        "    └ StockReserved (stock, hop 2, +1.0s)",
        "      ├ CourierBooked (delivery, hop 3, +0.0s)",
        "      └ ShipmentPacked (shipping, hop 3, +1.0s)",
        "        └ OrderCompleted (order, hop 4, +0.0s)",
    ]


def test_compensations_say_so() -> None:
    frame = live("choreography/a-compensation-that-throws", 8.6, selected="stock-1")
    shown = "\n".join(tree(frame, 158, 44))
    assert "OrderCancelled (order comp, hop 4, +0.0s)" in shown
    assert "PaymentRefunded (payment comp, hop 4, +1.0s)" in shown
    assert "warn+bold" in inks(frame, "PaymentRefunded", 158, 44)


def test_a_dead_service_is_seen_here_and_nowhere_else() -> None:
    frame = live(DEMO, 30.0)
    stock = row(frame, "stock")
    assert "✗ crashed" in stock
    assert "3 m07 m06" in stock.replace("─", " ")
    assert "STUCK" not in text(frame)
    for service in ("order", "payment", "shipping", "delivery"):
        assert "crashed" not in row(frame, service)
    assert "oldest 9.0s" in text(frame, 110, 30)


def test_the_observer_finds_it_and_says_where_it_was_seen_last() -> None:
    frame = live(DEMO, 32.5)
    shown = text(frame)
    assert "STUCK >12s ×1  fault m06" in shown
    assert "PaymentAuthorised ▸ ✗ stock down" in shown
    assert "conv m06 STUCK" in shown
    assert inks(frame, "STUCK >12s") == {"on-broken+bold"}
    assert "STUCK" not in text(live(DEMO, 42.0))


def test_how_old_the_open_orders_are_shows_against_the_deadline() -> None:
    shown = text(live(DEMO, 33.0), 110, 30)
    assert "✓ 5 completed  4 open" in shown
    assert "13s STUCK" in shown
    assert "┊" in shown


def test_half_heard_orders_wait_at_the_join() -> None:
    assert "½ m01" in row(live("choreography", 1.5), "delivery")
    assert "½" not in row(live("choreography", 2.5), "delivery")


def test_halves_that_find_no_room_are_counted() -> None:
    frame = live(DEMO, 33.0)
    assert "½ m06 m07 m08 m09" in text(frame, 158, 44)
    assert row(frame, "delivery", 38, 12).endswith("½ heard ×4")
    assert row(frame, "delivery").rstrip().endswith("4 halves")


def test_what_a_service_hears_is_counted_and_not_cut() -> None:
    shown = text(live(DEMO, 33.0), 106, 27)
    assert "hears ShipmentPacked CourierBooked +3" in shown
    assert "hears PaymentAuthorised ShipmentFailed" in shown


def test_an_order_that_is_late_is_looked_at_before_the_latest() -> None:
    early, late = (
        live("choreography/zombie-payment", 9.0),
        live("choreography/zombie-payment", 14.0),
    )
    assert text(early, 106, 27).splitlines()[0].split("│")[1].startswith(" conv m03")
    assert text(late, 106, 27).splitlines()[0].split("│")[1].startswith(" conv m02")


def test_a_deep_tree_moves_together_where_it_would_be_cut() -> None:
    storm = live("choreography/event-storm", 14.0)
    assert "         └StockRejected † order" in text(storm, 77, 20)
    assert "└ OrderPlaced" in text(storm, 158, 44)


def test_what_is_stuck_covers_no_lane_and_no_order() -> None:
    frame = live(DEMO, 33.0)
    low = text(frame, 38, 8).splitlines()
    assert low[0].endswith("STUCK ×1")
    assert low[-1].startswith(" observer ║")
    high = text(frame, 38, 12).splitlines()
    assert high[-1] == " STUCK >12s ×1  fault m06"
    assert high[-2].startswith(" m07 ")


def test_a_dead_service_stays_red_though_it_is_selected() -> None:
    assert inks(live(DEMO, 30.0, selected="stock-1"), "stock") >= {"crashed+bold+underline"}


def test_what_the_orchestrator_waits_for_is_told_whole() -> None:
    frame = live(TWIN, 29.0)
    assert "m06 ◂ Compensating: awaits stock.released" in text(frame, 158, 44)
    assert "m06 ◂ Compensating: stock.released" in text(frame, 77, 20)
    assert " orchestrator ·" in text(frame, 77, 20)


def test_a_hot_added_subscriber_gets_a_lane() -> None:
    before, after = live(DEMO, 9.9), live(DEMO, 10.0)
    assert "loyalty" not in text(before)
    assert "○ idle" in row(after, "loyalty")
    assert "hears PaymentAuthorised PaymentRefunded" in text(after, 110, 30)


def test_a_storm_is_followed_to_its_dead_letters() -> None:
    frame = live(DEMO, 53.5)
    assert "†1" in row(frame, "payment")
    assert "†1" in row(frame, "order")
    wide = text(frame, 158, 44)
    assert "† m12 HopLimitExceeded" in wide
    assert "StockRejected (hop 8, +1.0s) † order: HopLimitExceeded" in wide
    assert wide.count("PaymentRefunded") >= 2
    assert inks(frame, "†1") == {"dead+bold"}


def test_without_conversation_ids_the_tree_is_gone() -> None:
    seeing, blind = live("choreography/blind", 5.9), live("choreography/blind", 12.0)
    assert "└ OrderPlaced" in text(seeing)
    shown = text(blind)
    assert "NO CONVERSATION IDS" in shown
    assert "nothing tells what belongs together" in shown
    assert "└" not in shown
    assert "? PaymentAuthorised" in shown


def test_the_twin_shows_who_waits_for_whom() -> None:
    frame = live(TWIN, 26.5)
    shown = text(frame)
    assert "ORCHESTRATOR definition changed ×1" in shown
    assert "m06 ✓● Reserving WAITING 5.5/6s" in shown
    assert "m07 ✓● Reserving WAITING 1.5/6s" in shown
    assert inks(frame, "WAITING 5.5/6s") == {"warn+bold"}
    assert "◂ Compensating: awaits stock.released" in text(live(TWIN, 28.5), 158, 44)
    assert "definition unchanged" in text(live(TWIN, 9.0))
    assert "✓ Ended" in shown


def test_frozen_services_and_faults_show_with_words() -> None:
    paused = live("choreography", 2.0, "1.5s pause stock-1")
    assert "‖ paused" in row(paused, "stock")
    assert "m01" in row(paused, "stock")
    slow = live("choreography", 2.0, "0.5s inject slow on stock-1 5")
    assert "↯ slow" in text(slow, 110, 30)
    cut = live("choreography", 2.0, "0.5s inject partition on stock-1")
    assert "↯ cut off" in text(cut, 110, 30)
    down = live("choreography", 2.0, "0.5s inject broker-down")
    assert "↯ broker-down" in text(down)
    dead = live("choreography", 2.0, "1.5s crash stock-1")
    assert "hidden" in text(dead, 110, 30)


def test_events_fly_to_every_subscriber_at_once() -> None:
    frame = live(DEMO, 21.25, playing=True)
    for service in ("stock", "delivery", "loyalty", "observer"):
        assert "m06" in row(frame, service).partition("▸")[0], f"on its way to {service}"
    for service in ("order", "payment", "shipping"):
        assert "m06" not in row(frame, service)
    assert "on-moving" in inks(frame, "m06")
    still = {ink for line in paper(live(DEMO, 21.0)).lines() for _, ink in line}
    assert "moving" in still, "a step leaves a trail"


def test_many_instances_and_many_messages_are_counted() -> None:
    crowd = live("choreography", 9.0, "0s spawn stock 30", "1s inject burst 300")
    assert "+30" in row(crowd, "stock")
    shown = row(crowd, "payment", 110, 30)
    assert any(str(number) in shown for number in range(280, 302))


def test_what_is_clicked_is_known() -> None:
    made = paper(live(DEMO, 32.5), 110, 30)
    actors = {zone.name for zone in made.zones if zone.kind == "actor"}
    assert {"stock-1", "payment-1", "observer-1", "customer-1"} <= actors
    messages = {zone.name for zone in made.zones if zone.kind == "message"}
    assert {"m06-placed-paid", "m06-placed", "m06"} <= messages


def test_the_selected_one_is_marked_and_its_conversation_shown() -> None:
    frame = live(DEMO, 50.5, selected="shipping-1")
    assert any("selected" in ink for ink in inks(frame, "shipping"))
    assert "conv m13" in text(frame)
    assert "conv m12" in text(live(DEMO, 50.5, selected="payment-1"))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_fills_the_width_exactly(width: int, height: int) -> None:
    crowd = live("choreography", 9.0, "0s spawn stock 30", "1s inject burst 300")
    for frame in (
        live("choreography", 0.0), live(DEMO, 21.1, playing=True), live(DEMO, 33.0),
        live(DEMO, 56.5), live(TWIN, 26.5), live("choreography/blind", 20.0), crowd,
    ):  # fmt: skip
        lines = paper(frame, width, height).lines()
        assert len(lines) == height
        assert {sum(cell_len(run) for run, _ in line) for line in lines} == {width}


def test_work_is_told_whole_or_in_short_and_never_cut(frame_of: LiveFrame) -> None:
    shown = text(frame_of("choreography/stuck-and-why", 20.4), 78, 20)
    assert "● m21 0.4/1.0s" in shown
    assert "● m18 0.4s " in shown


SESSIONS = "choreography/two-halves-two-instances-sessions"


def test_who_holds_the_session_of_an_order_is_told_with_it() -> None:
    assert "▣ session m01 delivery-1" in text(live(SESSIONS, 1.5), 110, 30)
    assert "▣ session m03 delivery-1" in text(live(SESSIONS, 10.0), 158, 44), "and it is dead"
    assert "▣ m02" in row(live(SESSIONS, 5.5), "delivery")
    assert "▣" not in text(live("choreography", 1.5), 110, 30)


def test_between_bus_and_service_is_its_queue_and_what_waits_there_lies_above_it() -> None:
    sheet = paper(live(DEMO, 27.6))
    y = next(y for y, line in enumerate(sheet.text().splitlines()) if line.startswith(" stock"))
    line = sheet.text().splitlines()[y]
    places = range(line.index("║") + 2, line.index("▸"))
    names = {(zone.kind, zone.name) for x in places if (zone := sheet.zone_at(x, y))}
    assert ("queue", "stock") in names
    assert {kind for kind, _ in names} == {"queue", "message"}


def test_what_is_put_off_is_seen_until_it_comes_back() -> None:
    storm = "choreography/event-storm-throttled"
    assert "║◷ m01 5.0s──▸○ idle" in row(live(storm, 5.5), "payment")
    assert "║◷m01 1.0s +1▸○ idle" in row(live(storm, 9.5), "payment")
    assert "║◷ m01 in 1.0s +1▸○ idle" in row(live(storm, 9.5), "payment", 120, 30)
    frame = live(storm, 5.5)
    assert any("StockRejected ◷ payment later" in line for line in tree(frame, 78, 13))
    assert any("(hop 5, +1.0s) ◷ payment later: due 10.5s" in line
               for line in tree(frame, 158, 30))  # fmt: skip
    assert {"m01-placed-paid-rejected-refunded-paid-rejected"} & {
        zone.name for zone in paper(frame).zones if zone.kind == "message"
    }
    assert "║◷ m02 3.2s──▸● m01" in row(live(storm, 11.3), "payment")
    away = row(live(storm, 5.15, playing=True), "payment")
    assert "◷" not in away, "on its way it is not where it will be as well"
    assert "m01" in away


def test_a_trail_leaves_the_spaces_between_words_alone() -> None:
    assert "║◷m09 4.0s +2▸" in row(live(DEMO, 40.0), "observer")
