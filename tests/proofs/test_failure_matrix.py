"""The failure matrix: every failure that matters to a pattern can be brought about, in any file."""

from __future__ import annotations

import pytest
from tests.support.cells import MATRIX

from mailrail_patterns import catalog
from mailrail_patterns.commands import Inject, Timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ANSWERS = {
    "poison": {"poison"},
    "lost": {"lose-send", "lose-ack", "lose-response", "lose-reply"},
    "duplicate": {"duplicate", "duplicate-reply"},
    "reorder": {"reorder"},
    "down": {"broker-down", "store-down"},
    "lock": {"expire-lock", "expire-claim"},
    "burst": {"burst", "storm", "hot-group"},
    "skew": {"clock-skew"},
    "partition": {"partition", "cut-off"},
}
"""Which faults bring a failure about. Crashing and hanging are commands of every pattern."""


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_failure_of_the_row_can_be_injected(name: str) -> None:
    offered = {fault.name for fault in catalog.pattern(name).faults}
    missing = [column for column in MATRIX[name].split() if not ANSWERS[column] & offered]
    assert not missing


NEEDS = {
    ("sequential-convoy", "rebalance"): {"partitions": "2", "rebalance": "eager"},
    ("choreography", "compensation-fails"): {"refuses": "shipping"},
}
"""What has to be set for a fault to have an occasion in the first ten seconds."""


def story(name: str, settings: dict[str, str], *commands: Timed) -> list[tuple[object, ...]]:
    """Return what happens in ten seconds, but for the word that a fault was injected."""
    run = Run(find(name), overrides=settings, commands=commands)
    run.advance(10.0)
    return [
        (e.t, e.kind, e.actor, e.queue, e.message, e.delivery, e.text, e.group)
        for e in run.events
        if e.kind not in ("injected", "ignored")
    ]


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_fault_can_be_planned_and_something_comes_of_it(name: str) -> None:
    usual = story(name, {})
    for fault in catalog.pattern(name).faults:
        at = 2.6 if fault.name != "expire-lock" else 0.0
        needs = NEEDS.get((name, fault.name), {})
        without = story(name, needs) if needs else usual
        assert story(name, needs, Timed(at, Inject(fault.name))) != without, fault.name


def test_slowness_is_a_fault_wherever_somebody_works() -> None:
    for name in catalog.MODULES:
        faults = {fault.name for fault in catalog.pattern(name).faults}
        assert faults & {"slow", "unavailable"}, name
