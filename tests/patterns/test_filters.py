"""Filters: three grammars against brute force, content, and what is refused at which column."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailrail_patterns.conditions import Unfit, compile_content
from mailrail_patterns.invariants.matching import agrees
from mailrail_patterns.names import BadInput
from mailrail_patterns.subjects import SIGNS, compile_filter, told, untold
from mailrail_patterns.topics import Grammar

GRAMMARS = list(Grammar)
WORDS = st.sampled_from(["a", "b", "orders", "eu"])


def brute(pattern: str, subject: str, grammar: Grammar) -> bool:
    """Say whether some choice of how many words each long wildcard stands for fits exactly."""
    signs = SIGNS[grammar]
    wanted, given_ = pattern.split(signs.between), subject.split(signs.between)
    if grammar is Grammar.MQTT and subject.startswith("$") and wanted[0] in "+#":
        return False
    many = [index for index, word in enumerate(wanted) if word == signs.many]
    for lengths in itertools.product(range(signs.least, len(given_) + 1), repeat=len(many)):
        spread = []
        for index, word in enumerate(wanted):
            spread += [signs.one] * lengths[many.index(index)] if index in many else [word]
        if len(spread) == len(given_) and all(
            want in (signs.one, got) for want, got in zip(spread, given_, strict=True)
        ):
            return True
    return False


@st.composite
def cases(draw: st.DrawFn, grammar: Grammar) -> tuple[str, str]:
    """Draw a filter of the grammar and a subject that may well match it."""
    signs = SIGNS[grammar]
    subject = draw(st.lists(WORDS, min_size=1, max_size=5))
    pattern = list(draw(st.one_of(st.just(subject), st.lists(WORDS, min_size=1, max_size=5))))
    for index in range(len(pattern)):
        if draw(st.booleans()):
            pattern[index] = signs.one
    if signs.last:
        if draw(st.booleans()):
            pattern[draw(st.integers(0, len(pattern) - 1)) :] = [signs.many]
    else:
        for _ in range(draw(st.integers(0, 3))):
            pattern.insert(draw(st.integers(0, len(pattern))), signs.many)
    return signs.between.join(pattern), signs.between.join(subject)


@pytest.mark.parametrize("grammar", GRAMMARS)
@given(data=st.data())
def test_the_matcher_agrees_with_brute_force(grammar: Grammar, data: st.DataObject) -> None:
    pattern, subject = data.draw(cases(grammar))
    expected = brute(pattern, subject, grammar)
    assert compile_filter(pattern, grammar)(subject) is expected
    assert agrees(pattern, subject, grammar) is expected


@pytest.mark.parametrize("grammar", GRAMMARS)
@given(data=st.data())
def test_several_filters_match_what_any_of_them_does(grammar: Grammar, data: st.DataObject) -> None:
    (one, subject), (other, _) = data.draw(cases(grammar)), data.draw(cases(grammar))
    expected = brute(one, subject, grammar) or brute(other, subject, grammar)
    assert compile_filter(f"{one},{other}", grammar)(subject) is expected
    assert agrees(f"{one},{other}", subject, grammar) is expected


def test_wildcards_are_not_the_same_everywhere() -> None:
    def found(pattern: str, subject: str, grammar: Grammar) -> bool:
        return compile_filter(pattern, grammar)(subject)

    assert found("orders.#", "orders", Grammar.AMQP)
    assert not found("orders.>", "orders", Grammar.NATS)
    assert found("orders/#", "orders", Grammar.MQTT)
    assert found("#.paid", "orders.eu.paid", Grammar.AMQP)
    assert not found("orders.*", "orders.eu.paid", Grammar.NATS)
    assert found("orders/+/paid", "orders//paid", Grammar.MQTT), "a level may be empty"
    assert not found("#", "$SYS/uptime", Grammar.MQTT), "what begins with $ is the broker's own"


@pytest.mark.parametrize(
    ("pattern", "grammar", "says"),
    [
        ("", Grammar.AMQP, "a word is missing at column 1"),
        ("orders..paid", Grammar.AMQP, "a word is missing at column 8"),
        ("orders.eu.", Grammar.NATS, "a word is missing at column 11"),
        ("", Grammar.MQTT, "a word is missing at column 1"),
        ("orders.eu*", Grammar.AMQP, "* at column 10 must be a word by itself"),
        ("orders/e+u", Grammar.MQTT, "+ at column 9 must be a word by itself"),
        ("orders.>.paid", Grammar.NATS, "> at column 8 must be the last word"),
        ("orders/#/paid", Grammar.MQTT, "# at column 8 must be the last word"),
        ("orders.#", Grammar.NATS, "# at column 8 is no wildcard of nats; it has * and >"),
        ("orders.>", Grammar.AMQP, "> at column 8 is no wildcard of amqp"),
        ("orders/*", Grammar.MQTT, "* at column 8 is no wildcard of mqtt"),
        ("orders. eu", Grammar.AMQP, "a blank at column 8"),
        ("orders.eu,", Grammar.AMQP, "a word is missing at column 11"),
        ("orders/eu,,a", Grammar.MQTT, "a word is missing at column 11"),
        ("orders.eu,or*", Grammar.AMQP, "* at column 13 must be a word by itself"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_at_its_column(
    pattern: str, grammar: Grammar, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        compile_filter(pattern, grammar)
    assert says in caught.value.problem


@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from([">=", "<=", ">", "<"]))
def test_conditions_compare_numbers_as_numbers(limit: int, amount: int, sign: str) -> None:
    holds = compile_content(f"amount {sign} {limit}").holds
    expected = {">=": amount >= limit, "<=": amount <= limit, ">": amount > limit,
                "<": amount < limit}[sign]  # fmt: skip
    assert holds({"amount": str(amount)}) is expected


def test_all_conditions_must_hold_and_a_missing_header_never_does() -> None:
    content = compile_content("amount >= 100 & region = eu & tier != gold")
    assert content.names == ("amount", "region", "tier")
    assert content.holds({"amount": "100", "region": "eu", "tier": "silver"})
    assert not content.holds({"amount": "99", "region": "eu", "tier": "silver"})
    assert not content.holds({"amount": "100", "region": "us", "tier": "silver"})
    assert not content.holds({"amount": "100", "region": "eu"})
    assert compile_content("").holds({})


def test_a_header_of_another_type_is_an_error_and_not_a_no() -> None:
    with pytest.raises(Unfit, match="amount is 'a lot', not a number"):
        compile_content("amount >= 100").holds({"amount": "a lot"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("amount >> 3", "at column 1"),
        ("tier = gold & ", "at column 15"),
        ("tier = gold & amount", "at column 15"),
        ("amount >= much", ">= needs a number at column 11, not 'much'"),
        ("tier = gold & amount < low", "< needs a number at column 24, not 'low'"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused_at_its_column(text: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        compile_content(text)
    assert says in caught.value.problem


@given(st.text(alphabet="ab.#*", min_size=1), st.text(alphabet="abc= ,", max_size=8))
def test_what_is_told_of_headers_can_be_read_back(subject: str, inside: str) -> None:
    assert untold(told(subject, inside)) == (subject, inside)
