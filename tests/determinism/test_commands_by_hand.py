"""Commands by hand: at the frontier, at the end of the instant, never in the past."""

from __future__ import annotations

import pytest
from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario, with_steps

from mailrail_patterns import handler
from mailrail_patterns.commands import Crash, Redrive, Say, Set, Spawn, parse_timed
from mailrail_patterns.kernel import agenda
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Rewound, Run


def test_a_fresh_run_takes_commands() -> None:
    run = Run(scenario(CONSUMING))
    assert not run.rewound
    run.do(Say("at the very start"))
    assert run.commands[0].at == 0


def test_the_past_takes_none() -> None:
    run = ran(scenario(CONSUMING), 10)
    run.seek(5)
    with pytest.raises(Rewound):
        run.do(Say("too late"))
    run.seek(10)
    run.do(Say("now"))


def test_a_refused_command_leaves_the_playhead_at_the_frontier() -> None:
    run = Run(scenario(CONSUMING))
    with pytest.raises(BadInput):
        run.do(Redrive("work"))
    assert not run.rewound
    assert run.commands == []
    run.do(Say("and on we go"))


def test_a_refused_command_is_not_part_of_the_history() -> None:
    run = ran(scenario(CONSUMING), 3)
    with pytest.raises(BadInput, match="consumer-3"):
        run.do(Crash("consumer-33"))
    run.advance(10)
    assert run.digest() == ran(scenario(CONSUMING), 10).digest()


def test_a_command_comes_after_everything_else_of_its_instant() -> None:
    run = ran(scenario(CONSUMING, "3s set service=1s"), 10)
    at = [e.kind for e in run.events if e.t == 3.0]
    assert at.index("changed") > at.index("sent")


def test_a_step_that_does_not_apply_is_noted_and_not_fatal() -> None:
    run = ran(scenario(CONSUMING, "3s resume consumer-1"), 10)
    (noted,) = [e for e in run.events if e.kind == "ignored"]
    assert noted.text == "consumer-1 is not paused"


def test_a_run_that_went_past_its_end_can_be_forked() -> None:
    run = ran(scenario(CONSUMING, duration=10.0), 15)
    run.do(Spawn("consumer"))
    run.advance(20)
    assert run.fork().digest() == run.digest()


def test_a_command_that_later_steps_would_forbid_can_be_forked() -> None:
    """It was good at its instant; a fork must not hold the scenario's future against it."""
    made = scenario(LEVELING, "50s set patience=0s", retries=0)
    run = ran(made, 10)
    run.do(Set("retries", "1"))
    assert run.fork().digest() == run.digest()


def test_a_stalled_run_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 500)
    monkeypatch.setattr(handler, "ROUND_TRIP", 0.0)
    poison = '[messages.m01]\npoison = true\nwork = "0s"'
    run = ran(scenario(CONSUMING, max_deliveries=0, text=poison))
    assert run.stalled
    with pytest.raises(BadInput, match="stalled"):
        run.do(Spawn("consumer"))
    assert run.fork().digest() == run.digest()


def test_many_commands_at_one_instant_keep_their_order() -> None:
    texts = ["5s pause consumer-1", "5s say a", "5s resume consumer-1", "5s spawn consumer",
             "5s stop consumer-4", "5s say b"]  # fmt: skip
    made = scenario(CONSUMING)
    run = ran(made, 5)
    for text in texts:
        run.do(parse_timed(text).command)
    run.advance(30)
    assert ran(with_steps(made, [parse_timed(text) for text in texts]), 30).digest() == run.digest()


def test_an_endless_instant_is_given_up_at_the_same_event_by_hand_and_from_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 300)
    monkeypatch.setattr(handler, "ROUND_TRIP", 0.0)
    poisoned = "[messages.m01]\npoison = true"
    made = scenario(CONSUMING, consumers=0, count=1, service="0s", max_deliveries=0, text=poisoned)
    run = ran(made, 5)
    for number in range(4):
        run.do(Say(f"nothing has to do with it, {number}"))
    run.do(Spawn("consumer"))
    with pytest.raises(BadInput, match="stalled"):
        run.do(Say("too late"))
    assert not run.rewound
    again = Run(with_steps(made, run.commands))
    again.advance(5)
    assert again.stalled
    assert again.digest() == run.digest() == run.fork().digest()
