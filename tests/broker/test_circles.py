"""Messages that beget each other at one instant are found out; many from outside are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.kernel import agenda
from mailrail_patterns.port import Message, QueueSpec


async def passes_on(port: Any) -> None:
    """Send a message for each one received, at once."""
    receiver = port.broker.receiver("q")
    number = 0
    while (delivery := await receiver.next()) is not None:
        number += 1
        await port.broker.send("q", Message(f"{port.name}-{number}"))
        await delivery.complete()


def test_messages_that_follow_from_each_other_for_ever_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 3000)
    lab = Lab(QueueSpec("q"), sender=sends("m1"), taker=passes_on)
    lab.world.agenda.advance(1.0, limit=40_000)
    assert lab.world.agenda.stalled
    assert lab.now == 0.0


def test_a_burst_at_one_instant_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 300)
    names = [f"m{number}" for number in range(500)]
    lab = Lab(QueueSpec("q"), sender=sends(*names), taker=takes()).until(1)
    assert len(lab.times("completed")) == 500
