"""``mailrail list`` and ``mailrail show``."""

from __future__ import annotations

import ast
import json

import pytest
from rich.syntax import Syntax
from tests.app.commandline import Typed

from mailrail import showing
from mailrail_patterns import catalog, explanation
from mailrail_patterns.commands import SYNTAX
from mailrail_patterns.settings import describe


def test_list_names_every_pattern_and_scenario(typed: Typed) -> None:
    result = typed("list")
    assert (result.code, result.err) == (0, "")
    for name in catalog.MODULES:
        assert f"{name}  {catalog.pattern(name).title}\n" in result.out
    for name in catalog.bundled():
        assert f"/{name.partition('/')[2]} " in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines())


def test_list_as_json(typed: Typed) -> None:
    found = json.loads(typed("list", "--json").out)
    assert [each["name"] for each in found] == list(catalog.MODULES)
    names = {scenario["name"] for each in found for scenario in each["scenarios"]}
    assert names == set(catalog.bundled())
    assert all(scenario["title"] for each in found for scenario in each["scenarios"])


def test_show_tells_who_hears_what_from_the_start(typed: Typed) -> None:
    out = typed("show", "choreography").out
    assert "  payment.authorised  stock, delivery\n" in out
    assert "  shipment.failed     order, payment, stock, delivery\n" in out
    assert json.loads(typed("show", "choreography", "--json").out)["heard_by"]["order.placed"] == [
        "payment"
    ]
    assert "Who hears what" not in typed("show", "saga").out


@pytest.mark.parametrize("name", list(catalog.MODULES))
def test_show_tells_everything(typed: Typed, name: str) -> None:
    pattern = catalog.pattern(name)
    result = typed("show", name)
    assert (result.code, result.err) == (0, "")
    words = " ".join(result.out.split())
    for text in (pattern.story.problem, pattern.story.solution, *pattern.story.mistaught):
        assert " ".join(text.split()) in words
    for setting in describe(pattern):
        assert f"\n  {setting.name}  " in result.out
    for fault in pattern.faults:
        assert f"\n  {fault.name} " in result.out
    for syntax in SYNTAX.values():
        assert f"\n  {syntax}\n" in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines())


@pytest.mark.parametrize("name", list(catalog.MODULES))
def test_show_as_json(typed: Typed, name: str) -> None:
    found = json.loads(typed("show", name, "--json").out)
    assert list(found) == [
        "name", "title", "story", "roles", "settings", "faults", "guarantees", "metrics",
        "scenarios", "commands", "safeguards", "dialects", "heard_by", "terms", "experiments",
    ]  # fmt: skip
    by_name = {each["name"]: each for each in found["settings"]}
    assert by_name["mode"]["range"] == "peek-lock, receive-and-delete"
    assert by_name["capacity"]["default"] == "unbounded"
    assert by_name["idempotent"]["range"] == "on, off"
    assert by_name["lock"]["range"] == "from 0.001s"
    assert by_name["loss"]["range"] == "0 to 1"


@pytest.mark.parametrize("name", list(catalog.MODULES))
def test_show_the_code_as_it_is(typed: Typed, name: str) -> None:
    out = typed("show", name, "--code").out
    ast.parse(out)
    files = explanation.sources(name)
    assert files[0] == catalog.source(name)
    at = [out.index(path.read_text(encoding="utf-8").rstrip()) for path in files]
    assert at == sorted(at)
    heads = [line.split()[2] for line in out.splitlines() if line.startswith("# ── ")]
    assert heads == [path.name for path in files]


def test_every_module_that_explains_a_saga_is_shown_and_nothing_that_only_looks_on() -> None:
    names = {path.stem for path in explanation.sources("saga")}
    assert names >= {"saga", "decisions", "log", "ledgers", "compensations", "worth", "handler"}
    assert not names & {"port", "pattern", "accounting", "sagas", "queue_settings", "messages"}
    taken = {path.stem for each in catalog.MODULES for path in explanation.sources(each)}
    assert taken >= {"supervision", "assignment", "remote_service", "claimed", "resequencing"}


def test_on_a_terminal_each_module_has_its_colours() -> None:
    parts = showing.code("saga", coloured=True)
    assert sum(isinstance(part, Syntax) for part in parts) == len(explanation.sources("saga"))
