"""What ``mailrail show`` tells of the broker dialects."""

from __future__ import annotations

import json

import pytest
from tests.app.commandline import Typed

from mailrail.dialect_sheets import every, names


@pytest.mark.parametrize("name", names())
def test_a_sheet_can_be_shown(typed: Typed, name: str) -> None:
    result = typed("show", name)
    page = " ".join(result.out.split())
    assert result.code == 0
    shown = next(each for each in every() if each.name == name)
    assert "A model, not the product." in page
    for heading in ("What it does", "Not modelled", "Here, and there", "Sources"):
        assert heading in page
    assert shown.left_out[0].split(":")[0] in page


def test_a_sheet_as_data(typed: Typed) -> None:
    text = typed("show", "rabbitmq-quorum", "--json").out
    data = json.loads(text)
    assert data["settings"]["max_deliveries"] == "20"
    assert dict(data["facts"])["Counts"].startswith("The death of the consumer")
    assert data["left_out"]
    assert data["sources"]


def test_a_pattern_lists_them_in_short(typed: Typed) -> None:
    out = typed("show", "competing-consumers").out
    assert all(name in out for name in names())
    text = typed("show", "competing-consumers", "--json").out
    assert [each["name"] for each in json.loads(text)["dialects"]] == names()


def test_what_is_neither_names_the_nearest_of_both(typed: Typed) -> None:
    assert "'rabbitmq-quorum'" in typed("show", "rabitmq-quorum").err
    assert "'priority-queue'" in typed("show", "priority-quue").err


def test_a_dialect_has_no_code(typed: Typed) -> None:
    result = typed("show", "amazon-sqs", "--code")
    assert result.code == 2
    assert "no code" in result.err


def test_a_misspelt_dialect_is_refused_with_the_nearest(typed: Typed) -> None:
    result = typed("run", "competing-consumers", "--set", "dialect=kafka-shared-group")
    assert result.code == 2
    assert "dialect" in result.err
    assert "'kafka-share-group'" in result.err
