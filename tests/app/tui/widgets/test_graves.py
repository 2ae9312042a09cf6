"""Where a broker has no dead letters the pictures say so, and say what it has instead."""

from __future__ import annotations

from typing import Any

import pytest
from tests.app.tui.widgets.looking import FrameOf, Wild
from tests.support.scenarios import scenario

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.widgets.consuming import paint_consuming
from mailrail.tui.widgets.conveyor import paint_conveyor
from mailrail.tui.widgets.priorities import paint_priorities

POISON = "competing-consumers/same-poison"
SIZES = [(78, 11), (110, 30), (44, 9), (158, 44), (30, 6), (16, 3), (1, 1)]


def text(frame: LabFrame, width: int = 110, height: int = 30) -> str:
    return paint_consuming(frame, width, height).text()


@pytest.mark.parametrize(
    ("variant", "t", "foot", "reason"),
    [
        ("", 5.0, "† dead letters 1", "m02#3 MaxDeliveryCountExceeded"),
        ("-azure-service-bus", 12.0, "† dead letters 1", "m02##10 MaxDeliveryCountExceeded"),
        ("-amazon-sqs", 20.0, "† dead letters 0", ""),
        ("-kafka-share-group", 7.0, "† no dead-letter queue · archived 1", "m02#5 Archived"),
        ("-rabbitmq-quorum", 7.0, "† no dead-letter queue", ""),
        ("-rabbitmq-quorum-reject", 23.0, "† no dead-letter queue · dropped 1", "DeliveryLimit"),
    ],
)
def test_the_foot_of_the_picture(
    frame_of: FrameOf, variant: str, t: float, foot: str, reason: str
) -> None:
    told = text(frame_of(f"{POISON}{variant}", t))
    assert foot in told
    assert reason.replace("##", "#") in told


def test_what_stays_in_the_stream(wild: Wild) -> None:
    made = 'settings = { dialect = "nats-jetstream", max_deliveries = 2, service = "1s" }'
    frame = wild(f"{made}\n[messages.m01]\npoison = true", 9.0)
    assert "† no dead-letter queue · delivered no more 1" in text(frame)
    assert "m01#2 MaxDeliveriesAdvisory" in text(frame)


def test_dead_letters_of_another_dialect_are_still_there(wild: Wild) -> None:
    made = 'settings = { service = "1s" }\n[messages.m01]\npoison = true'
    frame = wild(made, 9.0, (6.0, "set dialect=kafka-share-group"))
    assert "† dead letters 1" in text(frame)


def test_whose_rules_hold(frame_of: FrameOf) -> None:
    assert "rabbitmq-quorum" in text(frame_of(f"{POISON}-rabbitmq-quorum", 3.0), 78, 11)
    wide = text(frame_of(f"{POISON}-rabbitmq-quorum", 3.0), 220, 44)
    assert "rabbitmq-quorum · lock 1800s · max 20 failures" in wide
    wide = text(frame_of(f"{POISON}-amazon-sqs", 3.0), 220, 44)
    assert "amazon-sqs · lock 30s · no limit" in wide


def test_work_outlives_a_lock_that_cannot_be_renewed(wild: Wild) -> None:
    made = (
        'settings = { dialect = "rabbitmq-quorum", lock = "4s", service = "90s", renewal = true }'
    )
    assert "outlives its lock" in text(wild(made, 1.0))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("variant", ["-kafka-share-group", "-rabbitmq-quorum-reject"])
def test_any_size(frame_of: FrameOf, variant: str, size: tuple[int, int]) -> None:
    rows = text(frame_of(f"{POISON}{variant}", 25.0), *size).splitlines()
    assert len(rows) <= size[1]


def framed(pattern: str, poison: str, t: float, **settings: Any) -> LabFrame:
    """Return the frame of another pattern in which one message is poison."""
    session = Session(scenario(pattern, text=f"[messages.{poison}]\npoison = true", **settings))
    session.run.advance(t)
    return session.frame()


def test_the_other_pictures_tell_of_them_too() -> None:
    frame = framed("priority-queue", "m01", 30.0, dialect="kafka-share-group", max_deliveries=1)
    assert "† archived 1" in paint_priorities(frame, 120, 24).text()
    frame = framed(
        "pipes-and-filters", "m01", 30.0, dialect="rabbitmq-quorum", max_deliveries=1,
        gives_back="reject",
    )  # fmt: skip
    assert "† 1 dropped" in paint_conveyor(frame, 130, 24).text()
