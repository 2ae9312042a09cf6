"""What publisher-subscriber promises: copies, lives, slow subscribers, groups, and every fault."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.by_hand import broken, ran
from tests.support.scenarios import as_written

from mailrail_patterns.commands import parse_command
from mailrail_patterns.declaration import Fault
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.producer import AGAIN
from mailrail_patterns.publisher_subscriber import FAULTS
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

PATTERN = "publisher-subscriber"
DEMO = f"{PATTERN}/copies-not-shares"
HOPES = {"somebody-listens", "nothing-missed", "once-per-role", "publisher-free"}


def log(run: Run, queue: str) -> list[tuple[float, str, str, int]]:
    """Return everything that befell the copies of one subscription."""
    kinds = {"sent", "delivered", "effect", "completed", "abandoned", "dead_lettered"}
    return [(e.t, e.kind, e.message, e.delivery) for e in run.events
            if e.queue == queue and e.kind in kinds]  # fmt: skip


def of(run: Run, kind: str, queue: str = "") -> list[Event]:
    return [e for e in run.events if e.kind == kind and queue in ("", e.queue)]


# --- the demo -------------------------------------------------------------------------------


def test_the_demo_does_what_the_specification_says() -> None:
    run = ran(DEMO, 50)
    metrics = run.metrics()
    assert (metrics["published"], metrics["unrouted"]) == (101, 1)
    assert (metrics["doubled"], metrics["invoices"]) == (4, 54)
    assert (metrics["audit_kept"], metrics["audit_missed"], metrics["audit_lag_max"]) == (
        20,
        0,
        9.5,
    )
    assert (metrics["dash_kept"], metrics["dash_missed"]) == (0, 20)
    assert (metrics["search_dropped"], metrics["publisher_blocked"]) == (19, 0)
    assert broken(run) == HOPES - {"publisher-free"}


def test_audit_gets_everything_in_order_and_the_dashboard_has_one_hole() -> None:
    run = ran(DEMO, 50)
    every = [e.message for e in of(run, "published")]
    assert [e.message for e in of(run, "delivered", "audit-1")] == every
    assert [e.message for e in of(run, "delivered", "dash-1")] == every[:31] + every[51:]


def test_a_group_splits_and_no_group_doubles() -> None:
    run = ran(DEMO, 50)
    rows = {row.key: row.version for table in run.view().tables for row in table.rows}
    effects = [e for e in of(run, "effect") if e.actor.startswith("billing")]
    twice = {e.message for e in effects if e.actor == "billing-2"}
    assert twice == {"m18", "m20", "m22", "m24"}
    later = [e.actor for e in effects if e.t > 12]
    assert later[:6] == ["billing-1", "billing-3"] * 3
    assert all(version == 1 for key, version in rows.items() if key not in twice)


def test_search_is_full_at_thirty_seven_seconds() -> None:
    depth = {}
    for t in (36.9, 37.0, 37.4, 40.0):
        queues = {queue.name: queue for queue in ran(DEMO, t).view().queues}
        depth[t] = queues["search-1"].depth
    assert depth == {36.9: 9, 37.0: 10, 37.4: 10, 40.0: 10}


@pytest.mark.parametrize("policy", ["drop-oldest", "drop-newest", "disconnect", "buffer"])
def test_a_slow_subscriber_changes_nothing_for_the_others(policy: str) -> None:
    slow = ran(DEMO, 50, policy=policy)
    without = Run(find(DEMO), overrides={"policy": policy, "search_time": "1ms"})
    without.advance(50)
    for queue in ("audit-1", "billing", "eu-1", "dash-1"):
        assert log(slow, queue) == log(without, queue)
    assert "publisher-free" not in broken(slow)


def test_only_block_bends_the_line_of_everybody() -> None:
    free, blocked = ran(DEMO, 50), ran(f"{DEMO}-block", 50)
    for queue in ("audit-1", "billing", "eu-1", "dash-1"):
        upto = [each for each in log(free, queue) if each[0] <= 37]
        assert upto == [each for each in log(blocked, queue) if each[0] <= 37]
        assert len(log(blocked, queue)) < len(log(free, queue))
    sent = [e.t for e in of(blocked, "published") if e.t > 37]
    assert sent == [38.5, 40.5, 42.5, 44.5, 46.5, 48.5], "as slowly as search works"
    assert "publisher-free" in broken(blocked)
    assert "only-block-waits" not in broken(blocked)


def test_a_publisher_that_dies_while_it_waits_has_published_to_nobody() -> None:
    run = ran(f"{DEMO}-block", 50, "38s crash publisher-1")
    assert len(of(run, "published")) == 75
    assert "one-copy-each" not in broken(run)


@pytest.mark.parametrize(
    ("point", "idempotent", "published", "breaks"),
    [("K3", "on", 1, set()), ("K4", "on", 2, set()), ("K4", "off", 2, {"effect-once"})],
)
def test_a_publisher_that_dies_before_it_knows_publishes_again(
    point: str, idempotent: str, published: int, breaks: set[str]
) -> None:
    run = ran(PATTERN, 12, f"2.2s crash publisher-1 at {point}", "4.2s restart publisher-1",
              count="12", idempotent=idempotent)  # fmt: skip
    told = of(run, "published")
    assert [e.t for e in told if e.message == "m06"] == [2.5, 4.2][-published:]
    assert {e.message for e in told} == {f"m{number:02}" for number in range(1, 13)}
    assert [e.text for e in of(run, "noted")] == [AGAIN.format("m06")]
    assert run.metrics()["effects"] == (36 if idempotent == "on" else 40)
    assert broken(run) == breaks


def test_without_the_pattern_each_event_goes_to_one_service() -> None:
    run = ran(f"{DEMO}-one-queue", 20)
    assert {e.value for e in of(run, "published")} == {1}
    assert broken(run) == {"nothing-missed"}
    assert run.metrics()["invoices"] == 10
    assert ran(PATTERN, 20).metrics()["invoices"] == 20


# --- how subscriptions live -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "why"),
    [("crash dash-1", "connection lost"), ("stop dash-1", "connection closed"),
     ("pause dash-1", "no heartbeat"), ("inject partition on dash-1", "no heartbeat")],
)  # fmt: skip
def test_a_subscription_that_is_not_durable_ends_with_its_connection(
    command: str, why: str
) -> None:
    run = ran(PATTERN, 20, f"5.2s {command}", keepalive="3s")
    (ended,) = of(run, "unsubscribed")
    assert (ended.message, ended.text) == ("dash-1", why)
    assert ended.t == (8.2 if why == "no heartbeat" else 5.2)
    assert not [e for e in of(run, "sent", "dash-1") if e.t > ended.t]
    dropped = [e for e in of(run, "dropped", "dash-1") if e.text == "SubscriptionEnded"]
    assert len(dropped) == (6 if why == "no heartbeat" else 0), "what it had not got is gone"
    assert broken(run) == {"nothing-missed"}


def test_a_frozen_connection_is_kept_for_ever_without_a_keepalive() -> None:
    run = ran(PATTERN, 20, "5.2s pause dash-1", "15.2s resume dash-1", keepalive="0s")
    assert not of(run, "unsubscribed")
    assert run.metrics()["dash_missed"] == 0
    assert broken(run) == set()


def test_a_durable_subscription_outlives_a_crash_a_freeze_and_a_partition() -> None:
    run = ran(
        PATTERN, 40, "5.2s crash audit-1", "8.2s restart audit-1", "12.2s pause eu-1",
        "15.2s resume eu-1", "18.2s inject partition on billing-1",
        "21.2s heal partition on billing-1", keepalive="1s", count="50",
    )  # fmt: skip
    metrics = run.metrics()
    assert (metrics["audit_received"], metrics["eu_received"]) == (50, 26)
    assert metrics["billing_received"] == 25
    assert broken(run) == set()


def test_who_is_cut_off_is_handed_nothing_and_goes_on_when_it_is_healed() -> None:
    run = ran(PATTERN, 20, "5.2s inject partition on audit-1", "9.2s heal partition on audit-1")
    times = [e.t for e in of(run, "delivered", "audit-1")]
    assert not [t for t in times if 5.2 < t < 9.2]
    assert [t for t in times if t >= 9.2][:2] == [9.2, 9.3]
    assert broken(run) == set()


def test_a_shared_subscription_that_is_not_durable_ends_with_the_last_of_its_instances() -> None:
    run = ran(
        PATTERN, 20, "1s spawn subscriber 2 group=g durable=off", "4.2s crash subscriber-1",
        "8.2s crash subscriber-2",
    )  # fmt: skip
    assert [(e.t, e.message) for e in of(run, "unsubscribed")] == [(8.2, "g")]
    assert broken(run) == {"nothing-missed"}


def test_who_unsubscribes_gets_no_copy_after_and_misses_nothing_it_wants() -> None:
    run = ran(PATTERN, 20, "5.2s stop dash-1", "5.2s stop eu-1", unsubscribe="on")
    assert {(e.t, e.message, e.text) for e in of(run, "unsubscribed")} == {
        (5.2, "dash-1", ""), (5.2, "eu-1", ""),
    }  # fmt: skip
    assert not [e for e in of(run, "sent") if e.queue in ("dash-1", "eu-1") and e.t > 5.2]
    assert run.metrics()["missed"] == 0
    assert broken(run) == set()


def test_who_is_cut_off_as_slow_comes_back_and_may_not() -> None:
    back = ran(f"{PATTERN}/cut-off-as-slow", 20)
    assert [e.t for e in of(back, "subscribed") if e.message == "search-1"] == [0, 8.4]
    never = ran(f"{PATTERN}/cut-off-as-slow", 20, reconnect="0s")
    assert [e.t for e in of(never, "subscribed") if e.message == "search-1"] == [0]
    assert (never.metrics()["search_missed"] or 0) > (back.metrics()["search_missed"] or 0)


def test_a_latecomer_gets_nothing_or_what_the_log_still_holds() -> None:
    run = ran(f"{PATTERN}/late-joiners", 20)
    firsts = {
        name: next(e.message for e in of(run, "delivered", name))
        for name in ("subscriber-1", "subscriber-2", "subscriber-3")
    }
    assert firsts == {"subscriber-1": "m21", "subscriber-2": "m01", "subscriber-3": "m16"}
    short = ran(PATTERN, 12, "9.8s spawn subscriber replay=0", retain="3")
    assert next(e.message for e in of(short, "delivered", "subscriber-1")) == "m18"
    again = ran(
        PATTERN, 12, "5s spawn subscriber replay=0", "6.2s crash subscriber-1",
        "7.2s restart subscriber-1", retain="100",
    )  # fmt: skip
    assert not [e for e in of(again, "sent", "subscriber-1") if "~" in e.message], "only once"


def test_an_event_nobody_wants_is_dropped_or_returned() -> None:
    silent = ran(DEMO, 46)
    assert not of(silent, "noted")
    told = ran(DEMO, 46, mandatory="on")
    (note,) = of(told, "noted")
    assert (note.message, note.actor) == ("m91", "publisher-1")


def test_a_changed_setting_reaches_the_queues_of_subscriptions() -> None:
    run = ran(PATTERN, 5, "2s set max_deliveries=2")
    run.do(parse_command("inject poison on m13"))
    run.advance(10)
    assert {e.delivery for e in of(run, "dead_lettered")} == {2}
    assert len(of(run, "dead_lettered")) == 3, "audit, the EU desk and the dashboard"


def test_dead_letters_stay_with_their_subscription_and_can_be_redriven_there() -> None:
    run = ran(f"{PATTERN}/poison-in-one-place", 10)
    queues = {queue.name: queue.dead_count for queue in run.view().queues}
    assert queues == {"audit-1": 0, "billing-1": 1, "eu-1": 0}
    run.do(parse_command("redrive billing-1"))
    run.advance(20)
    assert [e.queue for e in of(run, "redriven")] == ["billing-1"]


def test_expired_and_scheduled_events_are_honoured_in_every_subscription() -> None:
    run = ran(PATTERN, 20, "4s stop audit-1", "9s restart audit-1", ttl="2s")
    assert {e.queue for e in of(run, "expired")} == {"audit-1"}
    assert run.metrics()["audit_dropped"] == len(of(run, "expired")) == 6


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("spawn subscriber filter=orders..paid", "a word is missing at column 8"),
        ("spawn subscriber filter=orders.>", "> at column 8 is no wildcard of amqp"),
        ("spawn audit 'where=amount >= much'", "needs a number at column 11"),
        ("spawn audit durable=maybe", "one of on, off"),
        ("spawn audit policy=wait", "one of buffer, drop-oldest"),
        ("spawn audit buffer=few", "a whole number of copies"),
        ("spawn audit policy=block", "block needs a bound; give buffer=10"),
        ("spawn audit buffer=5 policy=disconnect", "a durable subscription cannot be"),
        ("spawn audit buffer=5 policy=buffer", "buffer keeps everything"),
        ("spawn audit replay=0", "keeps no log; set retain=1000"),
        ("spawn audit replay=first", "expected an offset"),
        ("spawn audit folter=orders.#", "filter"),
        ("set copies=off", "copies only counts at the start"),
    ],
)
def test_bad_input_is_refused_with_the_reason(command: str, says: str) -> None:
    run = ran(PATTERN, 1)
    before = len(run.events)
    with pytest.raises(BadInput) as caught:
        run.do(parse_command(command))
    assert says in str(caught.value)
    assert len(run.events) == before


def test_the_overflow_of_all_queues_is_a_policy_and_may_not_contradict_it() -> None:
    run = ran(PATTERN, 20, "5s inject slow on audit-1 30", capacity="3", overflow="block")
    assert "publisher-free" in broken(run)
    with pytest.raises(BadInput, match="overflow: says block, and policy drop-newest; set one"):
        ran(PATTERN, 1, overflow="block", policy="drop-newest")


def test_a_bad_filter_in_a_step_is_refused_before_the_run_starts() -> None:
    text = f'pattern = "{PATTERN}"\n[[steps]]\nat = "1s"\ndo = "spawn eu filter=orders.e*"\n'
    with pytest.raises(BadInput, match="steps"):
        Run(as_written(text))
    table = f'pattern = "{PATTERN}"\n[[consumers]]\nrole = "eu"\noptions = {{ filter = "a..b" }}\n'
    with pytest.raises(BadInput, match="column 3"):
        Run(as_written(table))


@pytest.mark.parametrize("grammar", ["amqp", "nats", "mqtt"])
def test_the_same_subscriptions_in_every_grammar(grammar: str) -> None:
    metrics: dict[str, Any] = ran(PATTERN, 20, grammar=grammar).metrics()
    assert [metrics[f"{role}_received"] for role in ("audit", "billing", "eu")] == [40, 20, 20]


# --- faults ---------------------------------------------------------------------------------

TWICE = {"duplicate", "lose-ack", "slow", "broker-down", "partition"}
"""Faults after which something is handled twice where a lock is short and nobody looks."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_takes_hopes_only_and_an_inbox_keeps_effects_single(fault: Fault) -> None:
    target = " on m12" if fault.name == "poison" else ""
    commands = [f"4.05s inject {fault.name}{target}"]
    if fault.lasts:
        commands.append(f"9s heal {fault.name}")
    settings = {"lock": "1s", "keepalive": "2s", "count": "40"}
    bare = ran(PATTERN, 60, *commands, **settings)
    assert broken(bare) - HOPES == ({"effect-once"} if fault.name in TWICE else set())
    mended = ran(PATTERN, 60, *commands, **settings, idempotent="on")
    assert broken(mended) <= HOPES
    metrics = mended.metrics()
    dead = 1 if fault.name.startswith("poison") else 0
    assert (
        metrics["audit_received"] == len({e.message for e in of(mended, "sent", "audit-1")}) - dead
    )
