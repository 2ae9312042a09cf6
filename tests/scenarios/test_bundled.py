"""Every bundled scenario holds, and still says what its golden values are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scenarios.golden import GOLDEN as COORDINATING
from tests.support.scenarios import ran

from mailrail_patterns import catalog
from mailrail_patterns.commands import Say
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

BUNDLED = sorted(catalog.bundled())
LEASE = "competing-consumers/the-lock-is-a-lease"
LUGGAGE = "claim-check/lost-luggage"
LATE = "queue-based-load-leveling/saved-but-too-late"
GOLDEN: dict[str, tuple[str, ...]] = {
    LEASE: (
        "completed == 18", "effects == 21", "dead_lettered == 2", "lock_lost == 3",
        "m07.delivered.1 == 6", "m07.delivered.2 == 7", "m07.delivered.3 == 8",
        "m07.dead_lettered == 9", "m08.lock_expired == 12", "m08.delivered.2 == 14",
        "m08.completed == 17", "m10.delivered.1 == 9", "m10.delivered.2 == 14",
        "m10.lock_lost.1 == 17", "m10.lock_lost.2 == 22", "m10.dead_lettered == 25",
        "last_lock_ends_at == 33",
    ),
    f"{LEASE}-idempotent": ("effects == 19", "m10.completed == 20", "dead_lettered == 1",
                            "last_lock_ends_at == 31", "effect-once holds"),
    f"{LEASE}-renewal": ("lock_lost == 0", "last_lock_ends_at == 28"),
    LATE: ("offered == 115", "rejected == 0", "depth_max == 40", "depth == 40 at 5s",
           "drained_at == 18.2", "wait_max == 10.0", "wasted == 40"),
    f"{LATE}-no-queue": ("offered == 115", "rejected == 40"),
    f"{LATE}-bound-10": ("rejected == 30", "wait_max == 2.8", "wasted == 0", "drained_at == 8.2"),
    LUGGAGE: (
        "too_large == 8 at 8s", "checked == 8 at 16s", "bus_bytes == 2400 at 16s",
        "store_bytes == 40000000 at 16s", "saved_ratio == 16667 at 16s", "m17.stored == 18",
        "m17.removed == 40", "dangling == 0 at 31s", "dangling == 3 at 32s",
        "n03.dead_lettered == 35", "dead_lettered == 3 at 36s", "not_found == 6",
    ),
    f"{LUGGAGE}-refcount": ("not_found == 0", "dead_lettered == 0", "m17.removed == 40"),
    f"{LATE}-retries": ("resent == 58", "answered-in-time breaks"),
    **COORDINATING,
}  # fmt: skip


@pytest.mark.parametrize("name", BUNDLED)
def test_it_holds_and_a_lecturer_can_read_it_out(name: str) -> None:
    """There is a caption before it happens, and one where it has."""
    made = find(name)
    said = {step.at for step in made.steps if isinstance(step.command, Say)}
    assert len(said) > 1
    assert max(said) <= made.duration
    outcome = ran(made).outcome()
    assert not [judgement for judgement in outcome.judgements if not judgement.holds]
    assert outcome.held is True


def test_every_golden_scenario_is_there() -> None:
    assert set(GOLDEN) <= set(BUNDLED)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_values_are_still_asked_for(name: str) -> None:
    missing = set(GOLDEN[name]) - set(find(name).expect)
    assert not missing, f"{name} no longer asks for {sorted(missing)}"


def test_what_breaks_is_what_was_expected_to() -> None:
    outcome = ran(find(LEASE)).outcome()
    assert {f.guarantee.name for f in outcome.findings if not f.holds} == outcome.expected
    assert outcome.expected == {"effect-once", "worked-on-by-one"}


def test_no_variant_tells_the_story_of_what_it_varies() -> None:
    told: dict[tuple[str, ...], str] = {}
    for name in catalog.bundled():
        steps = [timed.command for timed in find(name).steps]
        captions = tuple(command.text for command in steps if isinstance(command, Say))
        assert captions
        assert told.setdefault(captions, name) == name


def test_a_wrong_expectation_does_not_hold() -> None:
    outcome = ran(find(LEASE), expect=["completed == 19", "effect-once holds"]).outcome()
    assert [j.holds for j in outcome.judgements[-2:]] == [False, False]
    assert outcome.held is False


def test_an_unexpected_breach_does_not_hold() -> None:
    run = ran(find("competing-consumers"), 60, overrides={"service": "9s"})
    assert run.outcome().held is False


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_every_pattern_runs_with_its_defaults(pattern: str) -> None:
    outcome = ran(find(pattern)).outcome()
    assert outcome.held is True


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_every_pattern_tells_its_story(pattern: str) -> None:
    found = catalog.pattern(pattern)
    story = found.story
    assert story.problem
    assert story.solution
    assert all((story.when, story.when_not, story.mistaught, story.brokers))
    assert found.name == pattern
    assert catalog.source(pattern).is_file()
    assert catalog.bundled(pattern)


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_taking_the_idea_away_is_a_good_setting(pattern: str) -> None:
    key, _, value = catalog.pattern(pattern).switch.partition("=")
    Run(find(pattern), overrides={key: value})


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the-lock-is-a-lease"):
        find("competing-consumers/the-lock-is-a-leese")
