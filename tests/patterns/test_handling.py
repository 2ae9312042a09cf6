"""What a role decides about the shared handler, and the crash points that follow from it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.scenarios import CONSUMING, ran, scenario

from mailrail_patterns import catalog
from mailrail_patterns.commands import CrashPoint
from mailrail_patterns.handling import EFFECT, Change, has_outbox, publishes_first

SETTINGS = catalog.pattern("choreography").settings
TELLS = Change[Any](publish_first=publishes_first, outbox=has_outbox)


@pytest.mark.parametrize(
    ("first", "outbox", "caught"),
    [(False, False, False), (True, False, True), (True, True, False), (False, True, False)],
)
def test_only_who_sends_before_it_commits_can_be_caught_in_between(
    first: bool, outbox: bool, caught: bool
) -> None:
    settings = SETTINGS(publish_first=first, outbox=outbox)
    assert TELLS.sends_first(settings) is caught
    assert (CrashPoint.K4 in TELLS.points(settings)) is caught
    assert CrashPoint.K3 in TELLS.points(settings)


def test_who_has_no_reaction_passes_what_every_handler_passes() -> None:
    settings = SETTINGS()
    assert EFFECT.points(settings) == tuple(p for p in CrashPoint if p is not CrashPoint.K4)


@pytest.mark.parametrize("outbox", ["off", "on"])
def test_a_declared_point_is_one_that_is_passed(outbox: str) -> None:
    run = ran(scenario(CONSUMING, count=1, publish="before-effect", outbox=outbox), 0)
    assert (CrashPoint.K4 in run.points("consumer-1")) is (outbox == "off")
    run.advance(60)
    kinds = [event.kind for event in run.events if event.actor == "consumer-1"]
    assert (kinds.index("sent") < kinds.index("effect")) is (outbox == "off")
