"""Poison is a fault of the handler: once that is mended, what it could not do can be done."""

from __future__ import annotations

import pytest

from mailrail_patterns import catalog
from mailrail_patterns.commands import Heal, Inject, Redrive, Timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ANSWERED = {"asynchronous-request-reply", "scheduler-agent-supervisor"}
"""Patterns that tell of poison, as an error or a failed row, and bury nothing to be redriven."""

MENDED = [
    name
    for name in catalog.MODULES
    for fault in catalog.pattern(name).faults
    if fault.name == "poison" and fault.lasts and name not in ANSWERED
]


def buried(run: Run) -> list[str]:
    """Return the queues that have dead letters now."""
    return [queue.name for queue in run.view().queues if queue.dead_count]


@pytest.mark.parametrize("name", MENDED)
def test_a_fix_and_a_redrive_bring_dead_letters_to_an_end(name: str) -> None:
    run = Run(find(name), commands=[Timed(0.5, Inject("poison"))])
    while not buried(run) and run.frontier < 120:
        run.advance(run.frontier + 1)
    graves = buried(run)
    assert graves
    for queue in graves:
        run.do(Redrive(queue))
    run.advance(run.frontier + 60)
    assert buried(run) == graves  # nothing was mended: round again
    run.do(Heal("poison"))
    for queue in graves:
        run.do(Redrive(queue))
    run.advance(run.frontier + 60)
    assert not buried(run)
    assert not run.view().faults


def test_one_message_is_healed_and_the_other_is_not() -> None:
    commands = [
        Timed(0.0, Inject("poison", "m02")),
        Timed(0.0, Inject("poison", "m03")),
        Timed(0.1, Heal("poison", "m03")),
    ]
    run = Run(find("competing-consumers"), commands=commands)
    run.advance(20.0)
    dead = {letter.name for queue in run.view().queues for letter in queue.dead}
    assert dead == {"m02"}
    assert [(fault.name, fault.target) for fault in run.view().faults] == [("poison", "m02")]


def test_healing_for_all_ends_what_was_injected_for_one() -> None:
    commands = [Timed(1.0, Inject("slow", "consumer-1", "9")), Timed(2.0, Heal("slow"))]
    run = Run(find("competing-consumers"), commands=commands)
    run.advance(3.0)
    assert not run.view().faults
    assert {actor.slow for actor in run.view().actors} == {1.0}
