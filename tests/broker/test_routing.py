"""Which subjects a filter matches, and what is wrong with one that cannot be read."""

from __future__ import annotations

import pytest

from mailrail_patterns.broker.routing import compile_filter
from mailrail_patterns.names import BadInput


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("order.placed", ["order.placed"], ["order", "order.placed.late", "stock.placed"]),
        ("order.placed,stock.rejected", ["order.placed", "stock.rejected"], ["order.rejected"]),
        ("order.*,#.failed", ["order.placed", "shipment.failed", "a.b.failed"], ["a.b"]),
        ("#", ["", "order", "order.placed"], []),
    ],
)
def test_several_filters_match_what_any_of_them_does(
    text: str, yes: list[str], no: list[str]
) -> None:
    matches = compile_filter(text)
    assert all(map(matches, yes))
    assert not any(map(matches, no))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("order..placed", "a word is missing at column 7"),
        ("order.placed,", "a word is missing at column 14"),
        ("order.placed,stock.re*", r"\* at column 22 must be a word by itself"),
    ],
)
def test_what_cannot_be_read_names_the_column(text: str, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        compile_filter(text)
