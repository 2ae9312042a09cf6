"""Rows of the failure matrix: what one queue's faults do when a scenario file brings them about.

Each marked cell of Competing Consumers, Priority Queue and Load Leveling is a file of its own, with
steps that inject it and expectations worked by hand from what the fault's description says.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cells import EVERYWHERE, GOOD, MATRIX, cell, judged

from mailrail_patterns import catalog

COMPETE = """
pattern = "competing-consumers"
duration = "30s"
[settings]
consumers = 2
every = "2s"
count = 4
service = "1s"
lock = "5s"
"""
"""Messages at 0, 2, 4 and 6 s, in turn for consumer 1 and 2, a second each."""

BACKLOG = COMPETE.replace("consumers = 2", "consumers = 1").replace('"1s"', '"3s"').replace(
    '"2s"', '"1s"'
)  # fmt: skip
"""Messages at 0, 1, 2 and 3 s for one consumer, who takes three seconds for each."""

PRIORITY = """
pattern = "priority-queue"
duration = "30s"
[settings]
consumers = 2
service = "1s"
lock = "5s"
[[producers]]
streams = [{ kind = "high", every = "2s", count = 3 },
           { kind = "low", every = "2s", count = 3, start = "1s" }]
"""
"""High ones at 0, 2 and 4 s, low ones at 1, 3 and 5 s."""

ALONE = PRIORITY.replace("consumers = 2", "consumers = 1")

LEVEL = """
pattern = "queue-based-load-leveling"
duration = "30s"
[settings]
consumers = 1
every = "2s"
count = 4
service = "1s"
patience = "5s"
lock = "5s"
"""
"""Requests at 0, 2, 4 and 6 s, a second each."""

TWICE = ("duplicate_effects == 1", "effect-once breaks")
CELLS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "compete/crash": (
        COMPETE, ("2.5s crash consumer-2",),
        ("crashes == 1", "m02.lock_expired == 7", "m02.completed == 8", "effects == 4"),
    ),
    "compete/slow": (
        COMPETE, ("1.5s inject slow on consumer-2 8",),
        ("m02.lock_expired == 7", "m02.completed == 8", "m02.lock_lost == 10",
         "worked-on-by-one breaks", *TWICE),
    ),
    "compete/hang": (
        COMPETE, ("2.5s pause consumer-2", "9s resume consumer-2"),
        ("m02.lock_expired == 7", "m02.completed == 8", "m02.lock_lost == 9",
         "worked-on-by-one breaks", *TWICE),
    ),
    "compete/poison": (
        COMPETE, ("1.5s inject poison on m02",),
        ("m02.deliveries == 3", "m02.dead_lettered == 5", "effects == 3", "completed == 3"),
    ),
    "compete/lost message": (
        COMPETE, ("1.5s inject lose-send",),
        ("sent == 3", "m02.dropped == 2", "effects == 3", "completed == 3"),
    ),
    "compete/lost ack": (
        COMPETE, ("1.5s inject lose-ack",),
        ("m02.effect.1 == 3", "m02.lock_expired == 7", "m02.effect.2 == 8", "completed == 4",
         *TWICE),
    ),
    "compete/duplicate": (
        COMPETE, ("1.5s inject duplicate",),
        ("sent == 5", "m02~2.sent == 2", "m02~2.effect == 3", *TWICE),
    ),
    "compete/reorder": (
        BACKLOG, ("1.5s inject reorder",),
        ("m03.delivered == 3", "m02.delivered == 6", "m04.delivered == 9"),
    ),
    "compete/down": (
        COMPETE, ("2.5s inject broker-down", "5.2s heal broker-down"),
        ("m02.effect == 3", "m02.completed == 5.2", "m03.sent == 5.2", "effects == 4"),
    ),
    "compete/down for longer than a lock": (
        COMPETE, ("2.5s inject broker-down", "8s heal broker-down"),
        ("m02.lock_expired == 7", "m02.lock_lost == 8", "m02.completed == 9", *TWICE),
    ),
    "compete/lock": (
        COMPETE, ("2.5s inject expire-lock on m02",),
        ("m02.delivered.2 == 2.5", "m02.lock_lost == 3", "m02.completed == 3.5",
         "worked-on-by-one breaks", *TWICE),
    ),
    "compete/burst": (
        COMPETE, ("0.9s inject burst 10",),
        ("n10.sent == 1.8", "sent == 14", "depth == 8 at 1.85s", "completed == 14"),
    ),
    "priority/crash": (
        PRIORITY, ("2.5s crash worker-1",),
        ("m03.lock_expired == 7", "m03.completed == 8", "high_served == 3", "low_wait_max == 0"),
    ),
    "priority/slow": (
        ALONE, ("0.5s inject slow 3",),
        ("m02.working == 1", "m03.working == 4", "m05.working == 7", "m04.working == 10",
         "m06.working == 13", "high_wait_max == 3", "strict-order holds"),
    ),
    "priority/hang": (
        PRIORITY, ("2.5s pause worker-1",),
        ("m03.lock_expired == 7", "m03.completed == 8", "high_served == 3",
         "worked-on-by-one breaks"),
    ),
    "priority/lock": (
        PRIORITY, ("2.5s inject expire-lock on m03",),
        ("m03.delivered.2 == 2.5", "m03.lock_lost == 3", "m03.completed == 3.5",
         "worked-on-by-one breaks", *TWICE),
    ),
    "priority/burst": (
        PRIORITY, ("1.55s inject burst 10",),
        ("n10.sent == 2.45", "high_offered == 13", "m04.working == 7.55", "m06.working == 8",
         "strict-order holds"),
    ),
    "level/crash": (
        LEVEL, ("2.5s crash worker-1", "3.5s restart worker-1"),
        ("m03.working == 4", "m02.delivered.2 == 7", "m02.completed == 8", "wasted == 1",
         "answered-in-time breaks"),
    ),
    "level/slow": (
        LEVEL, ("1.5s inject slow 4",),
        ("m03.working == 6", "m04.working == 10", "m04.completed == 14", "wasted == 2",
         "answered-in-time breaks"),
    ),
    "level/hang": (
        LEVEL, ("2.5s pause worker-1", "4.5s resume worker-1"),
        ("m02.completed == 4.5", "m03.working == 4.5", "wasted == 0", "effects == 4"),
    ),
    "level/lost message": (
        LEVEL.replace("5s", "3s") + "retries = 1\n", ("1.5s inject lose-send",),
        ("m02.dropped == 2", "m02.sent == 5", "m02.completed == 6", "resent == 1", "served == 4"),
    ),
    "level/lost ack": (
        LEVEL, ("1.5s inject lose-ack",),
        ("m02.effect.1 == 3", "m02.lock_expired == 7", "m02.effect.2 == 8", *TWICE,
         "answered-in-time breaks"),
    ),
    "level/down": (
        LEVEL, ("2.5s inject broker-down", "5.2s heal broker-down"),
        ("m02.effect == 3", "m02.completed == 5.2", "m03.sent == 5.2", "served == 4"),
    ),
    "level/burst": (
        LEVEL, ("0.9s inject burst 10",),
        ("n10.sent == 1.8", "offered == 14", "depth == 9 at 1.85s", "served == 14",
         "answered-in-time breaks"),
    ),
}  # fmt: skip

ROWS = {
    "compete": "competing-consumers",
    "priority": "priority-queue",
    "level": "queue-based-load-leveling",
}
"""The patterns whose rows these are."""


@pytest.mark.parametrize("row", ROWS)
def test_every_marked_cell_has_a_file(row: str) -> None:
    tried = {name.partition("/")[2].split()[0] for name in CELLS if name.startswith(row)}
    assert tried == {*EVERYWHERE, *MATRIX[ROWS[row]].split()}


@pytest.mark.parametrize("name", CELLS)
def test_what_a_file_injects_does_what_is_said_of_it(name: str, tmp_path: Path) -> None:
    assert judged(tmp_path, cell(*CELLS[name])) == GOOD


def test_what_is_injected_is_what_the_patterns_offer() -> None:
    """Every fault of the three patterns is tried here, or is no cell of their rows."""
    told = " ".join(step for _, steps, _ in CELLS.values() for step in steps)
    others = {"malformed", "early", "database-down", "mislabel", "unstamped"}
    for name in ROWS.values():
        faults = {fault.name for fault in catalog.pattern(name).faults} - others
        assert {each for each in faults if f"inject {each}" not in told} == set()
