"""What a step of a saga is declared to be: before the pivot undone, after it repeated."""

from __future__ import annotations

import pytest
from tests.patterns.test_saga import ONE, begun, ended
from tests.support.by_hand import broken, ran

from mailrail_patterns.decisions import STEPS
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.saga import Settings
from mailrail_patterns.scenario import find
from mailrail_patterns.step_types import StepType, tries_of, type_of

STUCK = {"forward-after-pivot", "no-human-needed"}


def types(**changed: object) -> list[str]:
    """Return what the five steps are."""
    settings = Settings(**changed)  # type: ignore[arg-type]
    return [type_of(settings, STEPS, step).value for step in STEPS]


def test_the_textbook_s_types_follow_the_pivot() -> None:
    undone, again = "compensable", "retryable"
    assert types() == [undone, undone, "pivot", again, again]
    assert types(pivot=1) == ["pivot", again, again, again, again]
    assert types(pivot=5) == [undone, undone, undone, undone, "pivot"]


def test_types_can_be_declared() -> None:
    assert types(retryable="credit,notification", uncompensated="stock") == [
        "uncompensated", "compensable and retryable", "pivot", "not retryable", "retryable",
    ]  # fmt: skip
    assert types(retryable="")[3:] == ["not retryable"] * 2


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"retryable": "shiping"}, "retryable: unknown step 'shiping'; the nearest is 'shipping'"),
        ({"retryable": "after-pivott"}, "the nearest is 'after-pivot'"),
        ({"retryable": "shipping,"}, "expected a step beside each ','"),
        ({"retryable": "card,card"}, "card is named twice"),
        ({"uncompensated": "credits"}, "uncompensated: unknown step 'credits'; the nearest"),
        ({"retryable": "credit", "uncompensated": "credit"}, "use pivot=2, or compensate it"),
        ({"policy": "custom", "custom_order": "credit,stock", "uncompensated": "credit"},
         "credit has no compensation and is never undone"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_the_reason(settings: dict[str, str], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(find("saga"), overrides=settings)


def test_a_retryable_step_that_nothing_undoes_may_stand_behind_the_pivot() -> None:
    assert types(pivot=1, retryable="credit", uncompensated="credit")[1] == "retryable"


@pytest.mark.parametrize("step", STEPS[3:])
def test_past_the_pivot_what_is_not_retryable_fails_once_and_for_all(step: str) -> None:
    run = ran("saga", 30, f"0s inject fail on m01-{step} 1", **ONE, retryable="none")
    assert ended(run) == (8 if step == "shipping" else 9, "NeedsHuman")
    assert broken(run) == STUCK
    assert not any(name.startswith("undo") for _, name in begun(run))


@pytest.mark.parametrize("step", STEPS[:3])
def test_before_the_pivot_a_failure_is_tried_again_whatever_is_declared(step: str) -> None:
    run = ran("saga", 40, f"0s inject fail on m01-{step} 1", **ONE, retryable="none")
    assert ended(run) == (12, "Completed")
    assert broken(run) == set()


def test_only_what_may_not_be_repeated_is_tried_once() -> None:
    tries = [tries_of(Settings(retryable="shipping"), STEPS, step) for step in STEPS]
    assert tries == [4, 4, 4, 4, 1]
    assert type_of(Settings(retryable=""), STEPS, "card") is StepType.PIVOT


def test_a_retryable_step_that_has_tried_enough_breaks_no_promise_of_its_type() -> None:
    run = ran("saga", 60, "0s inject fail on m01-shipping 9", **ONE)
    assert broken(run) == {"no-human-needed"}


def test_what_may_be_tried_once_is_not_sent_again_by_a_restarted_orchestrator() -> None:
    crash = ("7s crash orchestrator-1", "7.5s restart orchestrator-1")
    for retryable, asked in (("none", 1), ("after-pivot", 2)):
        run = ran("saga", 30, *crash, **ONE, retryable=retryable)
        sent = [e for e in run.events if e.kind == "sent" and e.queue == "to-shipping"]
        assert len(sent) == asked
        assert broken(run) == set()


def test_a_retryable_step_before_the_pivot_is_asked_again_and_undone_only_then() -> None:
    lost = "0s inject lose-reply on m01-credit 9"
    run = ran("saga", 90, lost, **ONE, retryable="credit,shipping,notification", asks="2")
    # asked for at 2, 12 and 22; the answers given again are not lost, so 12 is enough
    assert [t for t, name in begun(run) if name == "card"] == [12]
    gone = ran("saga", 90, "0s inject delay-command on m01-credit", **ONE, asks="2",
               retryable="credit,shipping,notification", detour="60s")  # fmt: skip
    assert [t for t, name in begun(gone) if name == "undo-credit"] == [32]
    assert broken(gone) == set()
