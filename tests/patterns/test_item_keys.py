"""Items that instances share by key, and the order they come out in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.items import item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

LOST = "pipes-and-filters/order-lost"
KEPT = "pipes-and-filters/order-lost-keyed"


def published(run: Run) -> list[str]:
    """Return the items in the order in which they came out, those that came twice also twice."""
    return [item_of(event.message) for event in run.events if event.kind == "effect"]


def overtaken(items: list[str], keys: int) -> int:
    """Count from the names alone what comes after a later item of its key."""
    numbers = [int(item[1:]) for item in items]
    lanes = [[n for n in numbers if n % keys == key] for key in range(keys)]
    return sum(n < max(lane[:i], default=0) for lane in lanes for i, n in enumerate(lane))


@pytest.mark.parametrize("time", ["2s", "uniform(1s, 6s)", "exponential(3s)"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_keyed_keeps_the_order_whatever_the_work_takes(time: str, seed: int) -> None:
    given = {"resize_time": time, "resizers": "5", "lock": "100s"}
    kept = Run(find(KEPT), seed=seed, overrides=given)
    lost = Run(find(LOST), seed=seed, overrides=given)
    for run in (kept, lost):
        run.advance(200)
        assert run.metrics()["items_out"] == 12
        assert run.metrics()["out_of_order"] == overtaken(published(run), 4)
    assert overtaken(published(kept), 4) == 0
    assert broken(kept) == set()


def test_a_filter_that_dies_keeps_the_order_of_its_key() -> None:
    run = ran(KEPT, 200, "12s crash resize-1", "40s restart resize-1", lock="15s")
    assert run.metrics()["items_out"] == 12
    assert run.metrics()["out_of_order"] == 0


def test_without_keys_the_whole_stream_is_one() -> None:
    crowd = "pipes-and-filters/moving-bottleneck-three-resizers"
    items = published(run := ran(crowd, 90, "0s inject slow on resize-1 3"))
    assert run.metrics()["out_of_order"] == overtaken(items, 1) > 2
    assert "order-within-key" not in {f.guarantee.name for f in run.findings()}


def test_one_instance_keeps_the_order_by_itself() -> None:
    run = ran(LOST, 200, resizers="1", lock="100s")
    assert all(one < other for one, other in pairwise(published(run)))
    assert run.metrics()["out_of_order"] == 0


def test_items_are_not_shared_by_a_key_they_do_not_have() -> None:
    with pytest.raises(BadInput, match="set keys"):
        Run(find(KEPT), overrides={"keys": "0"})
