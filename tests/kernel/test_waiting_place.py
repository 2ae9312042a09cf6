"""An actor's coroutine knows where it waits: file and line."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario

from mailrail_patterns import catalog

PATTERNS = catalog.SCENARIOS.parent


def line_of(place: tuple[str, int] | None) -> tuple[str, str]:
    """Return file name and source line."""
    assert place is not None
    path = Path(place[0])
    return path.name, path.read_text(encoding="utf-8").splitlines()[place[1] - 1].strip()


def test_a_working_consumer_waits_where_it_works() -> None:
    run = ran(scenario(CONSUMING, count=1, service="10s"), 5)
    name, line = line_of(run.waits_at("consumer-1"))
    assert name == "handler.py"
    assert "sleep" in line or "await" in line


def test_an_idle_consumer_waits_at_the_receipt() -> None:
    run = ran(scenario(CONSUMING, count=1, service="1s"), 5)
    name, line = line_of(run.waits_at("consumer-2"))
    assert (name, line) == ("handler.py", "delivery = await receiver.next()")


def test_a_client_waits_in_its_own_pattern() -> None:
    run = ran(scenario(LEVELING, retries=1, count=1, consumers=4, service="9s"), 1)
    name, line = line_of(run.waits_at("client-1"))
    assert name == "queue_based_load_leveling.py"
    assert line.startswith("await")


def test_the_dead_wait_nowhere() -> None:
    run = ran(scenario(CONSUMING, "2s crash consumer-1"), 3)
    assert run.waits_at("consumer-1") is None
