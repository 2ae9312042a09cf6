"""Names of calls and answers: made and read back."""

from __future__ import annotations

import pytest

from mailrail_patterns.exchanges import answer_to, call_name, exchange_of, reply_to
from mailrail_patterns.messages import Message
from mailrail_patterns.tickets import key_of, ticket_of


@pytest.mark.parametrize("request_name", ["m01", "x27-100", "x27-202"])
@pytest.mark.parametrize(("verb", "number"), [("post", 1), ("post", 3), ("poll", 1), ("cancel", 2)])
@pytest.mark.parametrize("life", [1, 2])
def test_a_call_and_its_answer_are_told_from_their_names(
    request_name: str, verb: str, number: int, life: int
) -> None:
    call = call_name(request_name, verb, number, life)
    found = exchange_of(call)
    assert found is not None
    assert (found.request, found.verb, found.call, found.status) == (request_name, verb, call, 0)
    answer = answer_to(Message(call), 303).id
    found = exchange_of(f"{answer}~2")
    assert found is not None
    assert (found.request, found.call, found.status, found.copy) == (request_name, call, 303, True)


def test_a_reply_belongs_to_its_request() -> None:
    found = exchange_of(reply_to(Message("n01")).id)
    assert found is not None
    assert (found.request, found.call, found.status) == ("n01", "n01", 0)


@pytest.mark.parametrize("name", ["m01", "k01-job", "x27-202", ""])
def test_what_is_no_call_is_none(name: str) -> None:
    assert exchange_of(name) is None


def test_jobs_and_keys() -> None:
    assert ticket_of("m02-post2-job~3") == "m02-post2"
    assert ticket_of("m02-post2") == ""
    assert key_of(Message("m02")) == "k02"
    assert key_of(Message("n02")) == "kn02"
    assert key_of(Message("m02", headers=(("key", "order-7"),))) == "order-7"
