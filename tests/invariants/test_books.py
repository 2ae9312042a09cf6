"""What messages share in the books of the lifecycle is not written to."""

from __future__ import annotations

import pytest

from mailrail_patterns.broker.entry import READY
from mailrail_patterns.invariants.books import UNTOUCHED, Record
from mailrail_patterns.invariants.lifecycle import Lifecycle
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

KINDS = sorted(set(Lifecycle().watches()) - {kind.SENT, kind.DECLARED})


@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
def test_what_becomes_of_one_message_says_nothing_of_another(first: str, second: str) -> None:
    rule = Lifecycle()
    handlers = rule.watches()
    for n, what in enumerate((kind.SENT, first, second), 1):
        text = "" if what == kind.COMPLETED else kind.LIMIT
        event = Event(n, float(n), what, "consumer-1", "work", "m01", 1, 0, 1, 0.0, 0.0, text)
        if n == 1 or "m01" in rule.books["work"].records:
            handlers[what](event)
    handlers[kind.SENT](Event(9, 9.0, kind.SENT, "producer-1", "work", "m02"))
    assert Record(READY) == UNTOUCHED
    assert list(rule.left_over())[-1] == ("work", "m02")
