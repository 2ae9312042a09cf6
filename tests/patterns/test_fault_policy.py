"""What a filter does with an item it cannot handle: bury it, hand it on, or halt."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.fault_policy import UNFILTERED, hands_on
from mailrail_patterns.items import item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message, Outgoing, Reaction
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

BASE = "pipes-and-filters/moving-bottleneck"
POISON = "6s inject poison on m05-decode"
LIMIT = {"max_deliveries": "3"}


def states(run: Run) -> dict[str, str]:
    return {actor.name: actor.state for actor in run.view().actors}


def halts(run: Run) -> list[tuple[float, str]]:
    return [(event.t, event.actor) for event in run.events if event.kind == "halted"]


def published(run: Run) -> list[str]:
    return sorted(item_of(event.message) for event in run.events if event.kind == "effect")


@pytest.mark.parametrize("policy", ["dead-letter", "pass-through", "fail"])
def test_without_a_fault_the_policies_do_not_differ(policy: str) -> None:
    run, plain = ran(BASE, 70, on_fault=policy), ran(BASE, 70)
    assert [(e.t, e.kind, e.actor, e.message) for e in run.events] == [
        (e.t, e.kind, e.actor, e.message) for e in plain.events
    ]


def test_what_is_passed_through_carries_the_filters_it_lacks() -> None:
    def react(port: Any, message: Message, own: Any) -> Reaction:
        return Reaction(sends=(Outgoing("to-next", message),), effect=False)

    item: Any = Message("m05", poison=True, headers=(("tenant", "a"),))
    for stage in ("resize", "watermark"):
        reaction = hands_on(stage, react)(cast(Any, None), item, cast(Any, None))
        (sent,) = reaction.sends
        item = sent.message
    assert item.headers == (("tenant", "a"), (UNFILTERED, "resize,watermark"))
    assert not item.poison


def test_two_filters_that_pass_an_item_through_are_both_named() -> None:
    run = ran(
        BASE, 40, "0s inject poison on m05", "9s inject poison on m05-decode",
        on_fault="pass-through", max_deliveries="1",
    )  # fmt: skip
    notes = [event for event in run.events if event.text.startswith("passed-through")]
    assert [event.actor for event in notes] == ["decode-1", "resize-1"]
    assert run.metrics()["passed_through"] == 1
    assert run.metrics()["items_out"] == 12


def test_what_the_last_filter_cannot_handle_is_not_passed_through() -> None:
    run = ran(
        BASE, 120, "17s inject poison on m05-decode-resize",
        on_fault="pass-through", publish_time="4s", **LIMIT,
    )  # fmt: skip
    metrics = run.metrics()
    assert (metrics["items_out"], metrics["dead_lettered"]) == (19, 1)
    assert metrics["passed_through"] == 0


def test_poison_halts_one_instance_after_the_other() -> None:
    run = ran(BASE, 60, POISON, on_fault="fail", resizers="2", **LIMIT)
    assert halts(run) == [(16, "resize-1"), (20, "resize-2")]
    assert {states(run)[name] for name in ("resize-1", "resize-2")} == {"halted"}
    assert run.metrics()["halted"] == 2
    assert broken(run) == set()


def test_no_supervisor_restarts_a_filter_that_has_halted() -> None:
    run = ran(BASE, 90, POISON, on_fault="fail", restart_after="1s", **LIMIT)
    assert halts(run) == [(22, "resize-1")]
    assert "restarted" not in {event.kind for event in run.events}


def test_a_filter_that_is_restarted_goes_on_from_its_pipe_and_nothing_is_lost() -> None:
    run = ran(
        BASE, 120, POISON, "30s set on_fault=dead-letter", "30s restart resize-1",
        on_fault="fail", **LIMIT,
    )  # fmt: skip
    assert published(run) == [f"m{n:02}" for n in range(1, 21) if n != 5]
    assert run.metrics()["dead_lettered"] == 1
    assert states(run)["resize-1"] == "idle"
    assert broken(run) == set()


def test_a_retrying_handler_halts_after_its_own_attempts() -> None:
    run = ran(BASE, 60, POISON, on_fault="fail", immediate_retries="1")
    assert halts(run) == [(19, "resize-1")]


def test_the_monolith_halts_as_well() -> None:
    run = ran(BASE, 60, "0s inject poison on m02", on_fault="fail", split="off", **LIMIT)
    assert halts(run) == [(20, "monolith-1")]
    assert broken(run) == set()


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
@pytest.mark.parametrize("policy", ["pass-through", "fail"])
def test_a_crash_meanwhile_loses_nothing(policy: str, point: str) -> None:
    steps = (
        POISON, f"19.5s crash resize-1 at {point}", "60s set on_fault=pass-through",
        "61s restart resize-1",
    )  # fmt: skip
    given = {"on_fault": policy, "max_deliveries": "6", "lock": "5s", "restart_after": "1s"}
    run = Run(
        find(BASE),
        overrides={**given, "idempotent": "on"},
        commands=[parse_timed(step) for step in steps],
    )
    run.advance(300)
    metrics = run.metrics()
    assert (metrics["items_out"] or 0) + (metrics["dead_lettered"] or 0) == 20
    assert broken(run) == set()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"on_fault": "fail", "max_deliveries": "0"}, "set max_deliveries"),
        ({"on_fault": "pass-through", "max_deliveries": "0"}, "set max_deliveries"),
        ({"on_fault": "fail", "mode": "receive-and-delete"}, "set mode=peek-lock"),
    ],
)
def test_a_policy_that_could_not_be_kept_is_refused(given: dict[str, str], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(find(BASE), overrides=given)
