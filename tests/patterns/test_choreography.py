"""What a choreography does: the demo's numbers, its twin, and what each service takes back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.by_hand import broken, driven, ran

from mailrail_patterns.commands import parse_command
from mailrail_patterns.document import Document, MessageTable
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.conversations import ConversationView
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build, find

DEMO = "choreography/who-noticed"


def orders(fails: str = "", seconds: float = 40.0, *commands: str, **settings: object) -> Run:
    """Return a run of one order, which a service may refuse."""
    document = Document(
        pattern="choreography",
        duration="100s",
        settings={"count": 1, **settings},
        messages={"m01": MessageTable(headers={"fails": fails})} if fails else {},
    )
    return driven(Run(build(document, "one order")), seconds, *commands)


def rows(run: Run, key: str = "m01") -> dict[str, str]:
    """Return the last state of each service's row of an order."""
    return {e.queue: e.group for e in run.events if e.kind == "state" and e.message == key}


def told(run: Run, order: str = "m01") -> list[tuple[float, str]]:
    return [
        (e.t, e.text) for e in run.events if e.kind == "published" and e.message.startswith(order)
    ]


def test_an_order_is_a_chain_of_facts_that_nobody_conducts() -> None:
    run = orders()
    assert told(run) == [
        (0, "order.placed"), (1, "payment.authorised"), (2, "stock.reserved"),
        (2, "courier.booked"), (3, "shipment.packed"), (3, "order.completed"),
    ]  # fmt: skip
    assert rows(run) == {
        "orders": "Completed", "payments": "Authorised", "stock": "Reserved",
        "parcels": "Packed", "couriers": "Booked", "watch": "Done",
    }  # fmt: skip
    assert broken(run) == set()
    assert (run.metrics()["hops_max"], run.metrics()["events_per_order"]) == (4, 6)


@pytest.mark.parametrize(
    ("fails", "end"),
    [
        ("payment", {"orders": "Cancelled", "payments": "Declined", "watch": "Undone"}),
        ("stock", {"orders": "Cancelled", "payments": "Refunded", "stock": "Rejected",
                   "couriers": "Waiting", "watch": "Undone"}),
        ("shipping", {"orders": "Cancelled", "payments": "Refunded", "stock": "Released",
                      "parcels": "Failed", "couriers": "Cancelled", "watch": "Undone"}),
    ],
)  # fmt: skip
def test_each_service_takes_back_its_own_step(fails: str, end: dict[str, str]) -> None:
    run = orders(fails)
    assert rows(run) == end
    assert broken(run) == set()
    assert rows(orders(refuses=fails)) == end


@pytest.mark.parametrize(
    ("fails", "end"),
    [
        ("", {"orders": "Completed", "workflows": "Ended"}),
        ("payment", {"orders": "Cancelled", "payments": "Declined"}),
        ("stock", {"orders": "Cancelled", "payments": "Refunded", "stock": "Rejected"}),
        ("shipping", {"orders": "Cancelled", "payments": "Refunded", "stock": "Released",
                      "parcels": "Failed", "couriers": "Cancelled"}),
    ],
)  # fmt: skip
def test_the_orchestrated_twin_ends_alike(fails: str, end: dict[str, str]) -> None:
    run = orders(fails, choreographed=False)
    assert end.items() <= rows(run).items()
    assert rows(run)["workflows"] == ("Compensated" if fails else "Ended")
    assert broken(run) == set()
    assert told(run) == []


def test_loyalty_costs_nobody_an_edit_but_the_orchestrator() -> None:
    assert ran(DEMO, 60).metrics()["edits"] == 0
    twin = ran(f"{DEMO}-orchestrated", 60)
    assert twin.metrics()["edits"] == 1
    granted = [e.message for e in twin.events if e.queue == "points"]
    assert granted[0] == "m03"
    assert "m06" not in granted, "what was cancelled earns nothing"


def test_dead_stock_is_silence_in_a_choreography() -> None:
    run = ran(DEMO, 31.9)
    since = [e for e in run.events if e.t > 20]
    red = {"abandoned", "dead_lettered", "lock_expired", "rejected", "violated", "noted"}
    assert not [e for e in since if e.kind in red]
    stock = next(queue for queue in run.view().queues if queue.name == "stock")
    assert stock.depth == 3
    run.advance(32)
    (stuck,) = [e for e in run.events if e.kind == "noted"]
    assert (stuck.t, stuck.actor) == (32, "observer-1")
    assert "m06" in stuck.text
    assert "payment.authorised" in stuck.text


def test_late_and_saved_here_and_refunded_there() -> None:
    saved, lost = ran(DEMO, 44), ran(f"{DEMO}-orchestrated", 44)
    for order in ("m06", "m07", "m08", "m09"):
        assert rows(saved, order)["orders"] == "Completed"
        assert rows(lost, order)["orders"] == "Cancelled"
        assert rows(lost, order)["payments"] == "Refunded"
        assert rows(lost, order)["stock"] in {"Void", "Released"}


def test_a_command_nobody_waits_for_is_not_carried_out() -> None:
    """The race of a timeout with a late command: whoever comes second finds the other's mark."""
    run = orders("", 60, "0s crash stock-1", "8s restart stock-1", choreographed=False)
    assert rows(run)["stock"] == "Void"
    assert [e.message for e in run.events if e.kind == "expired"] == ["m01-reserve"]
    working = orders("", 60, "1.5s pause stock-1", "9s resume stock-1", choreographed=False)
    assert rows(working)["stock"] == "Released"
    assert broken(run) | broken(working) == set()


def test_a_storm_ends_at_the_hop_limit() -> None:
    run = ran("choreography/event-storm", 40)
    dead = [(e.actor, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert set(dead) == {("order-1", "HopLimitExceeded"), ("payment-1", "HopLimitExceeded")}
    charges = [e for e in run.events if e.group == "Authorised" and e.message == "m01"]
    assert len(charges) == 3
    assert broken(run) == {"stuck-only-by-fault"}, "the bug is in the wiring"


def test_the_storm_is_a_fault_that_turns_the_wiring() -> None:
    run = orders("stock", 40, "0.5s inject storm", "30s heal storm")
    changed = [(e.t, e.message, e.text) for e in run.events if e.kind == "changed"]
    assert changed == [(0.5, "miswired", "on"), (30, "miswired", "off")]
    assert run.metrics()["hops_max"] == 8


def test_correlation_off_leaves_no_tree_and_a_blind_observer() -> None:
    seeing, blind = orders(), orders(correlation=False)
    assert len(_scene(seeing)) == 1
    assert max(len(each.events) for each in _scene(seeing)) == 7
    assert {len(each.events) for each in _scene(blind)} == {1}
    assert "one-conversation" in broken(blind)
    assert rows(blind)["orders"] == "Completed"
    assert (blind.metrics()["stuck"] or 0) > 4


def _scene(run: Run) -> tuple[ConversationView, ...]:
    scene = run.view().scene
    assert isinstance(scene, ChoreographyScene)
    return scene.conversations


def test_the_compensation_that_throws_is_tried_again_and_succeeds() -> None:
    run = orders("shipping", 40, "2s inject compensation-fails on stock-1 2")
    assert rows(run)["stock"] == "Released"
    assert run.metrics()["abandoned"] == 2
    assert broken(run) == set()


def test_a_partitioned_service_is_alive_and_nobody_can_tell() -> None:
    run = orders("", 60, "0.5s inject partition on stock-1", "20s heal partition on stock-1")
    times = {subject: t for t, subject in told(run)}
    assert (times["payment.authorised"], times["stock.reserved"]) == (1, 21)
    assert rows(run)["orders"] == "Completed"
    assert broken(run) == {"over-by-its-deadline"}
    states = {actor.state for actor in run.view().actors if actor.name == "stock-1"}
    assert states == {"idle"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"hop_limit": "3"}, "hop_limit"),
        ({"correlation": "off", "choreographed": "off"}, "correlation"),
        ({"lock": "1s", "latency": "1s"}, "lock"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], named: str
) -> None:
    with pytest.raises(BadInput, match=named):
        Run(find("choreography"), overrides=settings)


def test_who_conducts_is_decided_before_a_run() -> None:
    run = orders("", 1)
    with pytest.raises(BadInput, match="open it again"):
        run.do(parse_command("set choreographed=off"))


# --- a passive subscriber changes nothing ---------------------------------------------------


PUBLISHED = {"published": "published", "unrouted": "published"}


def _lines(run: Run, passive: str) -> list[Event]:
    """Return the journal without what a subscriber did, numbers, and how many copies there are."""
    own = {f"{passive}-1", passive}
    kept = [e for e in run.events if e.actor not in own and not {e.queue, e.message} & own]
    return [
        replace(
            e, n=0, cause=0, kind=PUBLISHED.get(e.kind, e.kind),
            token=0 if e.kind == "struck" else e.token,
            value=0.0 if e.kind in PUBLISHED else e.value,
        )
        for e in kept
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["who-noticed", "event-storm", "a-compensation-that-throws"])
def test_an_observer_changes_no_event_but_its_own(name: str) -> None:
    scenario = find(f"choreography/{name}")
    without = Run(scenario, overrides={"observer": "off"})
    with_it = Run(scenario)
    for run in (without, with_it):
        run.advance(60)
    assert _lines(without, "observer") == _lines(with_it, "observer")
    assert len(with_it.events) > len(without.events)


def test_hot_added_loyalty_changes_no_event_but_its_own() -> None:
    without, with_it = orders("", 40), orders("", 40, "0s spawn loyalty")
    assert _lines(without, "loyalty") == _lines(with_it, "loyalty")
    assert rows(with_it)["points"] == "Granted"


def test_an_observer_whose_full_queue_blocks_is_no_mere_onlooker() -> None:
    bounded = {"count": "3", "capacity": "0"}
    drops = ran("choreography", 40, **bounded, overflow="drop-oldest")
    assert broken(drops) == {"stuck-only-by-fault"}, "it misses ends that it has no room for"
    found = ran("choreography", 40, **bounded, overflow="block")
    assert broken(found) == {"onlookers-change-nothing"}


def test_dead_letters_of_age_are_told_apart() -> None:
    aged = {"ttl": "3s", "dead_letter_expired": "on"}
    metrics = ran("choreography", 20, "0.5s crash stock-1", count="1", **aged).metrics()
    assert (metrics["dead_of_age"], metrics["dead_lettered"]) == (2, 2), "stock, and the alarm"
