"""Wiring a pipeline: what is refused and why, and that what is wired is what happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.scenarios import broken, ran, scenario

from mailrail_patterns.actor_names import role_of
from mailrail_patterns.catalog import pattern
from mailrail_patterns.items import item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.pipes_and_filters import STAGES
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import change
from mailrail_patterns.wirings import parse_wiring

PIPES = "pipes-and-filters"
WIRINGS = (
    "decode > publish", "decode > resize > publish", "decode > watermark > publish",
    "decode > resize > watermark > publish", "decode > watermark > resize > publish",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("decode > resize > resize > publish", "wiring: resize is wired to itself: what it puts "
         "out would come back to it for ever; wire it to another filter"),
        ("decode > rezise > publish",
         "wiring: there is no filter 'rezise'; the nearest is 'resize'"),
        ("decode > publish, resize > watermark, watermark > resize",
         "wiring: resize > watermark > resize is a cycle: an item would go round for ever; cut it"),
        ("decode > resize > decode",
         "wiring: decode > resize > decode is a cycle: an item would go round for ever; cut it"),
        ("decode > resize > publish, decode > watermark > publish", "wiring: decode has two "
         "outputs, to resize and to watermark; a filter puts its result into one pipe"),
        ("decode > resize", "wiring: no way leads from the sources to publish: nothing goes on "
         "after resize; wire it to another filter, in the end to publish"),
        ("resize > publish", "wiring: no way leads from the sources to publish: nothing goes on "
         "after decode; wire it to another filter, in the end to publish"),
        ("decode > publish, watermark > resize > publish", "wiring: no way leads from the sources "
         "to watermark; wire a filter to it, or leave it out"),
        ("resize > decode > publish",
         "wiring: resize is wired to decode, which takes what the sources send: files"),
        ("decode > publish > resize",
         "wiring: publish is wired to resize, but what leaves publish is published"),
        ("decode", "wiring: expected filters with > between them, such as 'decode > publish', "
         "not 'decode'"),
        ("decode > > publish", "wiring: expected filters with > between them, such as 'decode > "
         "publish', not 'decode > > publish'"),
        ("", "wiring: expected filters with > between them, such as 'decode > publish', not ''"),
        (7, "wiring: expected text, not 7"),
    ],
)  # fmt: skip
def test_what_is_no_pipeline_is_refused_with_the_reason(text: object, reason: str) -> None:
    pipes = pattern(PIPES)
    with pytest.raises(BadInput) as problem:
        change(pipes, pipes.settings(), "wiring", text)
    assert str(problem.value) == reason


def test_while_a_run_goes_on_it_is_refused_too_and_nothing_has_changed() -> None:
    with pytest.raises(BadInput, match="resize is wired to itself"):
        ran(scenario(PIPES, "5s set wiring=decode>resize>resize>publish"))


@pytest.mark.parametrize(
    "text",
    ["decode>resize>publish", "Decode > RESIZE > publish", "resize > publish, decode > resize",
     "decode > resize > publish, decode > resize"],
)  # fmt: skip
def test_one_pipeline_may_be_written_in_several_ways(text: str) -> None:
    assert parse_wiring(text).line == ("decode", "resize", "publish")


def way_of(run: Run, item: str) -> list[str]:
    """Return the filters that worked on an item, in order."""
    return [
        role_of(e.actor) for e in run.events if e.kind == "working" and item_of(e.message) == item
    ]


@pytest.mark.parametrize("wiring", WIRINGS)
def test_an_item_goes_where_it_is_wired_to_and_nobody_else_is_there(wiring: str) -> None:
    run = ran(scenario(PIPES, wiring=wiring, count=5), 60)
    line = wiring.split(" > ")
    assert all(way_of(run, f"m0{number}") == line for number in range(1, 6))
    assert {a.role for a in run.view().actors} == {*line, "source"}
    assert [queue.name for queue in run.view().queues] == [f"to-{stage}" for stage in line]
    assert run.metrics()["items_out"] == 5
    assert broken(run) == {}


def test_one_filter_for_everything_does_what_is_wired() -> None:
    run = ran(scenario(PIPES, wiring="decode > watermark > publish", split=False, count=2), 60)
    assert run.metrics()["first_out_at"] == 3


def test_a_filter_nobody_wires_to_any_more_finishes_what_it_has() -> None:
    run = ran(scenario(PIPES, "8.5s set wiring=decode>publish", count=10, every="1s"), 60)
    ways = {number: way_of(run, f"m{number:02d}") for number in range(1, 11)}
    assert ways[1] == ways[6] == ["decode", "resize", "publish"]
    assert ways[10] == ["decode", "publish"]
    assert run.metrics()["items_out"] == 10
    assert broken(run) == {}


def test_a_filter_that_was_left_out_at_the_start_comes_when_it_is_wired() -> None:
    made = scenario(PIPES, "5s set wiring=decode>resize>publish", wiring="decode > publish",
                    resizers=3, count=10, every="1s")  # fmt: skip
    run = ran(made, 60)
    assert [a.name for a in run.view().actors if a.role == "resize"] == [
        "resize-1", "resize-2", "resize-3",
    ]  # fmt: skip
    assert way_of(run, "m01") == ["decode", "publish"]
    assert way_of(run, "m10") == ["decode", "resize", "publish"]


@given(
    changes=st.lists(st.tuples(st.integers(0, 120), st.sampled_from(WIRINGS)), max_size=6),
    first=st.sampled_from(WIRINGS),
    claims=st.booleans(),
    capacity=st.sampled_from(["unbounded", 1, 3]),
    prefetch=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_however_often_it_is_wired_anew_every_item_comes_out_once(
    changes: list[tuple[int, str]], first: str, claims: bool, capacity: object, prefetch: int
) -> None:
    steps = [f"{at / 4}s set wiring={text.replace(' ', '')}" for at, text in changes]
    made = scenario(
        PIPES, *steps, duration=400.0, wiring=first, count=15, every="1s", lock="300s",
        capacity=capacity, prefetch=prefetch, claim_check=claims, item_size="5MB",
        bus_limit="0B",
    )  # fmt: skip
    run = ran(made, 400)
    if capacity != "unbounded" and "no-deadlock" in broken(run):
        return
    assert broken(run) == {}
    effects = [item_of(e.message) for e in run.events if e.kind == "effect"]
    assert sorted(effects) == [f"m{number:02d}" for number in range(1, 16)]
    for item in effects:
        way = way_of(run, item)
        assert len(way) == len(set(way)), "no filter twice"
        assert (way[0], way[-1]) == ("decode", "publish")


def test_an_item_that_takes_another_way_than_any_wiring_is_found() -> None:
    run = ran(scenario(PIPES, count=1), 0.5)
    world = run._world
    world.queues["to-publish"].offer(world.stamp("m01"), "decode-1", 1)
    run.advance(3)
    assert "stages-in-order" in broken(run)


SWAP = ("0.1s set wiring=decode>resize>publish", "2s set wiring=decode>watermark>resize>publish")


def test_filters_that_wait_for_each_other_in_a_circle_are_found() -> None:
    given: dict[str, Any] = {
        "capacity": 1,
        "every": "1s",
        "count": 15,
        "wiring": "decode > publish",
    }
    run = ran(scenario(PIPES, *SWAP, lock="300s", **given), 200)
    assert broken(run) == {
        "no-deadlock": "each waits for room: resize-1 for to-watermark, watermark-1 for to-resize"
    }
    assert "no-deadlock" not in broken(ran(scenario(PIPES, *SWAP, ttl="30s", **given), 200))
    loose = ran(scenario(PIPES, *SWAP, "5s spawn watermark 9", lock="300s", **given), 200)
    assert "no-deadlock" not in broken(loose)
    assert loose.metrics()["items_out"] == 15


def test_every_filter_has_a_role_and_a_time() -> None:
    pipes = pattern(PIPES)
    assert set(STAGES) <= {role.name for role in pipes.roles}
    assert all(pipes.settings().time_of(stage).mean > 0 for stage in STAGES)


def test_the_scenario_of_it_leaves_out_resize() -> None:
    run = ran(find(f"{PIPES}/wired-anew"))
    assert way_of(run, "m01") == ["decode", "watermark", "resize", "publish"]
    assert way_of(run, "m08") == ["decode", "resize", "watermark", "publish"]
    assert way_of(run, "m20") == ["decode", "watermark", "publish"]
