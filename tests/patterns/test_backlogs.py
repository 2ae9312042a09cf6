"""What waits costs nothing while it waits: the work of an event does not grow with a backlog."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.scenarios import ran, scenario

from mailrail_patterns import ticketing
from mailrail_patterns.projections.lockers import Lockers


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[int]:
    """Count the calls of a function from now on."""
    calls, real = [0], getattr(owner, name)

    def counting(*args: Any) -> Any:
        calls[0] += 1
        return real(*args)

    monkeypatch.setattr(owner, name, counting)
    return calls


def test_payloads_that_wait_are_not_looked_at_for_every_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = counted(monkeypatch, Lockers, "free")
    run = ran(scenario("claim-check", every="50ms", count=600), 30)
    assert len(run.events) > 1500
    assert looks[0] < 50


def test_requests_that_wait_are_not_looked_at_for_every_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = counted(monkeypatch, ticketing, "_next")
    run = ran(scenario("asynchronous-request-reply", every="50ms", count=300), 15)
    assert len(run.events) > 1500
    assert looks[0] < 5 * len(run.events)
