"""Faults that wait for somebody to pass a crash point: who meets them, once, and what follows."""

from __future__ import annotations

import pytest
from tests.support.broker_state import assert_folds_match
from tests.support.by_hand import driven, ran
from tests.support.scenarios import CONSUMING, scenario

from mailrail_patterns import catalog
from mailrail_patterns.commands import Timed, parse_command, parse_timed
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SPARE = "competing-consumers"


def of_kind(run: Run, *kinds: str) -> list[Event]:
    return [event for event in run.events if event.kind in kinds]


def met(run: Run) -> list[Event]:
    """Return what struck at a crash point."""
    return [event for event in of_kind(run, "struck") if event.text]


def armed(run: Run) -> list[tuple[str, str, str, str]]:
    return [(each.name, each.target, each.passer, each.point) for each in run.view().armed]


def test_the_one_who_was_named_meets_it_and_only_once() -> None:
    run = ran(SPARE, 30, "1s inject lose-ack at K5 of consumer-2")
    struck, lost_its_ack = of_kind(run, "struck")
    assert (struck.actor, struck.message, struck.text) == (
        "consumer-2",
        "lose-ack",
        "K5 before-ack",
    )
    (injected,) = of_kind(run, "injected")
    assert injected.cause == struck.n
    assert (lost_its_ack.actor, lost_its_ack.token) == ("consumer-2", injected.n)
    (lost,) = of_kind(run, "dropped")
    assert (lost.actor, lost.text, lost.t) == ("consumer-2", "acknowledgement lost", struck.t)
    assert (run.view().armed, run.view().pending) == ((), ())


def test_until_then_it_waits_and_is_seen_to_wait() -> None:
    run = ran(SPARE, 1, "1s inject lose-ack at K5 of consumer-2", "1s inject slow on any 3 at K2",
              "1s crash consumer-1 at K6", "1s crash any at K3")  # fmt: skip
    assert armed(run) == [
        ("lose-ack", "", "consumer-2", "K5 before-ack"),
        ("slow", "any", "", "K2 after-receive"),
        ("crash", "consumer-1", "consumer-1", "K6 after-ack"),
        ("crash", "", "", "K3 after-effect"),
    ]
    assert not of_kind(run, "struck", "injected")


def test_whoever_passes_first_is_the_one_it_is_for() -> None:
    run = ran(SPARE, 10, "1s inject slow on any 3 at K2")
    (struck,) = of_kind(run, "struck")
    assert [(fault.name, fault.target) for fault in run.view().faults] == [("slow", struck.actor)]


def test_an_actor_it_is_for_is_the_one_who_has_to_pass() -> None:
    run = ran(SPARE, 30, "1s inject slow on consumer-3 4 at K2")
    (struck,) = of_kind(run, "struck")
    assert struck.actor == "consumer-3"
    assert {a.name: a.slow for a in run.view().actors if a.slow != 1} == {"consumer-3": 4.0}


def test_without_a_target_it_is_for_all_at_the_passage_of_one() -> None:
    run = ran(SPARE, 30, "1s inject slow 4 at K2")
    assert {a.slow for a in run.view().actors if a.kind == "consumer"} == {4.0}


def test_the_message_in_the_hand_of_whoever_passes() -> None:
    run = ran(SPARE, 10, "1s inject expire-lock on any at K3", prefetch="3")
    (struck,) = of_kind(run, "struck")
    effect = run.events[struck.cause - 1]
    (expired,) = [e for e in run.events[struck.n :] if e.kind == "lock_expired" and e.t == struck.t]
    assert (expired.message, expired.text) == (effect.message, struck.actor)


def test_nothing_in_the_hand_is_noted_and_not_fatal() -> None:
    run = ran(SPARE, 20, "1s inject poison on any at K1")
    (struck,) = of_kind(run, "struck")
    (ignored,) = of_kind(run, "ignored")
    assert ignored.cause == struck.n
    assert ignored.text == f"poison: {struck.actor} holds no message there"


def test_faults_come_before_a_crash_of_the_same_passage() -> None:
    run = ran(SPARE, 20, "1s crash any at K2", "1s inject poison on any at K2")
    kinds = [e.kind for e in of_kind(run, "struck", "injected", "crashed")]
    assert kinds == ["struck", "injected", "crashed"]


def test_what_is_armed_can_be_taken_back() -> None:
    run = ran(SPARE, 1, "1s inject lose-ack at K5", "1s crash any at K5",
              "1s crash consumer-2 at K3")  # fmt: skip
    driven(run, 30, "1s heal lose-ack at K5", "1s heal crash at K5",
           "1s heal crash on consumer-2 at K3")  # fmt: skip
    assert armed(run) == []
    assert {actor.armed for actor in run.view().actors} == {""}
    assert not of_kind(run, "struck", "injected", "crashed")
    with pytest.raises(BadInput, match="no lose-ack at K5 waits; nothing does"):
        run.do(parse_command("heal lose-ack at K5"))
    run.do(parse_command("inject lose-ack at K6"))
    with pytest.raises(BadInput, match="the nearest is 'lose-ack at K6'"):
        run.do(parse_command("heal lose-ack at K5"))


def test_a_second_crash_of_one_actor_takes_the_place_of_the_first() -> None:
    run = ran(SPARE, 1, "1s crash consumer-1 at K6", "1s crash consumer-1 at K3")
    assert armed(run) == [("crash", "consumer-1", "consumer-1", "K3 after-effect")]
    driven(run, 1, "1s crash consumer-1")
    assert armed(run) == []


@pytest.mark.parametrize(("command", "said"), [
    ("inject slow on any 3", "slow on any needs a crash point: 'slow on any at K5'"),
    ("inject lose-ack on any at K5", "lose-ack applies to everything, not to 'any'"),
    ("inject slow on producer-1 at K5", "slow applies to a consumer, not to producer-1"),
    ("inject slow at K7", "unknown crash point 'K7'"),
    ("inject slow at K2 of consumer-9", "unknown actor 'consumer-9'"),
    ("inject slow x at K2", "expected a number of factor"),
    ("inject sloe at K2", "unknown fault 'sloe'; the nearest is 'slow'"),
])  # fmt: skip
def test_what_cannot_happen_is_refused_at_once(command: str, said: str) -> None:
    run = Run(find(SPARE))
    with pytest.raises(BadInput) as caught:
        run.do(parse_command(command))
    assert said in str(caught.value)
    assert run.view().armed == ()


@pytest.mark.parametrize("command", ["1s inject slow on any 3", "1s inject lose-ack at K5 of who",
                                     "1s heal sloe at K2"])  # fmt: skip
def test_a_plan_is_checked_before_it_starts(command: str) -> None:
    with pytest.raises(BadInput):
        Run(find(SPARE), commands=[parse_timed(command)])


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_fault_can_be_armed_everywhere_and_the_run_is_the_same_again(name: str) -> None:
    faults = catalog.pattern(name).faults
    points = [point.name for point in Run(find(name)).points()]
    commands = [
        parse_timed(f"{1 + index}s inject {fault.name} at {points[index % len(points)]}")
        for index, fault in enumerate(faults)
    ]
    run = Run(find(name), commands=commands)
    run.advance(40)
    assert_folds_match(run)
    struck = [event.message for event in met(run)]
    assert len(struck) == len(set(struck))
    again = Run(find(name), commands=commands)
    again.advance(40)
    assert again.digest() == run.digest()
    fork = run.fork(6.0)
    assert [e for e in run.events if e.t <= 6.0] == list(fork.events)


def test_what_was_armed_in_the_past_strikes_in_a_fork_too() -> None:
    run = Run(scenario(CONSUMING), commands=[Timed(1.0, parse_command("inject lose-ack at K5"))])
    run.advance(20)
    (struck,) = met(run)
    fork = run.fork(struck.t)
    assert met(fork) == [struck]
    before = run.fork(1.0)
    assert [each.name for each in before.view().armed] == ["lose-ack"]
    before.advance(20)
    assert before.digest() == run.digest()
