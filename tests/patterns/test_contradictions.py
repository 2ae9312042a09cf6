"""Conditions that no value meets together, compared with trying every value there is."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.by_hand import ran

from mailrail_patterns.conditions import Unfit, compile_content
from mailrail_patterns.contradictions import Part, contradiction
from mailrail_patterns.names import BadInput

SIGNS = ("=", "==", "!=", ">=", "<=", ">", "<")
COMPARED = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
PARTS = st.lists(st.tuples(st.sampled_from(SIGNS), st.integers(1, 4)), min_size=1, max_size=4)
VALUES = [str(number / 2) if number % 2 else str(number // 2) for number in range(-1, 12)]
"""Each number that is asked for, one between any two, and one beyond on either side."""


def meets(value: str, sign: str, wanted: int) -> bool:
    if sign in COMPARED:
        return bool(COMPARED[sign](float(value), wanted))
    return (value == str(wanted)) is not (sign == "!=")


@given(conditions=PARTS)
def test_it_is_a_contradiction_if_and_only_if_no_value_meets_all(
    conditions: list[tuple[str, int]],
) -> None:
    parts = [Part("n", sign, str(wanted), at) for at, (sign, wanted) in enumerate(conditions)]
    values = [*VALUES, "1.0", "2.0", "3.0", "4.0"]  # the same numbers, and other texts
    met = any(all(meets(value, *each) for each in conditions) for value in values)
    assert (contradiction(parts) is None) is met


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("amount >= 100 & amount < 50", "no amount is < 50 at column 17 and also >= 100 at column"),
        ("tier = gold & a = 1 & tier = silver", "no tier is = silver at column 23 and also = gold"),
        ("amount = 20 & amount >= 100", "no amount is >= 100 at column 15 and also = 20 at colu"),
        ("amount >= nan", ">= needs a number at column 11"),
        ("amount > inf", "> needs a number at column 10"),
    ],
)
def test_it_is_refused_and_says_where(text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        compile_content(text)


def test_a_subscriber_who_asks_for_it_is_not_started() -> None:
    with pytest.raises(BadInput, match=r"where: .*no amount is < 50 at column 13"):
        ran("publisher-subscriber", 1, "0s spawn subscriber where=amount>=100&amount<50")


def test_other_headers_and_what_is_no_number_contradict_nothing() -> None:
    assert compile_content("low >= 100 & high < 50").holds({"low": "100", "high": "1"})
    with pytest.raises(Unfit):  # whether that counts is the subscription's own choice
        compile_content("tier = gold & tier >= 3").holds({"tier": "gold"})
