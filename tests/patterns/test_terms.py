"""What one subscription says of its own copies: read, refused, kept by the broker, changed live."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.by_hand import ran

from mailrail_patterns.broker_rules import AtLimit
from mailrail_patterns.commands import Set, format_command, parse_command, parse_timed
from mailrail_patterns.messages import Mode, QueueSpec
from mailrail_patterns.names import BadInput
from mailrail_patterns.publisher_subscriber import PATTERN
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import change, change_live
from mailrail_patterns.terms import on_terms, parse_terms, told_terms

SCENARIO = "publisher-subscriber/a-guarantee-each"


def test_terms_go_before_what_holds_for_all_and_touch_nobody_else() -> None:
    text = "billing ttl=5s max-deliveries=3, dash mode=receive-and-delete"
    everybody = QueueSpec("x", lock=7.0)
    own = on_terms(text, QueueSpec("billing", lock=7.0))
    assert (own.ttl, own.max_deliveries, own.lock, own.mode) == (5, 3, 7, Mode.PEEK_LOCK)
    assert on_terms(text, QueueSpec("dash-1")).mode is Mode.RECEIVE_AND_DELETE, "by its kind"
    assert on_terms(text, everybody) is not own
    assert on_terms(text, everybody) == everybody
    assert told_terms(text, "billing") == ("3 deliveries", "ttl 5s")
    assert told_terms(text, "eu-1") == ()


def test_its_own_name_goes_before_that_of_its_kind() -> None:
    text = "billing lock=5s, billing-2 lock=1s"
    assert on_terms(text, QueueSpec("billing-1")).lock == 5
    assert on_terms(text, QueueSpec("billing-2")).lock == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("billing", "expected a subscription and what holds for it"),
        ("ttl=5s", "expected a subscription and what holds for it"),
        ("billing ttl=5s,", "expected a subscription and what holds for it"),
        ("eu ttl=5s, eu lock=2s", "eu is there twice"),
        ("eu tll=5s", "eu: no term 'tll'; the nearest is 'ttl'"),
        ("eu mode=peek", "expected one of peek-lock, receive-and-delete"),
        ("eu max_deliveries=-1", "expected 0 to 1000 deliveries"),
        ("eu lock=0s", "expected 0.001 to"),
        ("eu ttl=soon", "eu: ttl:"),
        ("eu dead_letter_expired=maybe", "expected on or off"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(BadInput, match="terms") as refused:
        change(PATTERN, PATTERN.settings(), "terms", text)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("given", "text", "problem"),
    [
        ({"latency": 1.0}, "eu lock=2s", "shorter than the way to the broker"),
        ({"immediate_retries": 4}, "eu max_deliveries=3", "tries 5 times"),
        ({"at_limit": AtLimit.DROP}, "eu dead_letter_expired=on", "there are no dead letters"),
    ],
)
def test_what_cannot_be_kept_is_refused(given: dict[str, Any], text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        change_live(PATTERN, PATTERN.settings(**given), "terms", text)
    assert parse_terms(text), "it can be read"


def test_the_broker_keeps_each_to_its_own_and_follows_a_change() -> None:
    for t, board in ((12.0, "receive-and-delete"), (13.0, "peek-lock")):
        run = ran(SCENARIO, t)
        declared = {e.queue: e for e in run.events if e.kind == "declared"}
        assert declared["board"].text.split()[0] == board
        assert (declared["audit-1"].value, declared["audit-1"].delivery) == (2.0, 2)
        assert (declared["eu-1"].value, declared["eu-1"].delivery) == (30.0, 5)


def test_dead_letters_are_the_subscription_s_own() -> None:
    run = ran(SCENARIO, 24)
    dead = [(e.t, e.queue, e.message, e.text) for e in run.events if e.kind == "dead_lettered"]
    assert dead == [
        (6.2, "audit-1", "m13", "MaxDeliveryCountExceeded"),
        (6.5, "eu-1", "m13", "MaxDeliveryCountExceeded"),
        (9.5, "billing-1", "m18", "TTLExpired"),
        (10.5, "billing-1", "m20", "TTLExpired"),
        (11.5, "billing-1", "m22", "TTLExpired"),
    ]


def test_who_dies_with_a_copy_has_lost_it_or_not_as_its_subscription_says() -> None:
    run = ran(SCENARIO, 24)
    done = {(e.queue, e.message) for e in run.events if e.kind == "effect"}
    assert ("audit-1", "m05") in done
    assert ("board", "m05") not in done
    assert {("audit-1", "m37"), ("board", "m37")} <= done, "the board's copies are locked by then"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("biling ttl=5s", "there is no subscription 'biling'; the nearest is 'billing'"),
        ("boord ttl=5s", "there is no subscription 'boord'; the nearest is 'board'"),
        ("billing-9 ttl=5s", "there is no subscription 'billing-9'; the nearest is 'billing-1'"),
        ("publisher ttl=5s", "there is no subscription 'publisher'"),
        ("publisher-1 ttl=5s", "there is no subscription 'publisher-1'"),
        ("subscriber-1 ttl=5s", "there is no subscription 'subscriber-1'; the nearest is"),
    ],
)
def test_terms_for_a_subscription_nobody_will_have_are_refused(text: str, nearest: str) -> None:
    with pytest.raises(BadInput) as refused:
        Run(find(SCENARIO), overrides={"terms": text})
    assert nearest in str(refused.value)
    live = Run(find(SCENARIO))
    live.advance(1)
    with pytest.raises(BadInput) as refused:
        live.do(Set("terms", text))
    assert nearest in str(refused.value)
    assert not any(event.kind == "changed" for event in live.events)


def test_who_is_given_a_group_has_no_subscription_of_its_own() -> None:
    late = parse_timed("2s spawn audit 2 group=trail")
    with pytest.raises(BadInput, match="no subscription 'audit-2'; the nearest is 'audit-1'"):
        Run(find(SCENARIO), commands=[late], overrides={"terms": "audit-2 ttl=5s"})
    alone = parse_timed("2s spawn audit")
    assert Run(find(SCENARIO), commands=[alone], overrides={"terms": "audit-2 ttl=5s"})


def test_a_group_is_not_of_a_kind_because_its_name_begins_like_one() -> None:
    assert on_terms("eu ttl=5s", QueueSpec("eu-desk")).ttl == 0
    assert on_terms("eu ttl=5s", QueueSpec("eu-2")).ttl == 5


def test_where_all_share_one_queue_its_terms_are_those_of_everybody() -> None:
    run = ran(SCENARIO, 1, copies="off")
    declared = {(e.value, e.delivery) for e in run.events if e.kind == "declared"}
    assert declared == {(30.0, 10)}


def test_terms_are_typed_as_they_are_read() -> None:
    told = "set terms=board ttl=2s, eu lock=3s"
    assert parse_command(told) == Set("terms", "board ttl=2s, eu lock=3s")
    assert parse_command(f"{told.replace('terms=', 'terms = ')}") == parse_command(told)
    assert parse_command(format_command(parse_command(told))) == parse_command(told)
    run = Run(find(SCENARIO), commands=[parse_timed(f"3s {told}")])
    run.advance(4)
    declared = {e.queue: e for e in run.events if e.kind == "declared"}
    assert (declared["eu-1"].value, declared["audit-1"].value) == (3.0, 30.0)


def test_terms_may_go_before_the_group_a_step_will_bring() -> None:
    late = parse_timed("2s spawn subscriber group=desk")
    assert Run(find(SCENARIO), commands=[late], overrides={"terms": "desk ttl=5s"})
    with pytest.raises(BadInput, match="no subscription 'dask'; the nearest is 'desk'"):
        Run(find(SCENARIO), commands=[late], overrides={"terms": "dask ttl=5s, desk ttl=1s"})
