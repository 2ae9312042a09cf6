"""Whatever befalls a pattern, what it promises with its safeguards on does hold.

Random faults of the pattern's own row, at random times, for whom and as much as may be; random
crashes, pauses and restarts of its actors; half of the runs with random settings, and where those
give a promise up by what they are meant to do, that one is excused. Run longer with
``pytest tests/proofs --fuzz 5000``; what fails is printed as a scenario.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, note, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.support.drawing import given_up, injections, said
from tests.support.safeguards import guarded
from tests.support.scenarios import as_file, firmly_broken, with_steps

from mailrail_patterns import catalog
from mailrail_patterns.commands import (
    ANYBODY,
    Command,
    Crash,
    Heal,
    Pause,
    Restart,
    Resume,
    Stop,
    Timed,
)
from mailrail_patterns.kernel import agenda
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, Scenario, build

EXAMPLES = int(os.environ.get("MAILRAIL_FUZZ", "0")) or 200
SECONDS = 40.0
TIMES = st.integers(0, int(SECONDS * 4)).map(lambda quarter: quarter / 4)


def begun(name: str, chosen: dict[str, str]) -> Run:
    """Return how a pattern begins, as its safeguards and what is chosen make it."""
    pattern = catalog.pattern(name)
    run = Run(build(Document(pattern=name), name), overrides={**guarded(pattern), **chosen})
    run.advance(5.0)
    return run


def commands(name: str, chosen: dict[str, str]) -> st.SearchStrategy[Command]:
    """Return what may be done to a pattern."""
    run = begun(name, chosen)
    cast = [(actor.name, actor.role, actor.kind) for actor in run.view().actors]
    sources = {actor for actor, _, kind in cast if kind == "producer"}
    sent = sorted({e.message for e in run.events if e.kind == "sent" and e.actor in sources})
    messages = sent[:6]
    names = [actor for actor, *_ in cast]
    actors = st.sampled_from(names)
    caught = [Crash(actor, point) for actor in [*names, ANYBODY] for point in run.points(actor)]
    choices: list[st.SearchStrategy[Any]] = [
        st.builds(Crash, actors),
        st.sampled_from(caught),
        st.builds(Restart, actors),
        st.builds(Pause, actors),
        st.builds(Resume, actors),
        st.builds(Stop, actors),
    ]
    faults = catalog.pattern(name).faults
    choices += [st.one_of([injections(fault, cast, messages) for fault in faults])] * 3
    lasting = [fault.name for fault in faults if fault.lasts]
    if lasting:
        choices.append(st.builds(Heal, st.sampled_from(lasting)))
    return st.one_of(choices)


def broken(run: Run) -> dict[str, str]:
    """Return what must not break and did, and whose code failed."""
    bugs = {e.actor: e.text for e in run.events if e.kind == "crashed" and e.text[:4] == "bug:"}
    return {**firmly_broken(run), **bugs}


def played(made: Scenario) -> Run:
    """Play a scenario to its end."""
    run = Run(made)
    run.advance(SECONDS)
    return run


VARIANTS: list[tuple[str, dict[str, str]]] = [
    *(
        ("pipes-and-filters", {"order": "keyed", "keys": "3", "on_fault": policy})
        for policy in ("dead-letter", "pass-through", "fail")
    ),
    ("priority-queue", {"policy": "drain", "reserved": "1", "priorities": "ten"}),
    ("priority-queue", {"policy": "deadline", "priorities": "ten"}),
    ("priority-queue", {"policy": "shortest", "service": "uniform(200ms, 2s)"}),
    ("sequential-convoy", {"partitions": "2", "rebalance": "eager"}),
    ("sequential-convoy", {"partitions": "3", "rebalance": "cooperative"}),
]
"""Ways to set a pattern up that its defaults do not take; each is tried an eighth as often."""


@pytest.mark.parametrize(("name", "chosen"), VARIANTS)
def test_the_promises_hold_of_other_ways_to_set_it_up(
    name: str, chosen: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    promises(name, chosen, EXAMPLES // 8, monkeypatch)


@pytest.mark.parametrize("name", catalog.MODULES)
def test_the_promises_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    promises(name, {}, EXAMPLES, monkeypatch)


def promises(
    name: str, chosen: dict[str, str], examples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let random faults befall a pattern with its safeguards on and settings of our choice."""
    monkeypatch.setattr(agenda, "PATIENCE", 20_000)  # an endless instant is found sooner
    pattern = catalog.pattern(name)

    @settings(
        max_examples=examples, derandomize=EXAMPLES <= 200, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @drawn(
        st.lists(st.builds(Timed, TIMES, commands(name, chosen)), max_size=12),
        st.integers(1, 99), st.just({}) | said(pattern),
    )  # fmt: skip
    def keeps(steps: list[Timed], seed: int, more: dict[str, str]) -> None:
        together = {**more, **guarded(pattern), **chosen}
        document = Document(pattern=name, seed=seed, duration=SECONDS, settings=together)
        made = with_steps(build(document, name), sorted(steps, key=lambda timed: timed.at))
        try:
            run = played(made)
        except BadInput:
            assume(False)  # settings that contradict each other
            raise
        excused = given_up(pattern, together)
        found = {name: what for name, what in broken(run).items() if name not in excused}
        if found:
            note(as_file(made, made.steps, SECONDS))
        assert not found
        assert played(made).digest() == run.digest()

    keeps()
