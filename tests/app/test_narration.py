"""Every event is told, in words a person would use."""

from __future__ import annotations

import pytest
from tests.app.commandline import LEASE

from mailrail.narration import clock, mark, narrate, places, readable, seconds
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

TONES = {"plain", "good", "warn", "bad", "note"}


def event(what: str, **more: object) -> Event:
    return Event(7, 12.0, what, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", list(kind.KINDS))
def test_every_kind_is_told_or_deliberately_not(what: str) -> None:
    row = narrate(event(what, actor="consumer-2", queue="work", message="m08", text="x: y"))
    if what == kind.DECLARED:
        assert row is None
    else:
        assert row is not None
        assert row.tone in TONES
        assert row.text
        assert "{" not in row.text
        assert (row.n, row.t, row.kind) == (7, 12.0, what)


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            event("sent", actor="publisher-1", queue="audit", message="m08", text="orders"),
            "audit gets a copy of m08",
        ),
        (
            event("sent", queue="audit", message="m08", text="orders"),
            "audit gets a copy of m08 from the log",
        ),
        (
            event(
                "unsubscribed", actor="dash-1", queue="orders", message="dash", text="no heartbeat"
            ),
            "the subscription dash to orders ends: no heartbeat",
        ),
        (
            event("dropped", queue="dash", message="m08", text="SubscriptionEnded"),
            "m08 is lost with the subscription dash",
        ),
        (
            event("rejected", actor="p", queue="dash", message="m08", text="slow consumer"),
            "dash refuses m08 from p: it is full, and its subscriber is cut off",
        ),
        (
            event("blocked", actor="decode-1", queue="to-resize", message="m08-decode"),
            "decode-1 has to wait with m08-decode: to-resize is full",
        ),
        (
            event("dropped", actor="resize-1", queue="to-publish", message="m9", text="duplicate"),
            "to-publish has had m9 before and drops resize-1's second copy",
        ),
        (
            event("delivered", actor="consumer-2", message="m08", delivery=1, until=17.5),
            "consumer-2 receives m08 (#1), lock until 17.5 s",
        ),
        (
            event("delivered", actor="consumer-2", message="m08", delivery=1),
            "consumer-2 receives m08 (#1), deleted on receipt",
        ),
        (event("sent", actor="sender-1", message="m07", group="low"), "sender-1 sends m07 (low)"),
        (
            event(
                "delivered", actor="worker-1", message="m07", delivery=1, until=30.0, group="low"
            ),
            "worker-1 receives m07 (low, #1), lock until 30 s",
        ),
        (
            event("working", actor="worker-1", message="m07", value=1.5, group="low"),
            "worker-1 works on m07 (low): 1.5 s to do",
        ),
        (
            event("lock_expired", message="m08", delivery=1, text="consumer-2"),
            "lock on m08 runs out: consumer-2 did not settle it in time (#1)",
        ),
        (
            event("lock_lost", actor="consumer-1", message="m10", delivery=2),
            "consumer-1 settles m10 (#2) too late: lock lost, nothing changes",
        ),
        (
            event("dead_lettered", message="m07", delivery=3, text="MaxDeliveryCountExceeded"),
            "m07 goes to the dead-letter queue: MaxDeliveryCountExceeded after 3 deliveries",
        ),
        (
            event("dead_lettered", message="m07", delivery=1, text="MaxDeliveryCountExceeded"),
            "m07 goes to the dead-letter queue: MaxDeliveryCountExceeded after 1 delivery",
        ),
        (
            event("dead_lettered", message="m07", text="TTLExpired"),
            "m07 goes to the dead-letter queue: TTLExpired",
        ),
        (
            event("sent", actor="producer-1", message="m01", until=20.0),
            "producer-1 sends m01, scheduled for 20 s",
        ),
        (
            event("dropped", actor="consumer-1", message="m03", text="acknowledgement lost"),
            "consumer-1's word on m03 is lost on its way to the broker",
        ),
        (
            event("rejected", actor="client-1", queue="work", message="m03", text="QueueFull"),
            "work refuses m03 from client-1: the queue is full",
        ),
        (
            event("crashed", actor="consumer-2", text="K5 before-ack"),
            "consumer-2 crashes at K5 before-ack: no cleanup, no lock released",
        ),
        (
            event("injected", actor="consumer-2", message="slow", text="3", token=1),
            "fault injected: slow on consumer-2, 3, until healed",
        ),
        (
            event("violated", message="m10", text="effect-once: m10 was applied again"),
            "effect-once breaks: m10 was applied again",
        ),
        (
            event("completed", actor="a", message="m", text="late, held by b"),
            "a completes m too late: b works on it, and the broker lets that count",
        ),
        (
            event("completed", actor="a", message="m", text="late, ready again"),
            "a completes m too late: it was ready again, and the broker lets that count",
        ),
        (
            event("abandoned", actor="a", message="m", delivery=7, text="uncounted"),
            "a gives m back (#7), not done; this does not count",
        ),
        (
            event("lock_expired", message="m", delivery=1, text="a", value=1.0),
            "a's connection is gone: m comes back (#1)",
        ),
        (
            event(
                "lock_lost", actor="a", message="m", delivery=1, text="answered as if it counted"
            ),
            "a settles m (#1) too late: answered as if it counted, nothing changes",
        ),
        (
            event("shelved", message="m", delivery=5, text="Archived"),
            "m is archived, after 5 deliveries: it is delivered no more",
        ),
        (
            event("shelved", message="m", delivery=3, text="MaxDeliveriesAdvisory"),
            "m stays in the stream and is delivered no more, after 3 deliveries: "
            "MaxDeliveriesAdvisory",
        ),
        (
            event("shelved", actor="a", message="m", delivery=1, text="Terminated: why"),
            "m stays in the stream and is delivered no more, a rejects it (why): Terminated",
        ),
        (
            event("dropped", queue="q", message="m", delivery=21, text="DeliveryLimit"),
            "q drops m (#21): delivery limit, no dead letters",
        ),
        (
            event("dropped", actor="a", queue="q", message="m", text="Rejected"),
            "a rejects m, and q drops it: no dead letters",
        ),
        (
            event("dropped", queue="q", message="m", text="Retention"),
            "dead letter m is forgotten: it was kept long enough",
        ),
        (event("armed", text="K5 before-ack"), "whoever passes first will crash at K5 before-ack"),
    ],
)
def test_the_sentences(told: Event, text: str) -> None:
    row = narrate(told)
    assert row is not None
    assert row.text == text


def test_a_redelivery_stands_out() -> None:
    again = narrate(event("delivered", actor="c", message="m", delivery=2, until=1.0))
    assert again is not None
    assert again.tone == "warn"


def test_a_setting_or_a_fault_is_not_taken_for_a_message() -> None:
    changed = narrate(event("changed", message="lock", text="9s"))
    fault = narrate(event("injected", message="poison", group="m07"))
    assert changed is not None
    assert fault is not None
    assert (changed.message, fault.message) == ("", "m07")


def test_text_from_outside_cannot_drive_a_terminal() -> None:
    row = narrate(event("said", text="\x1b[2Jgone\x07\nnext \u202eeslaf"))
    assert row is not None
    assert row.text == "[2Jgone next eslaf"
    assert readable("tab\there") == "tab here"


@pytest.mark.parametrize(
    ("what", "sort"),
    [
        ("crashed", "fault"),
        ("injected", "fault"),
        ("armed", "fault"),
        ("healed", "heal"),
        ("restarted", "heal"),
        ("resumed", "heal"),
        ("changed", "command"),
        ("stopping", "command"),
        ("violated", "violation"),
        ("said", "caption"),
        ("waited", "caption"),
        ("dead_lettered", "dead"),
        ("shelved", "dead"),
        ("spawned", "command"),
    ],
)
def test_marks(what: str, sort: str) -> None:
    found = mark(event(what, actor="a", message="m", text="x: y"))
    assert found is not None
    assert (found.kind, found.n, found.t) == (sort, 7, 12.0)


def test_the_cast_leaves_no_mark() -> None:
    assert mark(Event(1, 0.0, "spawned", "consumer-1")) is None
    assert mark(event("delivered", actor="a")) is None


def test_times() -> None:
    assert [clock(t) for t in (0.0, 12.0, 8.25, 1 / 3)] == ["0.0 s", "12.0 s", "8.25 s", "0.333 s"]
    assert clock(8.25, 3) == "8.250 s"
    assert [seconds(t) for t in (0.0, 12.0, 8.25, 1 / 3)] == ["0 s", "12 s", "8.25 s", "0.333 s"]
    assert [places(ts) for ts in ([], [1.0, 2.5], [1.25], [1 / 3])] == [1, 1, 2, 3]


def test_a_whole_run_is_told_without_a_hole() -> None:
    run = Run(find(LEASE))
    run.advance(run.duration)
    rows = [narrate(each) for each in run.events]
    assert sum(row is None for row in rows) == 1
    marks = [found.kind for each in run.events if (found := mark(each))]
    assert (marks.count("dead"), marks.count("violation"), marks.count("fault")) == (2, 4, 1)
