"""Tickets made of the store's own events: what they save, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest
from tests.patterns.test_claim_check import CLAIM
from tests.support.by_hand import broken, ran

from mailrail_patterns.claim_check import Settings, check
from mailrail_patterns.names import BadInput
from mailrail_patterns.projections.lockers import LIVE
from mailrail_patterns.queue_settings import Tokens

AUTOMATIC = {"tokens": "automatic", "count": "3"}


def test_a_sender_that_dies_after_the_put_has_done_enough() -> None:
    run = ran(CLAIM, 45, "0.5s crash sender-1 at K3", **AUTOMATIC)
    assert run.metrics()["effects"] == 2
    assert run.metrics()["swept"] == 0
    assert broken(run) == set()


def test_an_event_that_waits_keeps_its_payload() -> None:
    run = ran(CLAIM, 45, "0.5s crash notifier-1", **AUTOMATIC, grace="1s", sweep_every="2s")
    assert run.metrics()["orphans"] == 0
    scene: Any = run.view().scene
    states = [locker.state for locker in scene.lockers]
    assert states == [LIVE, LIVE]
    assert run.metrics()["effects"] == 1
    assert broken(run) <= {"drains"}


def test_a_notifier_that_dies_before_it_settles_makes_a_second_ticket() -> None:
    died = ("0.5s crash notifier-1 at K5", "3s restart notifier-1")
    run = ran(CLAIM, 60, *died, **AUTOMATIC)
    assert [e.t for e in run.events if e.kind == "sent" and e.queue == "receiving"][-1] == 11.0
    assert (run.metrics()["effects"], run.metrics()["effects_skipped"]) == (3, 1)
    assert broken(run) == set()
    twice = ran(CLAIM, 60, *died, **AUTOMATIC, idempotent="off", cleanup="sweeper-only")
    assert twice.metrics()["effects"] == 4
    assert broken(twice) == {"effect-once"}


def test_a_forged_or_altered_payload_is_seen_behind_an_event_too() -> None:
    run = ran(CLAIM, 45, "0.5s inject tamper", "1.5s inject forged-ticket", **AUTOMATIC)
    dead = [(e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [("m02", "PayloadChanged"), ("m03", "PayloadForbidden")]
    assert broken(run) == set()


def test_it_can_be_switched_while_a_run_goes_on() -> None:
    run = ran(CLAIM, 30, "1.5s set tokens=automatic", "3.5s set tokens=manual", count="5")
    events = [e.message for e in run.events if e.kind == "sent" and e.queue == "created"]
    assert events == ["m03", "m04"]
    assert run.metrics()["effects"] == 5
    assert broken(run) == set()


@pytest.mark.parametrize(("other", "value"), [("put_first", False), ("both", True)])
def test_an_event_of_the_store_comes_after_the_payload_and_without_it(
    other: str, value: bool
) -> None:
    with pytest.raises(BadInput, match=f"{other}: "):
        check(Settings(tokens=Tokens.AUTOMATIC, **{other: value}))  # type: ignore[arg-type]
