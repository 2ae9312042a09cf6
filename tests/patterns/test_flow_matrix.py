"""Rows of the failure matrix: pipes and filters, publisher-subscriber; from a file, as described.

Each fault is injected by a step of a scenario file, and what its description promises is looked
for: neither more nor less befalls the items, or the copies.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.patterns.test_item_keys import published
from tests.support.by_hand import broken
from tests.support.cells import cell
from tests.support.scenarios import as_written, ran

from mailrail_patterns import catalog
from mailrail_patterns.commands import Crash, Inject, Pause
from mailrail_patterns.items import item_of
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

PIPES, TOPIC = "pipes-and-filters", "publisher-subscriber"
CELLS = {
    PIPES: {"crash", "slow", "poison", "lose-send", "lose-ack", "duplicate", "reorder",
            "broker-down", "store-down", "expire-lock", "burst"},
    TOPIC: {"crash", "pause", "poison-one", "lose-send", "lose-ack", "duplicate", "reorder",
            "broker-down", "partition", "burst"},
}  # fmt: skip
"""The marked cells of their rows, a fault or a command each."""

EVERYBODY = ("audit-1", "billing-1", "eu-1", "dash-1")


@pytest.mark.parametrize("pattern", CELLS)
def test_every_marked_cell_is_shown_by_a_bundled_scenario(pattern: str) -> None:
    shown = set()
    for name in catalog.bundled():
        if name.startswith(f"{pattern}/"):
            for timed in find(name).steps:
                match timed.command:
                    case Inject(fault):
                        shown.add(fault)
                    case Crash():
                        shown.add("crash")
                    case Pause():
                        shown.add("pause")
    assert shown >= CELLS[pattern]


def filed(pattern: str, settings: str, steps: Sequence[str], until: float) -> Run:
    """Run a scenario file of these settings (``lock = "10s"``, a line each) and timed steps."""
    lines = [f'pattern = "{pattern}"', "[settings]", *settings.split("; ")]
    return ran(as_written(cell("\n".join(lines), steps)), until)


def piped(*steps: str, until: float = 80, more: str = 'lock = "30s"') -> Run:
    """Twelve items, one every three seconds, through 1 s, 3 s and 1 s."""
    return filed(PIPES, f'every = "3s"; count = 12; {more}', steps, until)


def told(*steps: str, until: float = 20, more: str = 'lock = "3s"') -> Run:
    """Forty events, two a second, to audit, billing, the EU desk and the dashboard."""
    return filed(TOPIC, f"count = 40; {more}", steps, until)


def depth(run: Run, name: str) -> int:
    return next(queue.depth for queue in run.view().queues if queue.name == name)


def count(run: Run, kind: str, queue: str = "", message: str = "") -> int:
    """Return how many such events there were."""
    return sum(e.kind == kind and queue in ("", e.queue) and message in ("", e.message)
               for e in run.events)  # fmt: skip


ALL = [f"m{n:02}" for n in range(1, 13)]


# --- pipes and filters ------------------------------------------------------------------------


def test_a_filter_that_dies_fills_its_pipe_and_then_blocks_the_one_before() -> None:
    steps = ("10.5s crash resize-1",)
    full = 'lock = "60s"; capacity = 3; overflow = "block"'
    states = []
    for t in (10.6, 22.5, 32.5):
        run = piped(*steps, until=t, more=full)
        decode = next(a.state for a in run.view().actors if a.name == "decode-1")
        states.append((depth(run, "to-decode"), decode, depth(run, "to-resize")))
    assert states == [(0, "idle", 0), (0, "blocked", 3), (3, "blocked", 3)]
    back = piped(*steps, "40s restart resize-1", until=120, more=full)
    assert sorted(published(back)) == ALL
    assert broken(back) == set()


def test_a_slow_filter_fills_the_pipe_before_it_and_starves_what_is_behind() -> None:
    run = piped("9.5s inject slow on resize-1 5", until=40)
    assert depth(run, "to-resize") == 6, "m04 has taken 15 s and m05 as well: m07 to m12 wait"
    assert (depth(run, "to-decode"), depth(run, "to-publish")) == (0, 0)
    metrics = run.metrics()
    assert (metrics["resize_in_rate"], metrics["resize_out_rate"]) == (0.2, 0.1)


def test_poison_fails_in_every_filter_until_it_is_dead_or_handed_on() -> None:
    attempts = 'lock = "30s"; max_deliveries = 3'
    run = piped("1s inject poison on m04", more=attempts)
    assert count(run, "delivered", "to-decode", "m04") == 3
    assert published(run) == [each for each in ALL if each != "m04"]
    passed = piped("1s inject poison on m04", more=f'{attempts}; on_fault = "pass-through"')
    assert count(passed, "delivered", "to-decode", "m04") == 3
    assert count(passed, "delivered", "to-resize", "m04-decode") == 1, "handed on it is no poison"
    assert published(passed) == ALL


def test_what_is_sent_twice_is_in_its_pipe_twice() -> None:
    run = piped("8.5s inject duplicate")
    assert [e.message for e in run.events if e.kind == "sent" and e.t == 9] == ["m04", "m04~2"]
    assert sorted(published(run)) == sorted([*ALL, "m04"])


def test_what_overtakes_is_taken_before_all_that_waits_in_its_pipe() -> None:
    run = piped("21.2s inject reorder", more='lock = "30s"; resize_time = "6s"')
    taken = [e.message for e in run.events if e.kind == "delivered" and e.queue == "to-resize"]
    assert [item_of(name) for name in taken][3:7] == ["m04", "m08", "m05", "m06"]
    assert broken(run) == set()


def test_what_is_lost_on_its_way_into_a_pipe_no_filter_misses() -> None:
    run = piped("12.2s inject lose-send", more='lock = "30s"; resize_time = "2s"')
    assert count(run, "completed", "to-decode", "m05") == 1, "its input is settled all the same"
    assert published(run) == [each for each in ALL if each != "m05"]
    assert broken(run) == set()


def test_a_lost_settlement_means_the_work_is_done_again() -> None:
    run = piped("12.5s inject lose-ack", more='lock = "7s"')
    again = [e.message for e in run.events if e.kind == "working" and e.delivery == 2]
    assert len(again) == 1
    assert sorted(published(run)) == sorted([*ALL, item_of(again[0])])


def test_a_lock_that_runs_out_gives_the_item_back_behind_its_holders_back() -> None:
    run = piped("10.5s inject expire-lock on m04-decode")
    assert count(run, "lock_lost", "to-resize", "m04-decode") == 1
    assert count(run, "delivered", "to-resize", "m04-decode") == 2
    assert sorted(published(run)) == sorted([*ALL, "m04"])


@pytest.mark.parametrize("fault", ["broker-down", "store-down"])
def test_while_a_filter_reaches_nothing_it_waits_with_what_it_has_done(fault: str) -> None:
    run = piped(f"10.5s inject {fault}", f"20.5s heal {fault}")
    waits = {"decode-1", "resize-1"}
    during = {e.kind for e in run.events if 10.5 < e.t < 20.5 and e.actor in waits}
    assert not during & {"sent", "completed", "abandoned"}
    times = {e.message: e.t for e in run.events if e.kind == "sent" and e.actor in waits}
    assert (times["m03-decode-resize"], times["m04-decode-resize"]) == (10, 20.5)
    assert published(run) == ALL
    assert broken(run) == set()


def test_a_burst_comes_from_a_further_source_within_a_second() -> None:
    run = piped("10.5s inject burst 20", until=200)
    came = [e.t for e in run.events if e.kind == "sent" and e.actor == "source-2"]
    assert (len(came), came[0] >= 10.5, came[-1] <= 11.5) == (20, True, True)
    assert len(published(run)) == 32


# --- publisher-subscriber ---------------------------------------------------------------------


def got(run: Run, queue: str) -> list[str]:
    """Return the events one subscription was handed for the first time, in their order."""
    return [e.message for e in run.events if e.kind == "delivered" and e.queue == queue
            and e.delivery == 1]  # fmt: skip


def log(run: Run, queue: str) -> list[tuple[float, str, str]]:
    return [(e.t, e.kind, e.message) for e in run.events if e.queue == queue
            and e.kind in ("sent", "delivered", "completed")]  # fmt: skip


@pytest.fixture(scope="module")
def calm() -> Run:
    """Return the run in which nothing befalls anybody."""
    return told()


@pytest.mark.parametrize(
    "step",
    ["crash audit-1", "pause audit-1", "inject slow on audit-1 20", "inject poison-one on audit-1",
     "inject partition on audit-1"],
)  # fmt: skip
def test_what_befalls_one_subscriber_befalls_no_other(step: str, calm: Run) -> None:
    run = told(f"4.2s {step}")
    assert log(run, "audit-1") != log(calm, "audit-1")
    for queue in EVERYBODY[1:]:
        assert log(run, queue) == log(calm, queue)


def test_poison_fails_in_every_subscriber_and_each_buries_its_own_copy(calm: Run) -> None:
    run = told("4.2s inject poison on m12", more="max_deliveries = 3")
    dead = {e.queue: e.t for e in run.events if e.kind == "dead_lettered"}
    wants = [queue for queue in EVERYBODY if "m12" in got(calm, queue)]
    assert (sorted(dead), len(wants)) == (sorted(wants), 3)
    assert count(run, "delivered", message="m12") == 9


def test_an_event_lost_on_its_way_to_the_topic_is_lost_for_all(calm: Run) -> None:
    run = told("4.2s inject lose-send")
    (lost,) = [e.message for e in run.events if e.kind == "dropped"]
    assert lost == "m10"
    for queue in EVERYBODY:
        assert got(run, queue) == [each for each in got(calm, queue) if each != lost]
    assert run.metrics()["unrouted"] == 0, "nobody was asked"


def test_a_lost_settlement_brings_one_copy_back_to_one_subscription(calm: Run) -> None:
    run = told("4.2s inject lose-ack")
    again = [(e.queue, e.message) for e in run.events if e.kind == "delivered" and e.delivery > 1]
    assert len(again) == 1
    for queue in set(EVERYBODY) - {again[0][0]}:
        assert log(run, queue) == log(calm, queue)


def test_what_is_published_twice_comes_twice_to_all_and_is_known_by_its_id(calm: Run) -> None:
    run = told("4.2s inject duplicate")
    twice = {queue for queue in EVERYBODY if "m10~2" in got(run, queue)}
    assert twice == {queue for queue in EVERYBODY if "m10" in got(calm, queue)}
    known = told("4.2s inject duplicate", more="idempotent = true")
    assert count(known, "effect_skipped") == len(twice)
    assert broken(known) == set()


def test_what_overtakes_does_so_in_every_subscription(calm: Run) -> None:
    run = told("4.2s inject reorder", more='service = "1.1s"')
    for queue in ("audit-1", "dash-1"):
        order = got(run, queue)
        assert order.index("m10") < got(calm, "audit-1").index("m10"), queue


def test_while_nobody_reaches_the_topic_publisher_and_subscribers_wait(calm: Run) -> None:
    run = told("4.2s inject broker-down", "8.2s heal broker-down", until=40)
    assert not [e for e in run.events if 4.2 < e.t < 8.2 and e.kind in ("published", "delivered")]
    for queue in EVERYBODY:
        assert got(run, queue) == got(calm, queue), "late, and all of it"


def test_who_is_cut_off_hears_nothing_and_is_not_heard(calm: Run) -> None:
    steps = ("4.2s inject partition on audit-1", "4.2s inject partition on dash-1")
    run = told(*steps, "12.2s heal partition", more='keepalive = "3s"', until=30)
    for queue in ("audit-1", "dash-1"):
        assert not [e for e in run.events if e.queue == queue and 4.2 < e.t < 12.2
                    and e.kind in ("delivered", "completed")]  # fmt: skip
    ended = [(e.t, e.message) for e in run.events if e.kind == "unsubscribed"]
    assert ended == [(7.2, "dash-1")], "given up after three seconds; a durable one is kept"
    assert got(run, "audit-1") == got(calm, "audit-1")
    assert (run.metrics()["dash_missed"] or 0) > 8


def test_a_burst_of_events_comes_from_a_further_publisher() -> None:
    run = told("4.2s inject burst 40", until=40)
    came = [e.t for e in run.events if e.kind == "published" and e.actor == "publisher-2"]
    assert (len(came), came[0] >= 4.2, came[-1] <= 5.2) == (40, True, True)
    assert (run.metrics()["audit_backlog_max"] or 0) > 20
