"""What claim checks do: the demo, crashes and faults, lifetimes, cleaning up, bad input."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.claim_check import FAULTS, Settings, check
from mailrail_patterns.declaration import Fault
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import change_all, written

CLAIM = "claim-check"
LUGGAGE = f"{CLAIM}/lost-luggage"


def times(run: Run, kind: str, message: str = "") -> list[float]:
    """Return when events of a kind happened, to one message or to any."""
    return [e.t for e in run.events if e.kind == kind and message in ("", e.message)]


# --- the demo ---------------------------------------------------------------------------------


def test_inline_everything_is_refused_and_with_tickets_the_bus_hardly_notices() -> None:
    run = ran(LUGGAGE, 16)
    metrics = run.metrics()
    assert (metrics["too_large"], metrics["checked"]) == (8, 8)
    assert (metrics["bus_bytes"], metrics["store_bytes"]) == (8 * 300, 8 * 5_000_000)
    assert metrics["saved_ratio"] == pytest.approx(5_000_000 / 300)


def test_the_orphan_is_too_young_for_the_first_round_and_goes_in_the_second() -> None:
    run = ran(LUGGAGE, 45)
    assert times(run, "stored", "m17") == [18]
    assert times(run, "sent", "m17") == []
    assert times(run, "removed", "m17") == [40]
    assert times(run, "removed")[:3] == [20, 20, 20], "what is 10 s old goes at 20 s"


def test_three_tickets_dangle_and_die() -> None:
    run = ran(LUGGAGE, 31.9)
    assert run.metrics()["dangling"] == 0
    run.advance(32)
    assert run.metrics()["dangling"] == 3
    run.advance(35)
    dead = [(e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [(name, "PayloadNotFound") for name in ("n01", "n02", "n03")]
    assert run.metrics()["dangling"] == 0


def test_who_reads_second_always_loses_until_references_are_counted() -> None:
    run = ran(LUGGAGE, 45)
    read = [(e.t, e.actor) for e in run.events if e.kind == "fetched" and e.t > 36]
    assert [actor for t, actor in read if t < 40] == ["receiver-1"] * 3
    assert [t for t, actor in read if actor == "archivist-1"] == [40, 41, 42]
    assert [t for t, actor in read if actor == "receiver-1"] == [37, 38, 39, 40, 41, 42]
    lost = [(e.t, e.queue) for e in run.events if e.kind == "dead_lettered" and e.t > 36]
    assert lost == [(37, "archiving"), (38, "archiving"), (39, "archiving")]
    assert broken(run) == {"payload-outlives-ticket", "ticket-finds-payload"}


def test_a_deletion_too_early_is_told_of_where_it_happens_or_its_ticket_comes_back() -> None:
    unread, read = ran(LUGGAGE, 45), ran(f"{CLAIM}/read-once", 12)
    first = [next(f.first for f in run.findings() if f.guarantee.name == "ticket-finds-payload")
             for run in (unread, read)]  # fmt: skip
    events = [
        run.events[breach.event - 1]
        for run, breach in zip((unread, read), first, strict=True)
        if breach is not None
    ]
    assert [(e.kind, e.message, e.t) for e in events] == [
        ("removed", "m18", 37), ("lock_expired", "m03", 12),
    ]  # fmt: skip


def test_with_references_counted_from_the_start_nothing_is_lost() -> None:
    run = ran(f"{LUGGAGE}-refcount", 45)
    assert broken(run) == set()
    assert run.metrics()["not_found"] == run.metrics()["dead_lettered"] == 0


# --- crashes ----------------------------------------------------------------------------------


def test_a_receiver_that_dies_after_reading_what_it_deleted_makes_poison() -> None:
    run = ran(CLAIM, 20, "0.2s crash receiver-1", "1s restart receiver-1",
              cleanup="delete-after-read", count="1")  # fmt: skip
    assert times(run, "dead_lettered") == [10]
    assert broken(run) == {"ticket-finds-payload"}
    kept = ran(CLAIM, 20, "0.2s crash receiver-1", "1s restart receiver-1", count="1")
    assert (times(kept, "effect"), times(kept, "removed")) == ([10.5], [10.5])
    assert broken(kept) == set()


def test_who_dies_between_settling_and_releasing_leaves_it_to_the_sweeper() -> None:
    run = ran(CLAIM, 45, "0.2s crash receiver-1 at K6", "1s restart receiver-1", count="1")
    removed = [e for e in run.events if e.kind == "removed"]
    assert [(e.t, e.text, e.actor) for e in removed] == [(20, "swept", "sweeper-1")]
    assert broken(run) == set()


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_wherever_a_receiver_dies_every_image_is_processed_once(point: str) -> None:
    run = ran(CLAIM, 60, f"2.2s crash receiver-1 at {point}", count="6", restart_after="1s",
              subscribers="2")  # fmt: skip
    metrics = run.metrics()
    assert (metrics["effects"], metrics["duplicate_effects"], metrics["lockers"]) == (12, 0, 0)
    assert broken(run) == set()


def test_sending_first_lets_a_ticket_be_seen_without_its_payload() -> None:
    run = ran(CLAIM, 20, put_first="off", count="1", store_bandwidth="5MB/s", sweepers="1")
    assert broken(run) == {"put-before-send"}
    assert times(run, "dead_lettered") == [0]


def test_a_sender_that_dies_between_put_and_send_leaves_an_orphan_only_a_sweeper_finds() -> None:
    for sweepers, left in (("1", 0), ("0", 1)):
        run = ran(CLAIM, 45, "0.5s crash sender-1 at K3", sweepers=sweepers)
        assert times(run, "sent", "m02") == []
        assert run.metrics()["orphans"] == left
        assert times(run, "removed", "m02") == ([20] if sweepers == "1" else [])
        assert broken(run) == (set() if sweepers == "1" else {"orphans-swept"})


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_can_come_and_nothing_that_is_promised_breaks(fault: Fault) -> None:
    name, lasts = fault.name, fault.lasts
    commands = [f"3.2s inject {name}", *([f"9s heal {name}"] if lasts else [])]
    run = ran(CLAIM, 90, *commands, count="12", subscribers="2")
    assert {e.message for e in run.events if e.kind == "injected"} == {name}
    assert broken(run) == set()
    dead = {letter.name for queue in run.view().queues for letter in queue.dead}
    kept = {"poison", "wrong-tenant", "tamper"}  # a dead letter points to it: it may be redriven
    assert run.metrics()["lockers"] == len(dead if name in kept else ())
    assert bool(dead) == (name in kept or name == "forged-ticket")


def test_a_forged_ticket_and_a_strangers_payload_are_forbidden() -> None:
    run = ran(CLAIM, 45, "0.5s inject forged-ticket", "1.5s inject wrong-tenant", count="4")
    dead = [(e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [("m02", "PayloadForbidden"), ("m03", "PayloadForbidden")]
    assert run.metrics()["forbidden"] == 2
    assert run.metrics()["lockers"] == 1, "the stranger's, to which a dead letter points"


def test_a_payload_that_was_altered_is_not_processed_unless_nobody_compares() -> None:
    run = ran(CLAIM, 20, "0.5s inject tamper", count="3")
    dead = [(e.t, e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [(1.0, "m02", "PayloadChanged")]
    assert broken(run) == set()
    bare = ran(CLAIM, 20, "0.5s inject tamper", count="3", check_digest="off")
    assert (bare.metrics()["effects"], bare.metrics()["dead_lettered"]) == (3, 0)
    assert broken(bare) == {"payload-unchanged"}


def test_what_is_stored_can_be_altered_where_it_is_and_so_can_the_next_ones() -> None:
    late = {"count": "4", "receivers": "0"}
    run = ran(CLAIM, 20, "2.5s inject tamper on m01", "2.6s inject tamper 1", **late)
    assert [(e.t, e.message) for e in run.events if e.kind == "altered"] == [
        (2.5, "m01"),
        (3, "m04"),
    ]
    scene: Any = run.view().scene
    assert [locker.message for locker in scene.lockers if locker.altered] == ["m01", "m04"]


def test_a_receiver_of_another_tenant_gets_nothing() -> None:
    run = ran(CLAIM, 5, "0s spawn receiver tenant=rival", receivers="0", count="2", every="2s")
    assert run.metrics()["fetched"] == 0
    assert {e.text for e in run.events if e.kind == "dead_lettered"} == {"PayloadForbidden"}


def test_while_the_store_is_down_nothing_is_sent() -> None:
    run = ran(CLAIM, 8, "0.7s inject store-down", "4.5s heal store-down")
    assert run.metrics()["put_failed"] == 4
    assert not [e for e in run.events if e.kind == "sent" and 0.7 < e.t < 4.5]


def test_a_twin_that_comes_after_the_payload_went_is_skipped() -> None:
    run = ran(CLAIM, 20, "0.5s inject duplicate", count="3")
    assert run.metrics()["effects"] == 3
    assert run.metrics()["dead_lettered"] == 0
    assert broken(run) == set()


# --- settings ---------------------------------------------------------------------------------


def test_a_store_that_settles_late_is_asked_again() -> None:
    run = ran(CLAIM, 10, settling="700ms", count="1")
    assert times(run, "delivered") == [0, 0.7]
    assert run.metrics()["effects"] == 1
    hasty = ran(CLAIM, 10, settling="700ms", count="1", retry_missing="off")
    assert broken(hasty) == {"found-or-gone"}


@pytest.mark.parametrize(("deletion", "second"), [("sync", 2.5), ("async", 2.0)])
def test_only_who_waits_for_a_deletion_is_slowed_down_by_it(deletion: str, second: float) -> None:
    run = ran(CLAIM, 10, store_latency="500ms", service="1s", every="100ms", count="2",
              deletion=deletion)  # fmt: skip
    first, then = times(run, "delivered")
    assert first == 0.5
    assert then == second


def test_small_payloads_travel_inside_and_are_stored_only_if_asked() -> None:
    run = ran(CLAIM, 5, image_size="64KB", count="2")
    assert (run.metrics()["inline"], run.metrics()["stored"]) == (2, 0)
    assert run.metrics()["bus_bytes"] == 2 * 64_300
    both = ran(CLAIM, 5, image_size="64KB", count="2", both="on")
    assert (both.metrics()["inline"], both.metrics()["stored"]) == (2, 2)
    assert both.metrics()["fetched"] == 0
    assert both.metrics()["lockers"] == 0, "what nobody reads is released all the same"
    above = ran(CLAIM, 5, image_size="64001B", count="2")
    assert (above.metrics()["inline"], above.metrics()["checked"]) == (0, 2)


def test_without_the_pattern_the_bus_refuses_or_balloons() -> None:
    run = ran(CLAIM, 20, count="5", claim_check="off")
    assert (run.metrics()["too_large"], run.metrics()["effects"]) == (5, 0)
    slow = ran(f"{CLAIM}/ballooning-bus", 60).metrics()["last_effect_at"]
    quick = ran(f"{CLAIM}/ballooning-bus-claim-check", 60).metrics()["last_effect_at"]
    assert slow == pytest.approx(50.5, abs=0.01)
    assert quick == pytest.approx(19.7, abs=0.01)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"payload_ttl": "10s"}, "payload_ttl: tickets live for ever"),
        ({"payload_ttl": "24s", "ttl": "5s"}, "payload_ttl: a ticket may be read for 25s"),
        ({"payload_ttl": "30s", "ttl": "5s", "dlq_dwell": "1min"}, "may be read for 85s"),
        ({"threshold": "256KB"}, "threshold: .* larger than the bus takes"),
        ({"bus_limit": "299B"}, "bus_limit: a ticket alone weighs 300 B"),
        ({"lock": "1s", "latency": "1s"}, "lock: shorter"),
        ({"threshold": "a lot"}, "threshold: expected a size"),
        ({"subscribers": "3"}, "subscribers: expected 1 to 2"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(find(CLAIM), overrides=settings)


def test_what_only_looks_like_a_contradiction_is_accepted() -> None:
    for settings in (
        {"payload_ttl": "25s", "ttl": "5s"},
        {"payload_ttl": "10s", "ttl_check": "off"},
        {"threshold": "256KB", "claim_check": "off"},
        {"threshold": "5MB", "bus_limit": "0B"},
    ):
        Run(find(CLAIM), overrides=settings)
    check(Settings())


def test_with_lifetimes_in_order_no_backlog_makes_a_ticket_dangle() -> None:
    run = ran(CLAIM, 60, "2.2s crash receiver-1", "11s restart receiver-1", payload_ttl="25s",
              ttl="5s", count="12", grace="10s")  # fmt: skip
    assert (run.metrics()["expired"] or 0) > 0
    assert broken(run) == set()
    assert run.metrics()["not_found"] == 0


def test_sizes_are_written_as_they_are_read() -> None:
    pattern = Run(find(CLAIM)).pattern
    made = change_all(pattern, Settings(), {"bus_limit": "1234567", "bandwidth": "2MB/s"})
    text = written(pattern, made)
    assert (text["bus_limit"], text["bandwidth"]) == ("1234567B", "2MB/s")
    assert change_all(pattern, Settings(), text) == made


def test_a_dead_letter_that_was_kept_long_enough_points_to_nothing() -> None:
    """Its payload is swept, as it should be, and until then it is a leftover in the picture."""
    run = ran("claim-check", 45.0, "0s inject poison on m02", subscribers=1, count=2,
              max_deliveries=1, dead_letter_ttl="3s")  # fmt: skip
    (gone,) = (event for event in run.events if event.text == "Retention")
    *_, swept = (event for event in run.events if event.kind == "removed")
    assert (gone.message, swept.text) == ("m02", "swept")
    assert broken(run) == set()
    run.seek(gone.t + 0.1)
    assert run.metrics()["leftovers"] == 1
