"""With and without: the same arrivals, a pattern's idea taken away, and what gets worse."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken

from mailrail.comparison import Comparison
from mailrail.twins import twin_of
from mailrail_patterns import catalog
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find


def arrivals(run: Run) -> dict[str, float]:
    """Return when each message was first sent by a producer; what answers it counts as it."""
    producers = {a.name for a in run.view().actors if a.kind == "producer"}
    found: dict[str, float] = {}
    for event in run.events:
        if event.actor in producers and event.kind in ("sent", "rejected", "published", "unrouted"):
            found.setdefault(event.message.split("-")[0].partition("~")[0], event.t)
    return found


def worsened(scenario: Scenario, switch: str) -> set[str]:
    """Return the metrics and guarantees that are worse in the twin without the idea."""
    key, _, value = switch.partition("=")
    left = Run(scenario)
    right = twin_of(left, {key: value})
    left.advance(left.duration)
    right.advance(left.duration)
    here, there = arrivals(left), arrivals(right)
    both = [name for name in here if name in there][:5]
    assert both
    assert [here[name] for name in both] == [there[name] for name in both]
    worse = {row.name for row in Comparison(left, right).differences() if row.better < 0}
    return worse | (broken(right) - broken(left))


@pytest.mark.parametrize("name", catalog.MODULES)
def test_something_visibly_gets_worse(name: str) -> None:
    switch = catalog.pattern(name).switch
    demo, plain = find(catalog.demo(name)), find(name)
    assert worsened(demo, switch) | worsened(plain, switch)


def test_what_is_done_to_who_is_not_there_is_left_out() -> None:
    left = Run(find("competing-consumers/the-lock-is-a-lease"))
    right = twin_of(left, {"consumers": "1"})
    steps = [str(timed.command) for timed in right.scenario.steps]
    assert not any("consumer-2" in step and "Crash" in step for step in steps)
    assert len(steps) < len(left.scenario.steps)
