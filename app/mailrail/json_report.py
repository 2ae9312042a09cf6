"""A run as data: the object of ``run --json``, and events one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.verdict import Outcome

from . import __version__

SCHEMA: Final = 1
"""Version of the object's layout; grows when a key changes its meaning."""

_LINES: Final = 4096


class First(msgspec.Struct, frozen=True):
    """The first breach of a guarantee.

    Attributes:
        event: Number of the event that broke it; 0 if it showed only at the end.
        time: When, in seconds.
        because: The events that led there, oldest first.
    """

    event: int
    time: float
    because: tuple[Event, ...]


class Invariant(msgspec.Struct, frozen=True):
    """How a guarantee fared."""

    name: str
    holds: bool
    violations: int
    first: First | None


class Expected(msgspec.Struct, frozen=True):
    """How an expectation fared; ``at`` in seconds."""

    expect: str
    at: float
    measured: float | int | str | None
    holds: bool


class Summary(msgspec.Struct, frozen=True):
    """The object of ``run --json``; times in seconds of virtual time."""

    schema: int
    version: str
    pattern: str
    scenario: str
    seed: int
    duration: float
    events: int
    digest: str
    settings: dict[str, Any]
    metrics: dict[str, float | int | None]
    invariants: tuple[Invariant, ...]
    expectations: tuple[Expected, ...]


def summary(run: Run, outcome: Outcome) -> Summary:
    """Return everything about a finished run."""
    return Summary(
        schema=SCHEMA,
        version=__version__,
        pattern=run.pattern.name,
        scenario=run.scenario.name,
        seed=run.seed,
        duration=run.duration,
        events=len(run.events),
        digest=run.digest(),
        settings=run.settings(),
        metrics=run.metrics(),
        invariants=tuple(_invariant(run.events, finding) for finding in outcome.findings),
        expectations=tuple(
            Expected(j.expect, j.at, j.measured, j.holds) for j in outcome.judgements
        ),
    )


def _invariant(events: Sequence[Event], finding: Finding) -> Invariant:
    first = finding.first
    told = None
    if first is not None:
        told = First(first.event, first.time, tuple(events[n - 1] for n in finding.because))
    return Invariant(finding.guarantee.name, finding.holds, finding.violations, told)


def encoded(value: object) -> bytes:
    """Return a value as indented JSON with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def event_lines(events: Sequence[Event]) -> Iterator[bytes]:
    """Yield the events as JSON, one object a line, some thousand lines at a time."""
    encode = msgspec.json.Encoder().encode_lines
    for start in range(0, len(events), _LINES):
        yield encode(events[start : start + _LINES])
