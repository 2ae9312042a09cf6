"""Presets are defaults: what is said goes before them, at the start and live."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.scenarios import CONSUMING, as_file, broken, ran, scenario

from mailrail_patterns import catalog
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.dialects import PRESETS, find
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build, parse
from mailrail_patterns.settings import check, describe, resolve, written

NAMES = [dialect.value for dialect in PRESETS]
GOVERNED = {
    "azure-service-bus": ("60s", "10", "dead-letter", "head"),
    "amazon-sqs": ("30s", "0", "dead-letter", "tail"),
    "amazon-sqs-fifo": ("30s", "0", "dead-letter", "head"),
    "rabbitmq-quorum": ("1800s", "20", "drop", "returns"),
    "nats-jetstream": ("30s", "0", "stay", "returns"),
    "kafka-share-group": ("30s", "5", "archive", "returns"),
}


def told(run: Run) -> dict[str, str]:
    """Return the settings as the views show them."""
    return dict(run.view().settings)


def governed(settings: dict[str, str]) -> tuple[str, ...]:
    """Return the settings every preset gives, as they are shown."""
    names = ("lock", "max_deliveries", "at_limit", "redelivery")
    return tuple(settings[name] for name in names)


@pytest.mark.parametrize("pattern", catalog.MODULES)
@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_takes_every_dialect(name: str, pattern: str) -> None:
    found = catalog.pattern(pattern)
    settings = resolve(found, {"dialect": name})
    check(found, settings)
    assert governed(written(found, settings)) == GOVERNED[name]


def test_a_scenario_and_an_override_go_before_a_preset() -> None:
    made = scenario(CONSUMING, dialect="azure-service-bus", lock="7s")
    run = ran(made, 1, overrides={"max-deliveries": "4"})
    assert governed(told(run)) == ("7s", "4", "dead-letter", "head")
    other = ran(made, 1, overrides={"dialect": "kafka-share-group"})
    assert governed(told(other)) == ("7s", "5", "archive", "returns")


def test_another_dialect_live_brings_its_defaults_and_leaves_what_was_said() -> None:
    made = scenario(CONSUMING, "2s set max_deliveries=4", lock="7s")
    run = ran(made, 3)
    run.do(parse_timed("0s set dialect=rabbitmq-quorum").command)
    assert governed(told(run)) == ("7s", "4", "drop", "returns")
    declared = [e for e in run.events if e.kind == "declared"][-1]
    assert (declared.delivery, declared.value) == (4, 7.0)
    assert "at_limit=drop" in declared.text
    changed = [e for e in run.events if e.kind == "changed"]
    assert [e.message for e in changed] == ["max_deliveries", "dialect", "redelivery", "at_limit"]
    assert {e.cause for e in changed[2:]} == {changed[1].n}


def test_back_to_the_ordinary_rules() -> None:
    made = scenario(CONSUMING, "2s set dialect=nats-jetstream", "4s set dialect=mailrail")
    run, usual = ran(made, 5), ran(scenario(CONSUMING), 5)
    assert told(run) == told(usual)
    words = [e.text for e in run.events if e.kind == "declared"]
    assert words[0] == words[-1] != words[1]


def test_a_live_change_is_the_same_as_a_step_and_survives_a_fork() -> None:
    run = ran(scenario(CONSUMING, count=9, service="3s"), 4)
    run.do(parse_timed("0s set dialect=rabbitmq-quorum").command)
    run.do(parse_timed("0s set lock=3s").command)
    run.advance(20)
    text = as_file(run.scenario, run.commands, 60)
    again = Run(build(parse(text), "again"))
    again.advance(20)
    assert again.digest() == run.digest() == run.fork().digest()
    assert set(broken(run)) <= {"effect-once"}


def test_what_is_under_way_goes_on_under_the_new_rules() -> None:
    made = scenario(
        CONSUMING, "1s set dialect=nats-jetstream", consumers=1, count=1, lock="2s", service="5s"
    )
    run = ran(made, 10)
    assert [e.text for e in run.events if e.kind == "completed"] == ["late, ready again"]
    assert not broken(run)


# --- bad input ----------------------------------------------------------------------------


def test_a_misspelt_dialect_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="'rabbitmq-quorum'"):
        Run(scenario(CONSUMING, dialect="rabbit-quorum"))
    with pytest.raises(BadInput, match="'kafka-share-group'"):
        ran(scenario(CONSUMING), 1).do(parse_timed("0s set dialect=kafka").command)
    with pytest.raises(BadInput, match="'nats-jetstream'"):
        find("jetstream")
    with pytest.raises(BadInput, match="steps"):
        Run(scenario(CONSUMING, "3s set dialect=sqs-fifo"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"dialect": "azure-service-bus", "lock": "6m"}, "lock: .*5 minutes"),
        ({"dialect": "azure-service-bus", "max_deliveries": 0}, "max_deliveries: .*cannot switch"),
        ({"dialect": "azure-service-bus", "at_limit": "drop"}, "at_limit: .*dead-letter"),
        ({"dialect": "amazon-sqs", "lock": "13h"}, "lock: .*12 hours"),
        ({"dialect": "nats-jetstream", "dead_letter_expired": True}, "no dead letters"),
        ({"at_limit": "drop", "dead_letter_expired": True}, "no dead letters"),
        ({"at_limit": "drop", "immediate_retries": 5}, "no dead letters|end in the dead letters"),
        ({"retry_delay": "5s", "longest_delay": "3s"}, "longest_delay: shorter"),
        ({"immediate_retries": 5, "delayed_retries": 3, "max_deliveries": 23}, "24 times"),
    ],
)
def test_what_a_broker_has_not_is_refused(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(scenario(CONSUMING, **said))


def test_a_dialect_that_does_not_fit_what_was_said_is_refused_live_and_changes_nothing() -> None:
    run = ran(scenario(CONSUMING, lock="10m"), 1)
    before = told(run)
    with pytest.raises(BadInput, match="5 minutes"):
        run.do(parse_timed("0s set dialect=azure-service-bus").command)
    assert told(run) == before


# --- the sheets ---------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS.values(), ids=NAMES)
def test_a_sheet_says_everything(preset: Any) -> None:
    sheet = preset.sheet
    for field in sheet.__struct_fields__:
        assert getattr(sheet, field), field
    patterns = map(catalog.pattern, catalog.MODULES)
    known = {setting.name for pattern in patterns for setting in describe(pattern)}
    assert {bound.setting for bound in preset.bounds} | set(preset.settings) <= known
    assert preset.rules == replace(preset.rules)


def test_no_two_dialects_are_the_same() -> None:
    made = [(preset.rules, tuple(preset.settings.items())) for preset in PRESETS.values()]
    assert all(made.count(each) == 1 for each in made)
