"""An actor's coroutine knows where it waits: file and line."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario

from mailrail_patterns import catalog
from mailrail_patterns.commands import Crash

PATTERNS = catalog.SCENARIOS.parent


def line_of(places: tuple[tuple[str, int], ...], index: int = -1) -> tuple[str, str]:
    """Return file name and source line of one of the calls, the innermost unless told."""
    path = Path(places[index][0])
    return path.name, path.read_text(encoding="utf-8").splitlines()[places[index][1] - 1].strip()


def test_a_working_consumer_waits_where_it_works() -> None:
    run = ran(scenario(CONSUMING, count=1, service="10s"), 5)
    name, line = line_of(run.stands_at("consumer-1"))
    assert name == "handler.py"
    assert "sleep" in line or "await" in line


def test_an_idle_consumer_waits_at_the_receipt() -> None:
    run = ran(scenario(CONSUMING, count=1, service="1s"), 5)
    name, line = line_of(run.stands_at("consumer-2"))
    assert name == "deferring.py"
    assert line.endswith("receiver.next()")


def test_a_client_waits_in_its_own_pattern() -> None:
    run = ran(scenario(LEVELING, retries=1, count=1, consumers=4, service="9s"), 1)
    name, line = line_of(run.stands_at("client-1"))
    assert name == "queue_based_load_leveling.py"
    assert line.startswith("await")


def test_the_outermost_call_is_one_of_the_pattern() -> None:
    run = ran(scenario(CONSUMING, count=1, service="10s"), 5)
    name, line = line_of(run.stands_at("consumer-1"), 0)
    assert name == "competing_consumers.py"
    assert line.startswith("await handle_each(")


def test_the_dead_stand_where_they_died_and_who_has_left_nowhere() -> None:
    run = ran(scenario(CONSUMING, "2s crash consumer-1", "2s stop consumer-2"), 10)
    assert line_of(run.stands_at("consumer-1"))[0] == "handler.py"
    assert run.stands_at("consumer-2") == ()


def test_a_run_carried_out_again_stands_where_the_first_one_stood() -> None:
    run = ran(scenario(CONSUMING, service="3s"), 5)
    run.do(Crash("consumer-1"))
    then = [run.stands_at(actor.name) for actor in run.view().actors]
    run.advance(20)
    again = run.again()
    again.advance(5)
    assert [again.stands_at(actor.name) for actor in again.view().actors] == then
    assert again.view().actors[0].state == "crashed"
