"""In which order a saga is undone: as it is written down, and what depends on what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.patterns.test_saga import ONE, begun, ended
from tests.support.by_hand import broken, ran

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.compensations import next_undone, read_order
from mailrail_patterns.decisions import STEPS
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.saga import DEPENDS
from mailrail_patterns.scenario import find

FOUR = {**ONE, "pivot": "4"}
FIVE = {**ONE, "pivot": "5"}
SETTINGS = {"policy": "custom", "pivot": "4"}


def undone(order: str, policy: str = "custom", **more: str) -> Run:
    """Return a run in which shipping says no after three steps."""
    chosen = {**FOUR, "policy": policy, "custom_order": order, **more}
    return ran("saga", 40, "0s inject decline on m01-shipping", **chosen)


@pytest.mark.parametrize(
    ("order", "begins", "ends", "kept"),
    [
        ("card,credit,stock", [(8, "card"), (10, "credit"), (12, "stock")], 14, True),
        ("card, credit+stock", [(8, "card"), (10, "credit"), (10, "stock")], 12, True),
        ("stock+card,credit", [(8, "stock"), (8, "card"), (10, "credit")], 12, True),
        ("credit,card+stock", [(8, "credit"), (10, "card"), (10, "stock")], 12, False),
        ("card+credit+stock", [(8, "card"), (8, "credit"), (8, "stock")], 10, False),
    ],
)
def test_it_is_undone_as_it_is_written(
    order: str, begins: list[tuple[float, str]], ends: float, kept: bool
) -> None:
    run = undone(order)
    assert begun(run)[4:] == [(t, f"undo-{step}") for t, step in begins]
    assert ended(run) == (ends, "Compensated")
    assert run.metrics()["left_held"] == 0
    assert broken(run) == (set() if kept else {"dependents-first"})


def test_reverse_keeps_every_dependency_and_parallel_does_not() -> None:
    for pivot, breaks in ((FOUR, {"dependents-first"}), (FIVE, {"dependents-first"}), (ONE, set())):
        step = STEPS[int(str(pivot.get("pivot", "3"))) - 1]
        no = f"0s inject decline on m01-{step}"
        assert broken(ran("saga", 40, no, **pivot)) == set()
        assert broken(ran("saga", 40, no, **pivot, policy="parallel")) == breaks


def test_a_parcel_is_back_before_its_item_is_on_the_shelf() -> None:
    assert DEPENDS["stock"] == ("shipping",)
    wrong = ran("saga", 40, "0s inject decline on m01-notification", **FIVE, policy="custom",
                custom_order="stock,shipping,card,credit")  # fmt: skip
    assert broken(wrong) == {"dependents-first"}
    right = ran("saga", 40, "0s inject decline on m01-notification", **FIVE, policy="custom",
                custom_order="shipping,stock+card,credit")  # fmt: skip
    assert broken(right) == set()


def test_a_saga_ends_by_the_order_it_began_to_be_undone_in() -> None:
    run = Run(find("saga"), overrides={**FOUR, "policy": "custom", "custom_order": "card,credit,"
                                       "stock"})  # fmt: skip
    run.advance(0)
    run.do(parse_timed("0s inject decline on m01-shipping").command)
    run.advance(9)
    run.do(parse_timed("9s set custom_order=stock,credit,card").command)
    run.advance(40)
    assert [name for _, name in begun(run)][4:] == ["undo-card", "undo-credit", "undo-stock"]


def test_an_unknown_outcome_takes_its_place_in_the_order() -> None:
    run = ran("saga", 60, "0s inject lose-reply on m01-credit", **FOUR, policy="custom",
              custom_order="card, credit+stock")  # fmt: skip
    assert begun(run)[2:] == [(12, "undo-credit"), (12, "undo-stock")]
    assert broken(run) == set()


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("", "custom needs an order; set custom_order first, as in card,credit,stock"),
        ("card,kredit,stock", "unknown step 'kredit'; the nearest is 'credit'"),
        ("card,,credit", "expected a step between"),
        ("card+,credit", "expected a step between"),
        ("card,credit,stock,card", "card is undone once, and named twice"),
        ("shipping,card,credit,stock", "shipping is the pivot and is never undone; "),
        ("notification,card", "notification comes after the pivot and is never undone; "),
        ("card,stock", "credit would never be undone; use 'card,stock, credit'"),
        ("stock", "card and credit would never be undone; use 'stock, card, credit'"),
    ],
)
def test_an_order_that_cannot_be_followed_is_refused(order: str, reason: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Run(find("saga"), overrides={**SETTINGS, "custom_order": order})
    assert reason in str(refusal.value)


def test_an_order_that_is_not_followed_needs_to_be_readable_only() -> None:
    Run(find("saga"), overrides={"custom_order": "card,credit+stock"})
    with pytest.raises(BadInput, match="unknown step 'kart'; the nearest is"):
        Run(find("saga"), overrides={"custom_order": "kart"})
    with pytest.raises(BadInput, match="expected text, not 3"):
        Run(find("saga"), overrides={"custom_order": 3})


@settings(max_examples=200, deadline=None)
@given(st.permutations(STEPS[:4]), st.lists(st.sampled_from(",+"), min_size=3, max_size=3),
       st.sets(st.sampled_from(STEPS[:4])))  # fmt: skip
def test_every_order_undoes_all_that_was_done_once(
    steps: list[str], signs: list[str], done: set[str]
) -> None:
    order = steps[0] + "".join(sign + step for sign, step in zip(signs, steps[1:], strict=True))
    waves = read_order(order)
    left = [step for step in reversed(STEPS) if step in done]
    found: list[str] = []
    while now := next_undone(order, left, ()):
        assert next_undone(order, left, now) == (), "the others wait"
        assert any(set(now) <= set(wave) for wave in waves)
        found += now
        left = [step for step in left if step not in now]
    assert sorted(found) == sorted(done)


def test_an_order_can_be_written_with_blanks_and_taken_back() -> None:
    run = Run(find("saga"), overrides={"custom_order": " card , credit + stock "})
    run.advance(1)
    assert dict(run.view().settings)["custom_order"] == "card , credit + stock"
    run.do(parse_timed("0s set custom_order=none").command)
    assert dict(run.view().settings)["custom_order"] == "none"
    assert dict(run.view().settings)["policy"] == "reverse"
