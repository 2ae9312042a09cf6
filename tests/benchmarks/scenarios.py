"""The runs of ours that are measured."""

from __future__ import annotations

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, Scenario, build

SEND_EVERY = 0.25


def competing(messages: int, **settings: object) -> Scenario:
    """Return competing consumers as the peers model them: one producer, four consumers.

    Args:
        messages: How many are sent; 0: no end.
        settings: What differs.
    """
    document = Document(
        pattern="competing-consumers",
        duration=1_000_000,
        settings={
            "every": "250ms", "service": "1s", "lock": "30s", "consumers": 4, "count": messages,
            "max_deliveries": 10, **settings,
        },
    )  # fmt: skip
    return build(document, "benchmark")


def play(messages: int) -> Run:
    """Play until everything is done; nothing is judged at the end yet."""
    run = Run(competing(messages))
    run.advance(messages * SEND_EVERY + 60.0)
    return run


def judged(messages: int) -> Run:
    """Play until everything is done, and judge; metrics are not read, as the peers have none."""
    run = play(messages)
    if not all(finding.holds for finding in run.findings()) or len(run.events) < 5 * messages:
        raise RuntimeError("the run is not what it should be")
    return run
