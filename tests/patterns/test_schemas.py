"""Versions of an event: what a reader needs, what it must know, and what an upcaster does."""

from __future__ import annotations

import pytest
from tests.support.by_hand import ran

from mailrail_patterns.messages import Message
from mailrail_patterns.schemas import Schema, fields, unreadable, upcast

FIRST = frozenset({"amount"})


@pytest.mark.parametrize(
    ("schema", "tolerant", "strict", "translated"),
    [
        (Schema.V1, "", "", ""),
        (Schema.ADDITIVE, "", "UnknownField", ""),
        (Schema.BREAKING, "SchemaMismatch", "UnknownField", "SchemaMismatch"),
        (Schema.VERSIONED, "SchemaMismatch", "UnknownField", ""),
    ],
)
def test_who_can_read_which_version(
    schema: Schema, tolerant: str, strict: str, translated: str
) -> None:
    event = Message("m01", headers=fields(schema, "75"))
    assert unreadable(event, "amount") == tolerant
    assert unreadable(event, "amount", FIRST) == strict
    assert unreadable(upcast(event), "amount") == translated
    if not translated:
        assert upcast(event).header("amount") == "75"


def test_an_upcaster_touches_nothing_that_does_not_say_it_is_newer() -> None:
    old = Message("m01", headers=(("total", "3"), ("region", "eu")))
    assert upcast(old) is old


def test_each_reader_s_failure_is_its_own() -> None:
    run = ran("publisher-subscriber/an-old-reader", 20)
    reasons = {(e.queue, e.text) for e in run.events if e.kind == "dead_lettered"}
    assert reasons == {("audit-1", "UnknownField"), ("billing-1", "SchemaMismatch")}


def test_without_its_version_no_upcaster_helps() -> None:
    for schema, completed in (("v2-breaking", 0), ("v2-versioned", 2)):
        run = ran("choreography", 12, count=2, schema=schema, upcaster="on")
        assert run.metrics()["orders_completed"] == completed
