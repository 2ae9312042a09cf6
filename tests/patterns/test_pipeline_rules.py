"""Rules of a pipeline that no single fault shows: what a duplicate costs, what is passed on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.by_hand import broken, driven, ran
from tests.support.scenarios import as_written

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.items import item_of
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

PIPES = "pipes-and-filters"
CREWS = {"decode": "decoders", "resize": "resizers", "publish": "publishers"}
FILTERS = ("decode-1", "resize-1", "publish-1")


def dying(deaths: list[tuple[int, str]], **cure: str) -> tuple[int, list[str]]:
    """Return how many outputs there are too many, and who has died between sending and settling.

    Args:
        deaths: At which quarter of a second a filter is told to, and which one.
        cure: The setting that is to help.
    """
    commands = [parse_timed(f"{at / 4}s crash {who} at K5") for at, who in sorted(deaths)]
    given_ = {"count": "20", "every": "1s", "resize_time": "1s", "lock": "4s",
              "restart_after": "1s", **cure}  # fmt: skip
    run = Run(find(PIPES), commands=commands, overrides=given_)
    run.advance(100)
    effects = [item_of(e.message) for e in run.events if e.kind == "effect"]
    assert len(set(effects)) == 20
    return len(effects) - 20, [e.actor for e in run.events if e.kind == "crashed"]


@given(
    deaths=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(FILTERS)), min_size=1, max_size=4
    )
)  # fmt: skip
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
def test_each_death_between_sending_and_settling_publishes_once_more(
    deaths: list[tuple[int, str]],
) -> None:
    bare, died = dying(deaths)
    assert bare == len(died), "each once more, whichever filter it was"
    assert dying(deaths, idempotent="on")[0] == 0
    deduplicated, dead = dying(deaths, broker_dedupe="on")
    assert deduplicated == dead.count("publish-1"), "what a pipe takes once may be given twice"


@pytest.mark.parametrize(
    ("crews", "times"),
    [((1, 1, 1), (1, 3, 1)), ((1, 2, 1), (1, 3, 1)), ((1, 3, 1), (1, 3, 1)), ((1, 1, 1), (2, 1, 1)),
     ((2, 2, 1), (3, 5, 1)), ((1, 2, 3), (0.5, 2, 5))],
)  # fmt: skip
def test_throughput_is_that_of_the_slowest_stage_to_within_an_item(
    crews: tuple[int, ...], times: tuple[float, ...]
) -> None:
    given_: dict[str, str] = {}
    for (stage, named), crew, seconds in zip(CREWS.items(), crews, times, strict=True):
        given_ |= {named: str(crew), f"{stage}_time": f"{seconds}s"}
    slowest = min(crew / seconds for crew, seconds in zip(crews, times, strict=True))
    run = ran(PIPES, 200, **given_, every="200ms", count="60", lock="200s")
    outs = [e.t for e in run.events if e.kind == "effect"]
    assert len(outs) > 20
    for out, at in enumerate(outs, 1):
        assert abs(out - (1 + (at - outs[0]) * slowest)) <= 1 + 1e-6
    assert all(a <= b for a, b in pairwise(outs))


def test_filters_hand_on_fields_that_are_not_theirs() -> None:
    text = """
pattern = "pipes-and-filters"
[messages.m01]
subject = "holiday.beach"
group = "album"
[messages.m01.headers]
tenant = "north"
camera = "old"
"""
    run = Run(as_written(text))
    driven(run, 20, "0.5s pause publish-1")
    (entry,) = [
        entry for name, entry in run._world.queues["to-publish"].entries.items()
        if item_of(name) == "m01"
    ]  # fmt: skip
    made = entry.message
    assert made.headers == (("tenant", "north"), ("camera", "old"))
    assert (made.subject, made.group, made.conversation) == ("holiday.beach", "album", "m01")
    assert broken(run) == set()
