"""Patterns in combination: one vocabulary, and nothing of one knows of the other."""

from __future__ import annotations

from tests.support.scenarios import ran

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

CONVOY = "saga/commands-in-a-convoy"


def works_of(run: Run, saga: str) -> list[Event]:
    """Return when work for a saga began at its credit service, in order."""
    return [
        event
        for event in run.events
        if event.kind == kind.WORKING and event.queue == "to-credit" and event.group == saga
    ]


def test_a_sagas_commands_travel_in_a_session_of_their_own() -> None:
    run = ran(find(CONVOY))
    accepted = [e for e in run.events if e.kind == kind.SESSION_ACCEPTED]
    assert {event.group for event in accepted} == {"m01"}
    first, second = works_of(run, "m01")
    assert (first.message, second.message) == ("m01-credit", "m01-undo-credit")
    assert second.t == first.t + 6.0


def test_without_a_session_the_undoing_overtakes_what_it_undoes() -> None:
    run = ran(find(f"{CONVOY}-competing"))
    assert not [e for e in run.events if e.kind == kind.SESSION_ACCEPTED]
    first, second = works_of(run, "m01")
    assert second.t < first.t + 6.0
    assert {first.actor, second.actor} == {"credit-1", "credit-2"}


def test_whatever_the_convoy_does_the_ledger_of_a_calm_saga_is_the_same() -> None:
    def balances(convoy: str) -> dict[tuple[str, str], str]:
        run = ran(find("saga"), 60.0, overrides={"convoy": convoy, "count": "5"})
        rows = (e for e in run.events if e.kind == kind.STATE and e.queue in run.pattern.ledgers)
        return {(event.queue, event.message): event.text for event in rows}

    assert balances("on") == balances("off")
