"""Rows A9, A10 and A11 of the failure matrix: each cell, written in a scenario file, does its work.

Every cell is a file as anybody could write it: the fault, and what must be seen because of it. What
is to be seen must not be there without the fault, or the file would show nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.cells import GOOD, cell, judged

from mailrail_patterns import catalog

SAGA, STORE, CONVOY = "saga", "scheduler-agent-supervisor", "sequential-convoy"

BASES = {
    # One order at 1 s: stock 1-3, credit 3-5, card 5-7, shipping 7-9, notification 9-10.
    SAGA: ('start = "1s"\ncount = 1', ("stock_time=2s", "asks=2", "lock=4s")),
    # One order at 1 s, claimed until 5 s and done at 2.5 s; the scans come at 6 s, 12 s, and so on.
    STORE: ('start = "1s"\ncount = 1', ("supervisors=1", "call_timeout=0s")),
    # A1 to A4 from 1 s on, B1 to B4 half a second later; 2 s of work each, and a worker to spare.
    CONVOY: ('start = "1s"\nevery = "500ms"\ncount = 8',
             ("groups=2", "consumers=3", "service=2s", "lock=5s")),
}  # fmt: skip
"""What each pattern is set to, and what its producer does."""


class Cell(NamedTuple):
    """One cell: pattern and failure, what is done, what must be seen, what else is set."""

    pattern: str
    name: str
    steps: tuple[str, ...]
    expect: tuple[str, ...]
    settings: tuple[str, ...] = ()
    producer: str = ""

    def __str__(self) -> str:
        return f"{self.pattern}-{self.name}"


ROWS: list[tuple[object, ...]] = [
    *((SAGA, f"crash {point}", tuple(step.format(point) for step in ("0s crash stock-1 at {}",
                                                                     "6s restart stock-1")),
       ("crashes == 1", "m01-stock.effect >= 1", "completed_sagas == 1", "effects == 5"))
      for point in ("K1", "K2", "K3", "K5", "K6")),
    (SAGA, "crash orchestrator", ("4s crash orchestrator-1", "8s restart orchestrator-1"),
     ("m01-credit.effect == 5", "recovery_time == 4", "m01.state.Completed == 13")),
    (SAGA, "hang", ("5.5s pause card-1", "28s resume card-1"),
     ("m01-card~2.sent == 15", "m01.state.Completed == 31", "effects == 5")),
    (SAGA, "slow", ("0s inject slow on card-1 3",),
     ("m01-card.effect == 11", "m01.state.Completed == 14")),
    (SAGA, "poison", ("0s inject poison on m01",),
     ("m01.dead_lettered == 10", "dead_lettered == 1", "completed_sagas == 0")),
    (SAGA, "decline", ("0s inject decline on m01-card",), ("m01.state.Compensated == 11",)),
    (SAGA, "fail", ("0s inject fail on m01-credit 1",),
     ("m01-credit.abandoned == 5", "m01.state.Completed == 13")),
    (SAGA, "delay-command", ("0s inject delay-command on m01-credit",),
     ("m01-undo-credit.sent == 13", "m01.state.Compensated >= 13", "left_held == 0",
      "late_commands_refused == 1")),
    (SAGA, "lose-reply", ("0s inject lose-reply on m01-credit",),
     ("m01-credit.effect == 5", "m01-undo-credit.sent == 13", "left_held == 0")),
    (SAGA, "duplicate-reply", ("0s inject duplicate-reply on m01-stock",),
     ("m01-stock-done~2.sent == 3", "m01.state.Completed == 10")),
    (SAGA, "lose-send", ("2.9s inject lose-send",),
     ("dropped == 1", "m01-undo-stock.sent == 11", "left_held == 0")),
    (SAGA, "lose-ack", ("2.9s inject lose-ack",),
     ("dropped == 1", "m01-stock.delivered.2 == 5", "m01.state.Completed == 10", "effects == 5")),
    (SAGA, "duplicate", ("2.9s inject duplicate",),
     ("m01-stock-done~2.sent == 3", "m01.state.Completed == 10")),
    (SAGA, "reorder", ("1.9s inject reorder at K3 of orchestrator-1",),
     ("m03-stock.effect == 5", "m02-stock.effect == 7"), (),
     'start = "1s"\nevery = "500ms"\ncount = 3'),
    (SAGA, "expire-lock", ("2s inject expire-lock on m01-stock",),
     ("m01-stock.lock_expired == 2", "m01-stock.lock_lost == 3", "effects == 5",
      "m01.state.Completed == 10")),
    (SAGA, "broker-down", ("2s inject broker-down", "8s heal broker-down"),
     ("m01-stock.effect == 3", "m01-stock-done.sent == 8", "m01.state.Completed == 15")),
    (SAGA, "store-down", ("2s inject store-down", "8s heal store-down"),
     ("m01-stock.effect == 8", "m01.state.Completed == 15")),
    (SAGA, "partition", ("3.5s inject partition on credit-1", "9s heal partition"),
     ("m01-credit.effect == 5", "m01-credit-done.sent == 9", "m01.state.Completed == 14")),
    (SAGA, "clock-skew", ("0s inject clock-skew on orchestrator-1",),
     ("m01-undo-stock.sent == 2.5", "left_held == 0"), ("timeout=3s",)),
    (SAGA, "new-definition", ("0s inject new-definition",),
     ("m01-credit.working == 1", "m01-stock.working == 3")),
    (SAGA, "price-change", ("6s inject price-change",),
     ("m01-card.noted == 7", "m01.state.Compensated == 11")),
    (STORE, "crash agent", ("1.5s crash agent-1",),
     ("failures == 1", "mttr_crash == 7.5", "m01.state.Processed == 8.5")),
    (STORE, "crash scheduler", ("1.5s crash scheduler-1",),
     ("m01-charge.effect == 2.5", "mttr_crash == 7.5", "absorbed == 1")),
    (STORE, "crash remote", ("1.5s crash remote-1", "5.5s restart remote-1"),
     ("failures == 1", "mttr_crash == 7.5")),
    (STORE, "crash supervisor", ("1.5s crash agent-1", "1.5s crash supervisor-1"),
     ("overdue_longest == 85", "failures == 0", "no-row-rots breaks")),
    (STORE, "hang", ("1.5s pause remote-1", "6.5s resume remote-1"),
     ("m01-1.noted.1 == 5", "absorbed == 1", "mttr_hang == 7.5", "effects == 1")),
    (STORE, "slow", ("0s inject slow on remote-1 9", "6s heal slow"),
     ("mttr_slow == 7.5", "absorbed == 1")),
    (STORE, "unavailable", ("0s inject unavailable",), ("m01.state.Processed == 4.5",)),
    (STORE, "poison", ("0s inject poison on m01",),
     ("m01.state.Error == 2.5", "m01-1-alert.sent == 6", "effects == 0")),
    (STORE, "expire-claim", ("0s inject expire-claim on m01",),
     ("failures == 1", "m01.state.Processed == 8.5")),
    (STORE, "clock-skew", ("0s inject clock-skew on supervisor-1", "3s heal clock-skew"),
     ("early_steals == 1", "m01.state.Pending.2 == 2", "overcharged == 0", "no-early-steal breaks"),
     ("scan_every=2s",)),
    (STORE, "cut-off", ("0s inject cut-off on scheduler-1", "6s heal cut-off"),
     ("failures == 1", "mttr_cut_off == 7.5")),
    (STORE, "store-down", ("1.5s inject store-down", "5.5s heal store-down"),
     ("m01.state.Processed >= 8", "failures == 1", "overcharged == 0")),
    (STORE, "duplicate", ("0.5s inject duplicate",), ("m01~2.sent == 1", "claims == 1")),
    (STORE, "lose-send", ("0.5s inject lose-send",), ("dropped == 1", "m01.state.Processing == 5")),
    (STORE, "lose-ack", ("0.5s inject lose-ack",),
     ("dropped == 1", "effects == 1", "m01.delivered.2 == 31", "claims == 1")),
    (CONVOY, "rebalance", ("2s inject rebalance",), ("rebalances == 1",),
     ("partitions=2", "rebalance=eager")),
    (CONVOY, "crash", ("2s crash worker-1",),
     ("m01.lock_expired == 6", "m01.delivered.2 == 6", "frozen_time == 4", "m02.effect == 3.5")),
    (CONVOY, "hang", ("2s pause worker-1",),
     ("m01.lock_expired == 6", "m01.delivered.2 == 6", "m02.effect == 3.5",
      "worked-on-by-one breaks")),
    (CONVOY, "slow", ("0s inject slow on worker-1 3",),
     ("m01.effect == 7", "m03.working == 7", "m02.effect == 3.5", "order_violations == 0")),
    (CONVOY, "poison", ("0s inject poison on m01",),
     ("m01.dead_lettered == 7", "holes == 1", "m03.working == 7", "m02.effect == 3.5")),
    (CONVOY, "lose-send", ("1.6s inject lose-send",), ("sent == 7", "dropped == 1")),
    (CONVOY, "lose-ack", ("2s inject lose-ack",),
     ("m01.delivered.2 == 3", "m01.effect_skipped == 3", "m03.working == 3")),
    (CONVOY, "duplicate", ("1.6s inject duplicate",),
     ("sent == 9", "effects == 8", "effects_skipped == 1")),
    (CONVOY, "reorder", ("4.2s inject reorder",),
     ("m08.effect == 7.5", "m06.effect == 9.5", "order_violations == 0", "as-sent breaks")),
    (CONVOY, "out-of-order", ("1.6s inject out-of-order on sender-1",),
     ("m03.sent == 3", "m05.effect == 5", "m03.effect == 7", "as-sent breaks")),
    (CONVOY, "expire-lock", ("2s inject expire-lock on m01",),
     ("m01.lock_expired == 2", "m01.delivered.2 == 2", "m01.lock_lost == 3",
      "worked-on-by-one breaks")),
    (CONVOY, "broker-down", ("2.2s inject broker-down", "10s heal broker-down"),
     ("m01.effect == 3", "m01.lock_expired == 6", "m01.lock_lost == 10", "m06.sent == 10")),
    (CONVOY, "burst", ("2s inject burst 10",), ("sent == 18", "completed == 18")),
    (CONVOY, "hot-group", ("0s inject hot-group on sender-1",),
     ("hot_group_share == 1", "parallel_max == 1", "last_completed_at == 17")),
    (CONVOY, "partition", ("2s inject partition on worker-1", "10s heal partition"),
     ("m01.effect == 3", "m01.lock_expired == 6", "m01.delivered.2 == 6", "m01.lock_lost == 10")),
]  # fmt: skip
CELLS = [Cell(*row) for row in ROWS]  # type: ignore[arg-type]


def body(of: Cell) -> str:
    """Return what the file of a cell says besides what is done and what must be seen."""
    producer, settings = BASES[of.pattern]
    given = [each.split("=") for each in (*settings, *of.settings)]
    lines = [
        f'pattern = "{of.pattern}"', f'title = "{of.name}"', 'duration = "90s"',
        "[settings]", *(f'{key} = "{value}"' for key, value in given),
        "[[producers]]", of.producer or producer,
    ]  # fmt: skip
    return "\n".join(lines)


@pytest.mark.parametrize("each", CELLS, ids=str)
def test_a_cell_in_a_file_does_what_it_says_and_nothing_does_it_without(
    each: Cell, tmp_path: Path
) -> None:
    assert judged(tmp_path, cell(body(each), each.steps, each.expect)) == GOOD
    _, met = judged(tmp_path, cell(body(each), (), each.expect))
    assert not met


@pytest.mark.parametrize("pattern", BASES)
def test_there_is_a_cell_of_each_fault_and_of_no_other(pattern: str) -> None:
    offered = {fault.name for fault in catalog.pattern(pattern).faults} | {"crash", "hang"}
    done = {each.name.partition(" ")[0] for each in CELLS if each.pattern == pattern}
    assert offered == done
