"""Runs with a bit of everything in them, for tests that need a rich journal."""

from __future__ import annotations

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario
from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario

TROUBLE = (
    "1s inject poison on m05", "2s crash consumer-2", "3s inject duplicate", "4s inject reorder",
    "5s pause consumer-1", "6s restart consumer-2", "7s inject burst 12", "9s inject lose-ack",
    "12s resume consumer-1", "13s inject broker-down", "16s heal broker-down",
    "17s inject slow 2", "19s redrive work", "20s spawn consumer 2", "22s stop consumer-1",
    "24s set lock=3s", "25s set redelivery=tail", "27s crash any at K5", "28s heal slow",
)  # fmt: skip


def troubled(seed: int = 1, **settings: object) -> Scenario:
    """Return competing consumers on a bad day."""
    chosen = {
        "every": "exponential(500ms)", "service": "uniform(200ms, 3s)", "ttl": "9s",
        "dead_letter_expired": True, "retry_delay": "400ms", "prefetch": 2, **settings,
    }  # fmt: skip
    return scenario(CONSUMING, *TROUBLE, duration=40.0, text=f"seed = {seed}", **chosen)


def overloaded() -> Scenario:
    """Return a levelled service that cannot keep up."""
    return scenario(
        LEVELING, "3s inject burst 40", "5s inject lose-send", "8s set capacity=10",
        "9s inject burst 30", "12s crash worker-1", "20s set capacity=unbounded",
        duration=40.0, every="uniform(50ms, 400ms)", retries=1, overflow="drop-oldest",
    )  # fmt: skip


def bad_days() -> list[Run]:
    """Return one finished run of each."""
    return [ran(troubled()), ran(overloaded())]
