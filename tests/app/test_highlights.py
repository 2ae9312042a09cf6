"""A report tells what matters and stays short, however long the run."""

from __future__ import annotations

from collections.abc import Sequence

from tests.app.commandline import LATE, LEASE

from mailrail.frames import LedgerRow
from mailrail.highlights import MOST, Gap, story, summary
from mailrail.preparation import Request, prepare
from mailrail_patterns.kernel.events import Event


def events_of(
    *words: str, commands: tuple[str, ...] = (), length: str | None = None
) -> Sequence[Event]:
    run = prepare(Request(words[0], sets=words[1:], commands=commands, length=length))
    run.advance(run.duration)
    return run.events


def test_everything_that_went_wrong_is_told() -> None:
    events = events_of(LEASE)
    told = {line.n for line in story(events) if isinstance(line, LedgerRow)}
    wanted = {"crashed", "lock_expired", "lock_lost", "dead_lettered", "violated", "said"}
    assert {event.n for event in events if event.kind in wanted} <= told


def test_uneventful_stretches_are_counted() -> None:
    gaps = [line for line in story(events_of(LEASE)) if isinstance(line, Gap)]
    assert [(gap.text, gap.eventful) for gap in gaps] == [
        ("6 sent, 5 received, 4 completed", False),
        ("2 received, 4 completed", False),
    ]


def test_a_long_run_stays_short() -> None:
    for events in (
        events_of(f"{LATE}-retries"),
        events_of("competing-consumers", "every=20ms", "lock=1s", length="120s"),
    ):
        lines = story(events)
        assert len([line for line in lines if isinstance(line, LedgerRow)]) <= MOST
        assert len(lines) <= 2 * MOST + 1


def test_captions_and_faults_survive_a_flood() -> None:
    events = events_of(
        f"{LATE}-no-queue", commands=("3s inject slow 2", "4s say Look now.", "6s heal slow")
    )
    texts = [line.text for line in story(events) if isinstance(line, LedgerRow)]
    assert "Look now." in texts
    assert "fault injected: slow, 2, until healed" in texts
    assert "fault healed: slow" in texts


def test_the_first_breach_of_each_guarantee_is_told() -> None:
    lines = story(events_of(f"{LATE}-retries"))
    texts = " ".join(line.text for line in lines if isinstance(line, LedgerRow))
    assert "answered-in-time breaks" in texts
    assert "effect-once breaks" in texts


def test_lines_are_in_order_and_every_event_is_told_or_counted() -> None:
    events = events_of(LEASE)
    lines = story(events, everything=True)
    numbers = [line.n for line in lines if isinstance(line, LedgerRow)]
    assert numbers == [event.n for event in events if event.kind != "declared"]


def test_few_uneventful_events_are_not_worth_a_line() -> None:
    few = [Event(n, 1.0, "sent", "p", "q", f"m{n}") for n in range(1, 4)]
    assert summary(few) is None
    refused = [Event(1, 1.0, "rejected", "p", "q", "m1"), Event(2, 1.0, "violated", text="a: b")]
    assert summary(refused) == Gap(2, "1 refused, 1 more breach", True)
