"""Batches before the lanes: taken apart under names that follow, also when it is done again."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.commands import parse_command
from mailrail_patterns.debatching import bundled, transactions_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message
from mailrail_patterns.projections.convoy_scene import ConvoyScene
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

THE_LEDGER = "sequential-convoy/the-ledger"


def test_a_batch_carries_its_transactions_and_gives_them_back_with_their_groups() -> None:
    steps = [Message("x", group="A", sequence=7), Message("x", group="B", sequence=2, last=True)]
    batch = bundled(Message("m01", work=3.0), steps)
    assert batch.group == ""
    found = [(m.id, m.group, m.sequence, m.last, m.work) for m in transactions_of(batch)]
    assert found == [("m01-1", "A", 7, False, -1.0), ("m01-2", "B", 2, True, -1.0)]


def crashed_at(point: str, *, resequence: bool) -> Run:
    """Return the run in which the only processor dies at its second batch and comes back."""
    given = {"restart_after": 1.0, "resequence": resequence}
    run = Run(find(THE_LEDGER), overrides=given)
    run.advance(3.5)
    run.do(parse_command(f"crash ledger-processor-1 at {point}"))
    run.advance(60.0)
    assert any(e.kind == "crashed" for e in run.events)
    return run


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_a_processor_that_dies_leaves_every_transaction_done_once_and_in_order(point: str) -> None:
    run = crashed_at(point, resequence=True)
    metrics = run.metrics()
    assert (metrics["effects"], metrics["duplicate_effects"]) == (40, 0)
    assert broken(run) == set()


def test_without_numbers_one_that_comes_back_before_its_lock_ends_goes_on_with_the_next() -> None:
    run = crashed_at("K3", resequence=False)
    assert run.metrics()["effects"] == 40
    assert broken(run) == {"as-sent"}


def test_only_batches_need_somebody_to_take_them_apart() -> None:
    run = Run(find("sequential-convoy/lanes"))
    with pytest.raises(BadInput, match="ledger-processor takes no part as the settings stand"):
        run.do(parse_command("spawn ledger-processor"))


def test_the_lanes_are_told_nothing_of_what_waits_before_them() -> None:
    scene = ran(THE_LEDGER, 9.5).view().scene
    assert isinstance(scene, ConvoyScene)
    assert [lane.key for lane in scene.lanes] == ["A", "B", "C", "D"]
