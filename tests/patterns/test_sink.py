"""A pipeline's sink that goes by numbers: order, gaps, and what becomes of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.items import item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.projections.flowing import Belt
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

LOST = "pipes-and-filters/order-lost"
PUT_RIGHT = "pipes-and-filters/order-lost-resequenced"
GAP = "pipes-and-filters/gap-at-the-sink"
CROWD = "pipes-and-filters/moving-bottleneck-one-filter"


def published(run: Run) -> list[tuple[str, float]]:
    """Return what came out and when, in order."""
    return [(item_of(event.message), event.t) for event in run.events if event.kind == "effect"]


def at_the_sink(run: Run) -> dict[str, float]:
    """Return when the last filter was sent each item."""
    return {item_of(event.message): event.t for event in run.events
            if event.kind == "sent" and event.queue == "to-publish"}  # fmt: skip


@pytest.mark.parametrize("time", ["2s", "uniform(1s, 6s)", "exponential(3s)"])
@pytest.mark.parametrize("keys", [1, 4])
def test_items_come_out_by_number_and_as_soon_as_they_can(time: str, keys: int) -> None:
    run = ran(
        LOST, 200, order="resequenced", keys=keys, resizers=5, resize_time=time, lock="100s",
        gap_timeout="0s", publishers=4, publish_time="0s",
    )  # fmt: skip
    out, there = dict(published(run)), at_the_sink(run)
    assert len(out) == 12
    for key in range(keys):
        names = [f"m{number:02}" for number in range(key + 1, 13, keys)]
        for index, name in enumerate(names):
            assert out[name] == max(there[each] for each in names[: index + 1])
    assert run.metrics()["out_of_order"] == 0
    assert broken(run) == set()


def test_without_a_numbered_order_nothing_is_set_aside() -> None:
    run = ran(LOST, 40)
    assert run.metrics()["buffered_max"] == 0
    assert not any(event.sequence for event in run.events)


def test_the_gap_is_named_by_its_item_and_by_its_number_where_none_was_taken() -> None:
    def gaps(run: Run) -> list[tuple[str, str, float, list[str]]]:
        scene = run.view().scene
        assert isinstance(scene, Belt)
        return [(g.key, g.missing, g.since, [item_of(n) for n in g.waiting]) for g in scene.gaps]

    assert gaps(ran(GAP, 8.5)) == [("k1", "m02", 5.0, ["m03", "m04", "m05", "m06"])]
    lost = ran(GAP, 8.5, "0.5s inject lose-send")
    assert gaps(lost)[0][:2] == ("k1", "k1.2")


def test_a_second_copy_has_no_number_of_its_own() -> None:
    run = ran(GAP, 60, "0.5s inject duplicate", idempotent=True)
    assert run.metrics()["items_out"] == 10  # item 7 is another instance's by then, and sound
    assert run.metrics()["duplicates_dropped"] == 1
    assert broken(run) == set()


def test_a_sink_that_dies_leaves_what_it_set_aside_to_the_next() -> None:
    run = ran(GAP, 60, "8.5s crash publish-1", "9.5s spawn publish")
    items = [name for name, _ in published(run)]
    assert all(one < other for one, other in pairwise(items))
    assert len(items) == 9
    assert broken(run) == set()


def test_switched_off_it_lets_go_and_switched_on_it_begins_anew() -> None:
    off = ran(GAP, 60, "8.5s set order=off")
    assert off.metrics()["items_out"] == 9
    assert off.metrics()["buffered"] == 0
    again = ran(GAP, 60, "2.5s set order=off", "7.5s set order=resequenced")
    assert again.metrics()["items_out"] == 9
    assert again.metrics()["given_up"] == 0


def test_one_filter_that_does_everything_is_its_own_sink() -> None:
    run = ran(CROWD, 200, split="off", decoders=3, keys=2, order="resequenced")
    assert run.metrics()["items_out"] == 20
    assert run.metrics()["out_of_order"] == 0
    assert broken(run) == set()


def test_a_buffer_that_is_full_ends_the_patience() -> None:
    run = ran(GAP, 60, gap_buffer=2)
    assert run.metrics()["buffered_max"] == 3  # the one that was too many goes first
    assert run.metrics()["too_late"] == 1
    assert broken(run) == set()


@pytest.mark.parametrize(
    ("given", "words"),
    [({"keys": "0"}, "set keys=1"), ({"mode": "receive-and-delete"}, "set mode=peek-lock")],
)
def test_what_cannot_be_put_right_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Run(find(PUT_RIGHT), overrides=given)
