"""Retryable means until it succeeds: no number of tries or questions, and an end once healed."""

from __future__ import annotations

import sys

import pytest
from tests.patterns.test_saga import ONE, begun, ended
from tests.support.by_hand import broken, ran

from mailrail_patterns.decisions import STEPS
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.saga import Settings
from mailrail_patterns.scenario import find
from mailrail_patterns.step_types import pause_of, tries_of

FOR_EVER = {**ONE, "attempts": "0", "max_deliveries": "0", "asks": "unbounded",
            "longest_pause": "4s"}  # fmt: skip
AGAIN = 2 + 4
"""After the healing: at most one more pause, and the step; whoever is behind it takes as long."""


def test_no_number_of_tries_is_no_number_but_for_what_may_be_tried_once() -> None:
    settings = Settings(attempts=0, max_deliveries=0, retryable="shipping")
    assert [tries_of(settings, STEPS, step) for step in STEPS] == [sys.maxsize] * 4 + [1]


@pytest.mark.parametrize(
    ("first", "longest", "pauses"),
    [
        (1.0, 60.0, [1, 2, 4, 8, 16, 32, 60, 60]),
        (1.0, 8.0, [1, 2, 4, 8, 8, 8, 8, 8]),
        (3.0, 2.0, [3] * 8),
        (0.0, 60.0, [0] * 8),
    ],
)
def test_the_pause_doubles_up_to_the_longest(
    first: float, longest: float, pauses: list[float]
) -> None:
    settings = Settings(retry_delay=first, longest_pause=longest)
    assert [pause_of(settings, count) for count in range(1, 9)] == pauses
    assert pause_of(settings, 10**6) == pauses[-1]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"attempts": "0"}, "attempts: the command is dead-lettered before; set max_deliveries=0"),
        ({"asks": "unbounded", "timeout": "0s"}, "asks: who waits for ever never asks again"),
    ],
)
def test_what_would_put_an_end_to_for_ever_is_refused(
    settings: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(find("saga"), overrides=settings)


@pytest.mark.parametrize("step", STEPS[2:])
def test_whatever_fails_from_the_pivot_on_is_done_once_it_is_healed(step: str) -> None:
    run = ran("saga", 300, f"0s inject fail on m01-{step} 1000000", "150s heal fail", **FOR_EVER)
    done, state = ended(run)
    assert state == "Completed"
    assert 150 < done < 150 + 3 * AGAIN
    tried = [t for t, name in begun(run) if name.partition("~")[0] == step]
    assert len([t for t in tried if t < 150]) > 20
    assert run.quiet
    assert broken(run) == set()


@pytest.mark.parametrize("step", STEPS[:2])
def test_so_is_what_has_to_be_undone(step: str) -> None:
    fails = f"0s inject fail on m01-undo-{step} 1000000"
    run = ran("saga", 300, "0s inject decline on m01-card", fails, "150s heal fail", **FOR_EVER)
    done, state = ended(run)
    assert state == "Compensated"
    assert 150 < done < 150 + 3 * AGAIN
    assert run.quiet
    assert run.metrics()["left_held"] == 0
    assert broken(run) == set()


@pytest.mark.parametrize("step", STEPS)
def test_who_is_down_for_long_is_asked_until_he_is_back(step: str) -> None:
    """Before the pivot a silence is undone, which is then what has to succeed."""
    run = ran("saga", 300, f"0s crash {step}-1", f"150s restart {step}-1", **FOR_EVER)
    done, state = ended(run)
    assert state == ("Compensated" if step in STEPS[:2] else "Completed")
    assert 150 < done < 165
    assert run.quiet
    assert run.metrics()["needs_human"] == run.metrics()["left_held"] == 0
    assert broken(run) == set()


def test_while_nothing_is_healed_the_saga_stays_open_and_the_run_is_not_at_rest() -> None:
    run = ran("saga", 300, "0s inject fail on m01-shipping 1000000", **FOR_EVER)
    assert ended(run)[1] == "Committed"
    assert not run.quiet
    assert broken(run) == set()


def test_an_orchestrator_that_dies_meanwhile_goes_on_from_its_log() -> None:
    run = ran("saga", 300, "0s inject fail on m01-shipping 1000000", "40s crash orchestrator-1",
              "90s restart orchestrator-1", "150s heal fail", **FOR_EVER)  # fmt: skip
    assert ended(run)[1] == "Completed"
    assert run.quiet
    assert broken(run) == set()
