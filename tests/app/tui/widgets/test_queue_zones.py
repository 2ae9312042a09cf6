"""A queue can be selected in the picture it is drawn in, at any size that has room for it."""

from __future__ import annotations

import pytest
from tests.app.tui.widgets.looking import FrameOf, live, text

from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks

SIZES = [(78, 11), (77, 20), (105, 29), (60, 8)]


@pytest.mark.parametrize(
    "name",
    [
        "competing-consumers/the-lock-is-a-lease",
        "pipes-and-filters/moving-bottleneck",
        "priority-queue/starve-then-age",
        "priority-queue/a-pool-each",
        "priority-queue/ten-priorities",
        "publisher-subscriber/poison-for-one",
        "queue-based-load-leveling/saved-but-too-late",
        "sequential-convoy/the-ledger",
    ],
)
def test_every_queue_that_is_drawn_can_be_clicked(frame_of: FrameOf, name: str) -> None:
    frame = frame_of(name, 7.1)
    for size in SIZES:
        zones = PAINTERS[frame.pattern](frame, *size, Peaks()).zones
        found = {zone.name for zone in zones if zone.kind == "queue"}
        assert found == {queue.name for queue in frame.view.queues}, size


@pytest.mark.parametrize(
    ("name", "t", "queues"),
    [
        ("asynchronous-request-reply/lost-receipt", 5.0, {"api", "jobs", "client-1-inbox-1"}),
        ("asynchronous-request-reply/errors-are-answers", 5.0, {"requests", "requester-1-inbox"}),
        ("claim-check/lost-luggage", 40.0, {"receiving"}),
        ("claim-check/lost-luggage-refcount", 40.0, {"receiving", "archiving"}),
        ("claim-check/put-and-gone-automatic", 5.0, {"receiving", "created"}),
        ("scheduler-agent-supervisor/everything-twice", 6.8, {"wake-ups", "tasks", "calls"}),
        ("scheduler-agent-supervisor/everything-twice", 6.8, {"scheduler-1"}),
        ("scheduler-agent-supervisor/given-up-and-charged", 22.5, {"pager", "agent-1"}),
        ("scheduler-agent-supervisor/two-are-dead", 7.2, {"tasks-agent-2"}),
    ],
)
def test_so_can_a_queue_that_is_a_heading_or_a_sign(
    frame_of: FrameOf, name: str, t: float, queues: set[str]
) -> None:
    frame = frame_of(name, t)
    for size in SIZES[:3]:
        zones = PAINTERS[frame.pattern](frame, *size, Peaks()).zones
        assert queues <= {zone.name for zone in zones if zone.kind == "queue"}, size


def test_what_an_orchestrator_has_not_read_lies_on_its_queue(frame_of: FrameOf) -> None:
    frame = frame_of("saga/point-of-no-return", 46.5)
    for size in SIZES[:3]:
        made = PAINTERS["saga"](frame, *size, Peaks())
        row = next(y for y, line in enumerate(made.text().splitlines()) if "orchestrator-1" in line)
        (inbox,) = [z for z in made.zones if z.kind == "queue" and z.name == "to-orchestrator"]
        assert inbox.y == row
        unread = [z.name for z in made.zones if z.y == row and z.kind == "message"]
        (queue,) = [q for q in frame.view.queues if q.name == "to-orchestrator"]
        assert unread == [message.name for message in queue.ready[: len(unread)]]
        assert unread


def test_a_reader_and_the_queue_of_its_copies_are_told_apart(frame_of: FrameOf) -> None:
    frame = frame_of("publisher-subscriber/copies-not-shares", 20.2)
    for size in SIZES:
        made = PAINTERS[frame.pattern](frame, *size, Peaks())
        row = next(y for y, line in enumerate(made.text().splitlines()) if "audit-1" in line)
        name, beyond = made.zone_at(2, row), made.zone_at(2, row + 1)
        assert name is not None
        assert (name.kind, name.name) == ("actor", "audit-1")
        zones = [zone.name for zone in made.zones if zone.kind == "queue" and zone.y == row]
        assert set(zones) == {"audit-1"}
        assert beyond is not None, "the next row is its own, or the next reader's"


def test_a_message_that_waits_stands_before_its_queue(frame_of: FrameOf) -> None:
    frame = frame_of("competing-consumers/the-lock-is-a-lease", 12.0)
    made = PAINTERS[frame.pattern](frame, 78, 11, Peaks())
    row = next(y for y, line in enumerate(made.text().splitlines()) if "m13 m12" in line)
    at = made.text().splitlines()[row].index("m13")
    on, beside = made.zone_at(at, row), made.zone_at(at - 1, row)
    assert on is not None
    assert beside is not None
    assert (on.kind, on.name, beside.kind, beside.name) == ("message", "m13", "queue", "work")


def test_in_a_row_of_a_narrow_saga_each_part_stands_for_something(frame_of: FrameOf) -> None:
    made = PAINTERS["saga"](frame_of("saga/point-of-no-return", 30.6), 60, 8, Peaks())
    row = next(y for y, line in enumerate(made.text().splitlines()) if "credit" in line)
    found = [made.zone_at(x, row) for x in (2, 15, 26)]
    assert [(z.kind, z.name) for z in found if z is not None] == [
        ("actor", "credit-1"), ("queue", "to-credit"), ("row", "credit/m03"),
    ]  # fmt: skip


def test_a_crowd_is_counted_to_the_end_and_who_works_is_named() -> None:
    shown = text(live("asynchronous-request-reply/poll-storm", 23.0, "22s crash worker-2"))
    assert "✗ 1 crashed  ● 3" in shown
    batches = text(live("queue-based-load-leveling/batches", 9.5))
    assert "● worker-" in batches
