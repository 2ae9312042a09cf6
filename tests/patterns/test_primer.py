"""The words of every pattern are explained, and what is to be tried can be, and shows something."""

from __future__ import annotations

import re

import pytest

from mailrail.preparation import Request, prepare
from mailrail_patterns import catalog, primer
from mailrail_patterns.primer import Experiment
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

EXPERIMENTS = [(name, each) for name in catalog.MODULES for each in primer.primer(name).experiments]


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_pattern_has_words_and_something_to_try(name: str) -> None:
    told = primer.primer(name)
    names = [term.name for term in told.terms]
    assert len(set(names)) == len(names)
    assert {"lock, lease", "dead letter"} <= set(names)
    assert len(told.experiments) >= 3
    for term in told.terms:
        assert term.about[0].isupper()
        assert term.about.endswith(".")
        assert len(term.about) <= 200


def test_every_word_is_told_somewhere() -> None:
    told = {term.name for name in catalog.MODULES for term in primer.primer(name).terms}
    assert told == set(primer._WORDS)


def test_a_pattern_that_is_none_has_no_words() -> None:
    assert primer.primer("no-such-pattern") == primer.Primer()


def ended(name: str, sets: tuple[str, ...] = (), commands: tuple[str, ...] = ()) -> Run:
    run = prepare(Request(name, sets=sets, commands=commands))
    run.advance(run.duration)
    return run


@pytest.fixture(scope="module")
def plain() -> dict[str, Run]:
    return {}


@pytest.mark.parametrize(("name", "experiment"), EXPERIMENTS, ids=lambda each: re.sub(
    r"\W+", "-", each if isinstance(each, str) else each.question).strip("-"))  # fmt: skip
def test_what_is_to_be_tried_shows_something(
    name: str, experiment: Experiment, plain: dict[str, Run]
) -> None:
    if name not in plain:
        plain[name] = Run(find(name))
        plain[name].advance(plain[name].duration)
    run = ended(name, experiment.sets, experiment.commands)
    assert not [event for event in run.events if event.kind == "ignored"]
    assert run.metrics() != plain[name].metrics()


@pytest.mark.parametrize(
    ("name", "question", "broken"),
    [
        ("competing-consumers", "The work takes longer", "worked-on-by-one"),
        ("competing-consumers", "Nothing is locked", "done-or-dead"),
        ("queue-based-load-leveling", "A burst comes to a service", "nobody-turned-away"),
        ("priority-queue", "High comes as fast", "nobody-starves"),
        ("sequential-convoy", "No lanes", "order-within-group"),
        ("pipes-and-filters", "A filter dies", "effect-once"),
        ("publisher-subscriber", "Two subscribers die", "nothing-missed"),
        ("claim-check", "Two read", "ticket-finds-payload"),
        ("asynchronous-request-reply", "The same, without a key", "charged-once"),
        ("choreography", "Payment saves", "no-zombie-records"),
        ("choreography", "Stock dies", "over-by-its-deadline"),
        ("saga", "The orchestrator dies", "every-saga-ends"),
        ("scheduler-agent-supervisor", "The same, and nobody", "no-row-rots"),
    ],
)
def test_what_is_asked_for_trouble_breaks_what_it_is_about(
    name: str, question: str, broken: str
) -> None:
    each = next(e for e in primer.primer(name).experiments if e.question.startswith(question))
    run = ended(name, each.sets, each.commands)
    assert broken in {found.guarantee.name for found in run.findings() if not found.holds}


def test_what_is_typed_is_told_as_it_is_typed() -> None:
    experiment = Experiment("What now?", ("lock=3s",), ("1s crash consumer-1",))
    assert experiment.flags == "--set lock=3s --do '1s crash consumer-1'"
