"""The verdict of a run: which guarantees held, and which expectations were met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from .expectations import Expectation, Judgement, judge, parse_expectation
from .invariants.judge import Finding
from .kernel.events import Event
from .names import BadInput
from .projections.measures import Number
from .scenario import Scenario


class Outcome(msgspec.Struct, frozen=True):
    """The verdict of a run.

    Attributes:
        findings: Every guarantee and how it fared.
        judgements: Every expectation and whether it was met.
        expected: Names of guarantees an expectation says must break.
        held: True if every guarantee held or was expected to break, and every expectation met.
    """

    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]
    expected: frozenset[str]
    held: bool


class Measured(msgspec.Struct, frozen=True):
    """An expectation, and what it is judged by.

    Attributes:
        expectation: The expectation.
        at: When it is judged, in seconds.
        metrics: Every metric as of then.
        position: Number of the last event by then.
    """

    expectation: Expectation
    at: float
    metrics: Mapping[str, Number]
    position: int


def verdict(
    findings: Sequence[Finding], measured: Sequence[Measured], events: Sequence[Event]
) -> Outcome:
    """Return how guarantees and expectations fared; a guarantee may be expected to break."""
    held = {finding.guarantee.name: finding.holds for finding in findings}
    judgements = tuple(
        judge(each.expectation, each.at, each.metrics, held, events[: each.position])
        for each in measured
    )
    breaks = (each.expectation for each in measured if each.expectation.comparison == "breaks")
    expected = frozenset(expectation.name for expectation in breaks)
    good = all(held[name] or name in expected for name in held)
    met = all(judgement.holds for judgement in judgements)
    return Outcome(tuple(findings), judgements, expected, good and met)


def expected_of(
    scenario: Scenario, metrics: Iterable[str], guarantees: Iterable[str]
) -> Iterator[Expectation]:
    """Yield what a scenario expects.

    Raises:
        BadInput: If one of its expectations cannot be read; names it.
    """
    for index, text in enumerate(scenario.expect):
        try:
            yield parse_expectation(text, metrics, guarantees)
        except BadInput as problem:
            raise problem.inside(f"{scenario.name}: expect[{index}]") from None
