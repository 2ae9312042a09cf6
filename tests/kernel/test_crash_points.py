"""The named places where a handler can die, and what each leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.scenarios import CONSUMING, broken, ran, scenario

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ONE: dict[str, Any] = {"consumers": 1, "count": 1, "service": "1s", "lock": "5s"}
LEFT = {
    "K1": ("before-effect", 0, 0, 0),  # nothing received
    "K2": ("before-effect", 1, 0, 0),  # locked, nothing done
    "K3": ("after-effect", 1, 1, 0),  # zombie record: the effect is there, nobody was told
    "K4": ("before-effect", 1, 0, 1),  # ghost message: told of what never was
    "K5": ("after-effect", 1, 1, 1),  # done and told, not acknowledged
    "K6": ("after-effect", 1, 1, 1),  # all done
}


def crashed_at(point: str, who: str = "consumer-1", **more: Any) -> Run:
    """Return a run whose consumer dies at a point while it handles the only message."""
    publish = LEFT[point][0]
    late = '[[producers]]\nstart = "1s"\ncount = 1\nevery = "1s"'
    settings = {**ONE, "publish": publish, **more}
    return ran(scenario(CONSUMING, f"0s crash {who} at {point}", text=late, **settings), 4)


@pytest.mark.parametrize("point", LEFT)
def test_what_a_crash_leaves_behind(point: str) -> None:
    run = crashed_at(point)  # the loop has passed K1 once already: it strikes after m01
    _, delivered, effects, published = LEFT[point]
    counts = [
        sum(e.kind == "delivered" for e in run.events),
        sum(e.kind == "effect" for e in run.events),
        sum(e.kind == "sent" and e.queue == "results" for e in run.events),
    ]
    completed = sum(e.kind == "completed" for e in run.events)
    expected = [1, 1, 1] if point == "K1" else [delivered, effects, published]
    (death,) = [e for e in run.events if e.kind == "crashed"]
    assert counts == expected
    assert completed == (1 if point in {"K1", "K6"} else 0)
    assert death.text.startswith(point)


@pytest.mark.parametrize("point", ["K2", "K3", "K5", "K6"])
def test_any_strikes_exactly_one(point: str) -> None:
    run = ran(
        scenario(CONSUMING, f"0s crash any at {point}", consumers=4, every="100ms", service="1s"),
        10,
    )
    assert sum(e.kind == "crashed" for e in run.events) == 1


def test_a_named_point_spares_the_others() -> None:
    run = ran(scenario(CONSUMING, "0s crash consumer-2 at K5", consumers=3, every="300ms"), 20)
    assert [e.actor for e in run.events if e.kind == "crashed"] == ["consumer-2"]


def test_an_inbox_mends_k5() -> None:
    without = ran(scenario(CONSUMING, "0s crash any at K5", **ONE, restart_after="1s"), 30)
    mended = ran(
        scenario(CONSUMING, "0s crash any at K5", **ONE, restart_after="1s", idempotent=True), 30
    )
    assert without.metrics()["effects"] == 2
    assert "effect-once" in broken(without)
    assert mended.metrics()["effects"] == 1
    assert mended.metrics()["completed"] == 1
    assert broken(mended) == {}


def test_a_crash_disarms_what_was_armed() -> None:
    """The picture says that nothing is armed after a crash, so nothing may strike later."""
    run = ran(
        scenario(
            CONSUMING, "0s crash consumer-1 at K5", "0.1s crash consumer-1",
            "1s restart consumer-1", **{**ONE, "count": 3},
        ),
        40,
    )  # fmt: skip
    assert sum(e.kind == "crashed" for e in run.events) == 1


def test_a_supervisor_restarts_after_its_delay_and_not_before() -> None:
    run = ran(
        scenario(
            CONSUMING, "1s crash consumer-1", "2s restart consumer-1", "3s crash consumer-1",
            consumers=1, restart_after="5s",
        ),
        20,
    )  # fmt: skip
    assert [e.t for e in run.events if e.kind == "restarted"] == [2, 8]


@pytest.mark.parametrize(
    ("name", "command", "why"),
    [
        ("saga", "1s crash stock-1 at K4", "sends nothing before its change is committed"),
        ("saga", "1s crash any at K4", "anybody here: it sends nothing"),
        ("saga", "1s inject fail at K4 of stock-1", "is not passed by stock-1"),
        ("saga", "1s crash client-1 at K1", "asks for no messages; try a crash at once"),
        ("claim-check", "1s crash sender-1 at K4", "sends nothing before .* try K3"),
        ("scheduler-agent-supervisor", "1s crash supervisor-1 at K5", "has no message .* K3 or K4"),
    ],
)
def test_a_point_that_is_never_passed_is_refused_with_the_reason(
    name: str, command: str, why: str
) -> None:
    timed = parse_timed(command)
    with pytest.raises(BadInput, match=why):
        Run(find(name), commands=[timed])
    run = Run(find(name))
    run.advance(timed.at)
    with pytest.raises(BadInput, match=why):
        run.do(timed.command)
    assert run.view().armed == ()


def test_a_setting_can_make_a_point_be_passed() -> None:
    run = Run(find("claim-check"), overrides={"put_first": "off"})
    run.advance(1.0)
    run.do(parse_timed("1s crash sender-1 at K4").command)
    run.do(parse_timed("1s set put_first=on").command)
    with pytest.raises(BadInput, match="try K3"):
        run.do(parse_timed("1s crash sender-1 at K4").command)


@pytest.mark.parametrize(
    ("name", "command", "flags"),
    [
        ("claim-check", "1s crash sender-1 at K4", "put_first=off"),
        ("choreography", "1s crash order-1 at K4", "outbox=off publish_first=on"),
        ("saga", "1s crash orchestrator-1 at K4", "intent_first=off"),
    ],
)
def test_the_refusal_names_the_flags_with_which_the_point_is_passed(
    name: str, command: str, flags: str
) -> None:
    with pytest.raises(BadInput, match=f", or set {flags}$"):
        Run(find(name), commands=[parse_timed(command)])
    turned = dict(flag.split("=") for flag in flags.split())
    run = Run(find(name), overrides=turned, commands=[parse_timed(command)])
    run.advance(1.0)
    (armed,) = run.view().armed
    assert armed.point.startswith("K4")


def test_a_step_of_a_scenario_for_which_other_settings_leave_no_point_is_told_and_ignored() -> None:
    run = Run(find("choreography/ghost-payment"), overrides={"outbox": "on"})
    run.advance(30.0)
    ignored = [e.text for e in run.events if e.kind == "ignored"]
    assert any("K4 after-publish is not passed by payment-1" in text for text in ignored)
    assert run.metrics()["crashes"] == 0
