"""What a saga promises: the numbers of the demo, each rule, settings that contradict each other."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.by_hand import broken, ran
from tests.support.scenarios import scenario

from mailrail_patterns.decisions import STEPS
from mailrail_patterns.log import Saga
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.saga import FAULTS
from mailrail_patterns.scenario import find

DEMO = "saga/point-of-no-return"
ONE = {"count": "1"}


def rows(run: Run, table: str) -> dict[str, tuple[str, str]]:
    """Return state and value of the rows of a table."""
    return {
        event.message: (event.group, event.text)
        for event in run.events
        if event.kind == "state" and event.queue == table
    }


def begun(run: Run, saga: str = "m01") -> list[tuple[float, str]]:
    """Return when work on each command of a saga began; letting go of locks is left out."""
    return [
        (e.t, e.message.removeprefix(f"{saga}-"))
        for e in run.events
        if e.kind == "working" and e.group == saga and e.value > 0
    ]


def ended(run: Run, saga: str = "m01") -> tuple[float, str]:
    """Return when a saga's row was last written, and its state."""
    last = [e for e in run.events if e.kind == "state" and e.queue == "log" and e.message == saga]
    return last[-1].t, last[-1].group


# --- the demo -------------------------------------------------------------------------------


def test_a_goes_through_five_steps_in_nine_seconds() -> None:
    run = ran(DEMO, 9.5)
    assert begun(run) == [(0, "stock"), (2, "credit"), (4, "card"), (6, "shipping"),
                          (8, "notification")]  # fmt: skip
    assert ended(run) == (9, "Completed")


def test_b_is_undone_backwards_and_its_ledgers_are_at_zero() -> None:
    run = ran(DEMO, 21)
    assert begun(run, "m02")[2:] == [(14, "card"), (16, "undo-credit"), (18, "undo-stock")]
    assert ended(run, "m02") == (20, "Compensated")
    assert rows(run, "credit")["m02"] == ("returned", '{"amount":-50,"back":50}')
    assert rows(run, "card")["m02"] == ("declined", '{"amount":0,"back":0}')


def test_c_gives_credit_back_at_the_second_try() -> None:
    run = ran(DEMO, 36)
    assert begun(run, "m03")[3:] == [(28, "undo-credit"), (31, "undo-credit"), (33, "undo-stock")]
    assert ended(run, "m03") == (35, "Compensated")


def test_d_is_shipped_at_the_second_try_while_the_orchestrator_is_dead() -> None:
    run = ran(DEMO, 60)
    assert begun(run, "m04")[3:] == [(42, "shipping"), (45, "shipping"), (48, "notification")]
    assert ended(run, "m04") == (49, "Completed")
    assert run.metrics()["retries_after_pivot"] == 1


def test_e_goes_on_from_the_log_and_nothing_is_done_twice() -> None:
    run = ran(DEMO, 60)
    told = [(e.t, e.kind) for e in run.events if e.message == "m05-credit~2"]
    assert (48, "effect_skipped") in told
    assert (48, "working") not in told
    assert ended(run, "m05") == (53, "Completed")
    metrics = run.metrics()
    assert metrics["recovery_time"] == 5
    assert (metrics["step_p50"], metrics["step_p95"]) == (2, 6), "2 of 21 took 6 s"
    assert broken(run) == set()


# --- the rules ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "undone"), [("stock", []), ("credit", ["undo-stock"]),
                         ("card", ["undo-credit", "undo-stock"])],
)  # fmt: skip
def test_only_completed_steps_are_undone(step: str, undone: list[str]) -> None:
    run = ran("saga", 30, f"0s inject decline on m01-{step}", **ONE)
    assert [name for _, name in begun(run) if name.startswith("undo")] == undone
    assert ended(run)[1] == "Compensated"
    assert run.metrics()["left_held"] == 0


@pytest.mark.parametrize("step", ["shipping", "notification"])
def test_after_the_pivot_a_refusal_needs_a_human_and_undoes_nothing(step: str) -> None:
    run = ran("saga", 30, f"0s inject decline on m01-{step}", **ONE)
    assert ended(run)[1] == "NeedsHuman"
    assert not [e for e in run.events if "undo" in e.message]
    assert broken(run) == {"no-human-needed"}


@pytest.mark.parametrize("step", STEPS[:2])
def test_a_technical_failure_is_a_delay_that_doubles(step: str) -> None:
    run = ran("saga", 60, f"0s inject fail on m01-{step} 3", **ONE, timeout="30s")
    start = 2.0 * STEPS.index(step)
    times = [t for t, name in begun(run) if name == step]
    assert times == [start, start + 3, start + 7, start + 13]
    assert ended(run)[1] == "Completed"


def test_who_fails_too_often_says_so_and_the_rest_is_undone() -> None:
    run = ran("saga", 60, "0s inject fail on m01-credit 9", **ONE, timeout="30s")
    assert rows(run, "credit")["m01"][0] == "failed"
    assert [name for _, name in begun(run)][-1] == "undo-stock"
    assert ended(run)[1] == "Compensated"


def test_in_parallel_everything_is_undone_at_once() -> None:
    run = ran("saga", 30, "0s inject decline on m01-card", **ONE, policy="parallel")
    assert begun(run)[3:] == [(6, "undo-credit"), (6, "undo-stock")]
    assert ended(run) == (8, "Compensated")


def test_a_lost_answer_before_the_pivot_is_an_unknown_outcome_and_undone() -> None:
    run = ran("saga", 40, "0s inject lose-reply on m01-credit", **ONE)
    assert [name for _, name in begun(run)] == ["stock", "credit", "undo-credit", "undo-stock"]
    assert rows(run, "credit")["m01"] == ("returned", '{"amount":-50,"back":50}')
    assert run.metrics()["null_compensations"] == 0


@pytest.mark.parametrize("step", ["card", "shipping", "notification"])
def test_from_the_pivot_on_a_lost_answer_is_asked_for_again(step: str) -> None:
    run = ran("saga", 40, f"0s inject lose-reply on m01-{step}", **ONE)
    assert ended(run)[1] == "Completed"
    assert [name for _, name in begun(run)] == list(STEPS), "asked again, not done again"
    assert run.metrics()["dedup_hits"] != 0


def test_nobody_guesses_at_a_pivot_that_never_answers() -> None:
    run = ran("saga", 90, "0s crash card-1", **ONE, asks="2")
    assert ended(run) == (4 + 3 * 10, "NeedsHuman")
    assert not [e for e in run.events if "undo" in e.message]


def test_what_was_undone_before_it_came_is_refused() -> None:
    run = ran("saga/late-command", 20)
    refused = [e for e in run.events if e.message == "m01-credit-refused" and e.kind == "sent"]
    assert [e.t for e in refused] == [8]
    assert not [e for e in run.events if e.message == "m01-credit" and e.kind == "effect"]


def test_an_answer_at_the_instant_of_the_timeout_wins_and_the_timeout_is_stale() -> None:
    run = ran("saga", 30, **ONE, timeout="2s")
    assert ended(run) == (9, "Completed")
    assert run.metrics()["stale_timeouts"] == 5
    assert "one-outcome" not in broken(run)


def test_an_answer_just_after_the_timeout_is_discarded() -> None:
    run = ran("saga", 60, "0s inject slow on credit-1 2",
              "5.5s heal slow on credit-1", **ONE, timeout="3.5s")  # fmt: skip
    assert ended(run)[1] == "Compensated"
    assert run.metrics()["late_answers"] == 1
    assert run.metrics()["left_held"] == 0


def test_an_answer_that_comes_twice_is_taken_once() -> None:
    run = ran("saga", 30, "0s inject duplicate-reply on m01-credit", **ONE)
    assert [name for _, name in begun(run)] == list(STEPS)
    assert broken(run) == set()


def test_two_starts_with_one_key_begin_one_saga() -> None:
    keyed = '[messages.m02]\ngroup = "m01"\n'
    made = scenario("saga", duration=40.0, text=keyed, every="3s", count=2)
    run = Run(made)
    run.advance(40)
    assert set(rows(run, "log")) == {"m01"}
    assert run.metrics()["second_starts"] == 1
    assert begun(run) == begun(ran("saga", 40, **ONE))


def test_every_command_carries_its_saga_as_its_group() -> None:
    run = ran(DEMO, 60)
    sent = [e for e in run.events if e.kind == "sent" and e.queue.startswith("to-")]
    commands = [e for e in sent if e.queue != "to-orchestrator"]
    assert commands
    assert {e.group for e in commands} == {f"m0{n}" for n in range(1, 6)}


def test_intent_comes_before_every_send() -> None:
    run = ran(DEMO, 60)
    awaited: dict[str, set[str]] = {}
    for event in run.events:
        if event.kind == "state" and event.queue == "log":
            saga = msgspec.json.decode(event.text, type=Saga)
            awaited.setdefault(event.message, set()).update(saga.awaited)
        elif event.kind == "sent" and event.group and event.queue != "to-orchestrator":
            name = event.message.partition("~")[0].removeprefix(f"{event.group}-")
            assert name in awaited[event.group]


def test_the_last_item_waits_for_whoever_may_give_it_back() -> None:
    run = ran("saga/last-item", 30)
    assert ended(run, "m02") == (19, "Completed")
    assert rows(run, "shelf")["item"][1] == '{"free":0,"reserved":0,"sold":1}'


def test_a_saga_ends_by_the_definition_it_began_with() -> None:
    run = ran("saga/new-definition", 30)
    assert [name for _, name in begun(run)] == list(STEPS)
    assert [name for _, name in begun(run, "m02")][:2] == ["credit", "stock"]


def test_the_pivot_can_be_another_step() -> None:
    run = ran("saga", 30, "0s inject decline on m01-shipping", **ONE, pivot="4")
    undone = [name for _, name in begun(run) if name.startswith("undo")]
    assert undone == ["undo-card", "undo-credit", "undo-stock"]
    assert run.metrics()["left_held"] == 0


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"pivot": "6"}, "there is no step 6"),
        ({"pivot": "0"}, "there is no step 0"),
        ({"timeout": "0s"}, "never asks again"),
        ({"timeout": "1s"}, "shorter than a step"),
        ({"retry_delay": "0s"}, "ask again at once, for ever"),
        ({"attempts": "20"}, "dead-lettered before"),
        ({"latency": "3s"}, "raise lock"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(find("saga"), overrides=settings)


def test_who_waits_for_ever_may_do_so_without_asking_again() -> None:
    run = ran("saga", 60, "0s inject lose-reply on m01-credit", **ONE, timeout="0s", asks="0")
    assert ended(run) == (2, "Running")


def test_every_fault_of_its_row_is_there() -> None:
    names = {fault.name for fault in FAULTS}
    lost = {"lose-send", "lose-ack", "lose-reply", "duplicate", "reorder", "expire-lock"}
    away = {"broker-down", "store-down", "clock-skew", "partition"}
    assert {"slow", "poison"} | lost | away <= names
