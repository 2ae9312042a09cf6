"""The judge of sagas sees what the decisions of an orchestrator must never lead to."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.by_hand import broken, ran

from mailrail_patterns import decisions
from mailrail_patterns.log import Saga
from mailrail_patterns.port import Port, Reaction, Row

DEMO = "saga/point-of-no-return"


def test_undoing_the_step_that_said_no_is_a_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    backward = decisions.backward

    def too_much(port: Port[Any], row: Row, saga: Saga, fact: str) -> Reaction:
        word, _, label = fact.partition(" ")
        step = label.partition("#")[0]
        if word == "declined" and step not in saga.done:
            saga = replace(saga, done=(*saga.done, step))
        return backward(port, row, saga, fact)

    assert "undo-follows-do" not in broken(ran(DEMO, 60.0))
    monkeypatch.setattr(decisions, "backward", too_much)
    assert "undo-follows-do" in broken(ran(DEMO, 60.0))
