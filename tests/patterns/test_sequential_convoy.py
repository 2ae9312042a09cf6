"""What a sequential convoy promises: golden numbers, poison, holders that die or sleep, faults."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken as all_broken
from tests.support.by_hand import ran

from mailrail_patterns.commands import parse_command
from mailrail_patterns.declaration import Fault
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message, Outcome
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.sequential_convoy import FAULTS, PATTERN, Settings, name_of

LANES = "sequential-convoy/lanes"


def broken(run: Run) -> set[str]:
    """Return the names of the guarantees that broke; that work may overlap is told elsewhere."""
    return all_broken(run) - {"worked-on-by-one"}


def first(run: Run, name: str) -> tuple[float, str]:
    """Return when a guarantee broke first, and what was found."""
    found = next(f.first for f in run.findings() if f.guarantee.name == name)
    assert found is not None
    return found.time, found.what


def times(run: Run, kind: str, message: str = "", group: str = "") -> list[float]:
    """Return when events of a kind happened to a message or to a lane."""
    return [
        e.t
        for e in run.events
        if e.kind == kind and message in ("", e.message) and group in ("", e.group)
    ]


# --- the demo -------------------------------------------------------------------------------


def test_without_sessions_the_second_step_overtakes_the_first() -> None:
    run = ran(f"{LANES}-no-sessions", 45)
    begun = next(e for e in run.events if e.kind == "working" and e.message == "m05")
    assert (begun.t, begun.actor) == (2.0, "worker-3")
    assert times(run, "completed", "m05") == [4.0]
    assert times(run, "completed", "m01") == [6.0]
    assert first(run, "order-within-group") == (2.0, "m05 was begun before m01 of A was over")
    assert first(run, "one-at-a-time")[0] == 2.0
    assert first(run, "effects-in-order")[0] == 6.0


def test_with_sessions_the_lanes_go_as_worked_out_by_hand() -> None:
    run = ran(LANES, 45)
    steps: dict[str, list[tuple[int, int] | None]] = {
        "A": [(0, 6), (6, 8), (8, 15), (15, 17), (17, 19)],
        "B": [(0, 2), None, (5, 7), (7, 9), (9, 11)],
        "C": [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10)],
        "D": [(10, 12), (12, 14), (14, 16), (16, 18), (18, 20)],
    }
    for lane, spells in enumerate(steps.values(), 1):
        for step, spell in enumerate(spells):
            name = f"m{4 * step + lane:02d}"
            if spell is None:
                assert times(run, "abandoned", name) == [3, 4, 5]
                assert times(run, "dead_lettered", name) == [5]
            else:
                assert times(run, "working", name)[0] == spell[0]
                assert times(run, "completed", name) == [spell[1]]
    metrics = run.metrics()
    assert (metrics["completed"], metrics["dead_lettered"]) == (19, 1)
    assert metrics["order_violations"] == 0
    assert broken(run) == set()


def test_the_lock_of_a_lane_is_renewed_until_its_holder_dies() -> None:
    run = ran(LANES, 45)
    assert times(run, "session_renewed", group="A")[:2] == [4, 8]
    assert times(run, "session_expired") == [13]
    owners = [(e.t, e.actor) for e in run.events
              if e.kind == "session_accepted" and e.group == "A"]  # fmt: skip
    assert owners == [(0, "worker-1"), (13, "worker-2")]
    assert [e.delivery for e in run.events if e.kind == "delivered" and e.message == "m09"] == [
        1,
        2,
    ]


def test_a_free_worker_may_not_touch_a_frozen_lane() -> None:
    run = ran(LANES, 12)
    lanes = {lane.key: lane for lane in run.view().scene.lanes}  # type: ignore[attr-defined]
    assert (lanes["A"].state, lanes["A"].holder, lanes["A"].until) == ("frozen", "worker-1", 13)
    assert (lanes["B"].state, lanes["B"].dead) == ("empty", ("B2",))
    assert (lanes["D"].state, lanes["D"].waited) == ("held", 10)
    assert run.metrics()["parallel"] == 1
    idle = {actor.name: actor.state for actor in run.view().actors}["worker-2"]
    assert idle == "idle"


def test_parking_sets_the_rest_of_the_group_aside() -> None:
    run = ran(f"{LANES}-park", 45)
    dead = [(e.t, e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [
        (5, "m06", "MaxDeliveryCountExceeded"),
        *[(5, name, "GroupParked") for name in ("m10", "m14", "m18")],
    ]
    assert broken(run) == set()


def test_a_parked_group_goes_on_in_order_once_it_is_redriven() -> None:
    run = ran(f"{LANES}-park", 30)
    run.do(parse_command("redrive orders"))
    run.advance(60)
    again = [(e.message, e.text) for e in run.events if e.kind == "dead_lettered" and e.t > 30]
    assert again == [("m06", "MaxDeliveryCountExceeded"), ("m10", "GroupParked"),
                     ("m14", "GroupParked"), ("m18", "GroupParked")]  # fmt: skip
    run.do(parse_command("set poison_policy=skip"))
    run.do(parse_command("redrive orders"))
    run.advance(120)
    done = [e.message for e in run.events if e.kind == "completed" and e.t > 60]
    assert done == ["m10", "m14", "m18"]
    assert broken(run) == set()


def test_a_group_stays_parked_for_what_comes_later() -> None:
    run = ran("sequential-convoy", 40, "0s inject poison on m03", poison_policy="park", groups="2")
    assert run.metrics()["group_done_min"] == 1
    parked = run.metrics()["parked"]
    assert parked is not None
    assert parked > 5
    assert broken(run) == set()


def test_a_blocked_lane_holds_up_nobody_else() -> None:
    run = ran(f"{LANES}-block", 45)
    done = {e.message for e in run.events if e.kind == "completed"}
    assert done == {f"m{n:02d}" for n in range(1, 21)} - {f"m{n:02d}" for n in (6, 10, 14, 18)}
    assert run.metrics()["dead_lettered"] == 0
    run.do(parse_command("set poison_policy=skip"))
    run.advance(90)
    assert run.metrics()["completed"] == 19
    assert broken(run) == set()


# --- holders --------------------------------------------------------------------------------


def test_a_record_that_knows_the_token_refuses_who_slept() -> None:
    run = ran("sequential-convoy/the-sleeping-holder", 30)
    assert [(e.actor, e.text) for e in run.events if e.kind == "effect_skipped"] == [
        ("worker-1", "fenced")
    ]
    assert broken(run) == set()


def test_an_unfenced_record_goes_back_in_time() -> None:
    run = ran("sequential-convoy/the-sleeping-holder-unfenced", 30)
    assert first(run, "effects-in-order") == (11.0, "m01 of A took effect after a later message")


def test_a_holder_that_wakes_up_in_time_keeps_its_lane() -> None:
    run = ran(LANES, 7, "1s pause worker-1", "4.5s resume worker-1")
    assert times(run, "session_renewed", group="A") == [4.5]
    assert times(run, "session_expired") == []
    assert broken(run) == set()


def test_a_holder_cut_off_from_the_broker_loses_its_lane_and_hears_of_it() -> None:
    run = ran(LANES, 8.9, "1s inject partition on worker-1", "7s heal partition on worker-1")
    assert times(run, "session_expired", group="A") == [5]
    assert [(e.actor, e.message) for e in run.events if e.kind == "lock_lost"] == [
        ("worker-1", "m01")
    ]
    assert broken(run) == set()


def test_whoever_is_asked_to_stop_lets_its_lane_go() -> None:
    run = ran(LANES, 9, "1s stop worker-2")
    assert times(run, "session_closed", group="B") == [2]
    assert times(run, "session_expired") == []
    assert times(run, "stopped") == [0, 2]


def test_an_idle_session_is_kept_as_long_as_it_is_told_to_be() -> None:
    run = ran("sequential-convoy", 30, groups="1", count="2", every="3s", session_idle="7s")
    assert len(times(run, "session_accepted")) == 1, "the second message finds it open"
    assert times(run, "session_closed") == [12], "seven seconds after the last step was done"
    assert run.metrics()["idle_held"] == 8
    assert broken(run) == set()


def test_a_lost_settlement_brings_the_message_back_uncounted_and_before_all_others() -> None:
    run = ran(LANES, 45, "5.5s inject lose-ack", idempotent="off")
    assert run.metrics()["order_violations"] == 0
    assert broken(run) == {"effect-once"}
    twice = [e.message for e in run.events if e.kind == "abandoned" and e.text]
    assert twice == ["m01"]
    assert [e.delivery for e in run.events if e.kind == "delivered" and e.message == "m01"] == [
        1,
        1,
    ]


def test_what_is_put_off_is_not_overtaken() -> None:
    run = ran(LANES, 60, retry_delay="3s")
    assert times(run, "due", "m06") == [6, 14]
    assert times(run, "delivered", "m10")[0] >= times(run, "dead_lettered", "m06")[0]
    assert times(run, "delivered", "m04") == [3], "who waits for B2 opens D meanwhile"
    assert broken(run) == set()


# --- partitions, switches, faults -----------------------------------------------------------


def test_groups_that_share_a_lane_wait_for_each_other() -> None:
    shared = ran("sequential-convoy/shared-lanes", 60)
    own = ran("sequential-convoy/shared-lanes-own", 60)
    assert times(shared, "delivered", "m03") == [12]
    assert times(own, "delivered", "m03") == [0]
    assert shared.metrics()["lane_wait_max"] == 0 == own.metrics()["lane_wait_max"]


@pytest.mark.parametrize("commands", [
    ("5s set sessions=off", "9.5s set sessions=on"),
    ("5s set partitions=2", "9.5s set partitions=0"),
    ("3.5s set partitions=1", "5s set sessions=off", "6.5s set partitions=3",
     "7s set sessions=on"),
])  # fmt: skip
def test_lanes_can_be_rearranged_while_they_are_worked_on(commands: tuple[str, ...]) -> None:
    run = ran(LANES, 60, *commands)
    assert run.metrics()["completed"] == 19
    assert run.metrics()["depth"] == 0
    assert broken(run) <= {"one-at-a-time", "order-within-group", "effects-in-order", "as-sent"}
    if all("sessions" not in command for command in commands):
        assert broken(run) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_can_be_injected_and_takes_nothing_away_that_is_promised(fault: Fault) -> None:
    shared = {"partitions": "4", "rebalance": "eager"} if fault.name == "rebalance" else {}
    run = ran(LANES, 3.5, consumers="4", **shared)
    run.do(parse_command(f"inject {fault.name}"))
    run.advance(13)
    if fault.lasts:
        run.do(parse_command(f"heal {fault.name}"))
    run.advance(120)
    assert broken(run) <= {"as-sent"}
    assert any(e.kind == "injected" and e.message == fault.name for e in run.events)


def test_what_overtakes_on_its_way_is_out_of_the_producers_order_only() -> None:
    run = ran("sequential-convoy", 40, "0.5s pause worker-1", "2.5s inject reorder",
              groups="1", consumers="1", every="500ms", count="12", lock="90s")  # fmt: skip
    run.do(parse_command("resume worker-1"))
    run.advance(120)
    assert broken(run) == {"as-sent"}
    assert run.metrics()["order_violations"] == 0


def test_a_burst_of_one_group_is_worked_on_by_one() -> None:
    run = ran("sequential-convoy", 8, "0s inject hot-group", "1s inject burst 20", consumers="6")
    assert run.metrics()["parallel_max"] == 1
    assert run.metrics()["hot_group_share"] == 1.0


def test_a_message_without_a_group_is_refused() -> None:
    run = Run(find("sequential-convoy"), overrides={"groups": "1"})
    queue = run._world.queues["orders"]
    sender = run._world.actors["sender-1"].process
    assert sender is not None
    assert queue.offer(Message("z01"), "sender-1", sender.birth) is Outcome.REJECTED
    assert [e.text for e in run.events if e.kind == "rejected"] == ["NoGroup"]


@pytest.mark.parametrize(("settings", "what"), [
    ({"capacity": "0"}, "capacity: a message must be able to wait"),
    ({"lock": "1s", "latency": "200ms"}, "lock: a renewal would arrive too late"),
    ({"poison_policy": "block", "service": "0s"}, "block tries for ever at one instant"),
    ({"poison_policy": "park", "max_deliveries": "0"}, "nothing is ever parked"),
    ({"poison_policy": "drop"}, "poison_policy: expected one of block, skip, park"),
    ({"partitions": "-1"}, "partitions: expected 0 to 1000"),
])  # fmt: skip
def test_what_contradicts_itself_is_refused(settings: dict[str, str], what: str) -> None:
    with pytest.raises(BadInput, match=what):
        Run(find("sequential-convoy"), overrides=settings)


def test_groups_have_names_without_end() -> None:
    assert [name_of(n) for n in (0, 3, 25, 26, 51, 52, 701, 702)] == [
        "A", "D", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_every_safeguard_is_a_switch_and_all_but_the_resequencer_are_on() -> None:
    names = {g.name for rule in PATTERN.rules(Settings) for g in rule.guarantees} | {"effect-once"}
    for safeguard in PATTERN.safeguards:
        assert getattr(Settings(), safeguard.setting) is (safeguard.setting != "resequence")
        assert safeguard.keeps in names
