"""A crash at every event of every bundled scenario, with the safeguards on, changes nothing.

CI tries an even selection of the events; ``pytest tests/proofs --fuzz 1`` tries all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from tests.support.safeguards import guarded_as_may_be
from tests.support.scenarios import firmly_broken

from mailrail_patterns import catalog
from mailrail_patterns.actor_names import role_of
from mailrail_patterns.commands import ANYBODY, Crash, Inject
from mailrail_patterns.items import item_of
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.orders import ERROR, TABLE
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find
from mailrail_patterns.sweeping import Trial, by_crash
from mailrail_patterns.trials import Sweep, run_of

WHOLE = bool(os.environ.get("MAILRAIL_FUZZ"))
"""Whether to crash at every event; otherwise at some, spread evenly over the run."""

ALL, MOST, LEAST, EVENTS = 1_000_000, 40, 10, 30_000
"""Crashes tried of a scenario: whole, at the most, at the least; events it may cost in between."""

AFTERWARDS = 120.0
"""Seconds that what was interrupted is given to come to an end; at least as long again."""

Ledgers = dict[tuple[str, str], str]
Applied = set[tuple[str, str]]


def longer(scenario: Scenario) -> Scenario:
    """Return the scenario with time to finish after its end."""
    afterwards = max(AFTERWARDS, scenario.duration)
    return replace(scenario, duration=scenario.duration + afterwards, expect=())


def applied(run: Run) -> Applied:
    """Return what was done to the world outside, by queue and what was sent at first."""
    return {
        (event.queue, item_of(event.message)) for event in run.events if event.kind == kind.EFFECT
    }


def given_up(run: Run) -> Iterator[str]:
    """Yield the messages that ended without their work being done, or were lost on their way."""
    for event in run.events:
        gone = event.kind == kind.DROPPED and event.text in {*kind.LEAVES, "send lost"}
        ends = (kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED, kind.REJECTED)
        if gone or event.kind in ends:
            yield item_of(event.message)


def ledgers(run: Run) -> Ledgers:
    """Return what was done in the end: of a state machine its state, of any other row its value.

    What newcomers wrote is left out: a crash that delays an event until they have come lets them
    hear of it, as it should.
    """
    newcomers = joining(run)
    found: Ledgers = {}
    for event in run.events:
        if event.kind != kind.STATE or role_of(event.actor) in newcomers:
            continue
        if event.queue in run.pattern.ledgers:
            found[event.queue, event.message] = event.group or event.text
    return found


def joining(run: Run) -> set[str]:
    """Return the roles of which nobody is there at the start."""
    spawned = [event for event in run.events if event.kind == kind.SPAWNED]
    there = {role_of(event.actor) for event in spawned if event.t == 0}
    return {role_of(event.actor) for event in spawned} - there


def strikes_by_time(scenario: Scenario) -> bool:
    """Say whether a fault strikes whoever comes then: after a crash that is somebody else."""
    faults = catalog.pattern(scenario.pattern).faults
    lasting = {fault.name for fault in faults if fault.lasts or fault.sticks}
    commands = [timed.command for timed in scenario.steps]
    return any(
        (isinstance(each, Inject) and (each.target in ("", ANYBODY) or each.fault in lasting))
        or (isinstance(each, Crash) and each.at is not None)
        for each in commands
    )


def contended(run: Run) -> bool:
    """Say whether somebody came away with nothing: who is first is decided by time as well."""
    return any(e.kind == kind.NOTED and e.text.startswith("sold-out") for e in run.events)


def gives_up(run: Run) -> bool:
    """Say whether an order was given up: how often it was tried by then is decided by time."""
    return any(e.kind == kind.STATE and e.queue == TABLE and e.group == ERROR for e in run.events)


def broken(run: Run) -> set[str]:
    """Return what must not break and did."""
    return set(firmly_broken(run))


def without_its_idea(run: Run) -> bool:
    """Say whether a scenario shows what becomes of the work where the pattern is switched off."""
    key, _, value = run.pattern.switch.partition("=")
    return dict(run.view().settings)[key] == value


def most(run: Run) -> int:
    """Return how many crashes are tried: all, or as many as a run of that length may cost."""
    return ALL if WHOLE else max(LEAST, min(MOST, EVENTS // len(run.events)))


@pytest.mark.parametrize("name", sorted(catalog.bundled()))
def test_nothing_is_lost_and_nothing_done_twice(name: str) -> None:
    scenario = longer(find(name))
    pattern = catalog.pattern(scenario.pattern)
    roles = {role.name: role.kind for role in pattern.roles}
    sweep = Sweep(scenario, guarded_as_may_be(scenario), strict=False)
    calm = run_of(sweep, Trial(scenario.seed))
    calm.advance(find(name).duration)
    trials = by_crash(calm, down=None, most=most(calm)).trials
    calm.advance(scenario.duration)
    before = broken(calm)
    comparable = not (
        without_its_idea(calm) or strikes_by_time(scenario) or contended(calm) or gives_up(calm)
    )
    for trial in trials:
        role = role_of(trial.actor)
        if roles.get(role) == "producer":
            continue  # what was due while a sender is down is never sent
        run = run_of(sweep, trial)
        run.advance(scenario.duration)
        told = [str(command) for command in trial.commands]
        assert broken(run) <= before, told
        if role in pattern.survives and comparable:
            assert ledgers(run) == ledgers(calm), told
        if not pattern.ledgers:
            missing = {item for _, item in applied(calm) - applied(run)}
            assert missing <= set(given_up(run)), told
