"""Two runs side by side: one thing different, one playhead, and where they part."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.tui.screens.twin import Twin
from mailrail.twins import Comparison, sets_anew, twin_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

STARVE = "priority-queue/starve-then-age"
SIZES = [(80, 24), (60, 14), (120, 36), (160, 48)]


def twins(name: str, until: float, **overrides: str) -> Comparison:
    left = Run(find(name))
    right = twin_of(left, overrides)
    left.advance(until)
    right.advance(until)
    return Comparison(left, right)


def test_where_two_runs_part_and_what_differs_then() -> None:
    compared = twins(STARVE, 20.0, policy="fifo")
    parting = compared.parting()
    assert parting is not None
    assert parting.time == 6.5
    assert "m08" in parting.left
    assert "m07" in parting.right
    differing = {row.name: row for row in compared.differences()}
    assert differing["high_wait_max"].better == -1
    assert "sent" not in differing


def test_before_they_part_they_are_the_same() -> None:
    compared = twins(STARVE, 20.0, policy="fifo")
    assert compared.parting() is not None
    compared.left.seek(6.0)
    compared.right.seek(6.0)
    assert compared.parting() is None
    assert compared.differences() == []


def test_a_change_that_makes_no_difference_is_none() -> None:
    compared = twins(STARVE, 75.0, retry_delay="5s")
    assert compared.parting() is None
    assert compared.differences() == []


def test_one_run_that_goes_on_alone() -> None:
    left = Run(find("competing-consumers/the-lock-is-a-lease"))
    right = twin_of(left, {"consumers": "3"})
    left.advance(9.0)
    right.advance(8.0)
    parting = Comparison(left, right).parting()
    assert parting is not None
    assert parting.right == "nothing more happens"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput):
        twin_of(Run(find(STARVE)), {"policy": "lottery"})


def test_what_is_different_stays_different_whatever_the_scenario_sets() -> None:
    compared = twins("claim-check/lost-luggage", 12.0, claim_check="off")
    assert sets_anew(compared.left, "claim-check")
    assert not sets_anew(compared.left, "bus_limit")
    assert dict(compared.left.view().settings)["claim_check"] == "on"
    assert dict(compared.right.view().settings)["claim_check"] == "off"
    parting = compared.parting()
    assert parting is not None
    assert parting.time == 7.5


def test_a_parting_names_its_subject_even_where_the_ledger_is_silent() -> None:
    parting = twins("publisher-subscriber/copies-not-shares", 1.0, copies="off").parting()
    assert parting is not None
    assert parting.left == "audit-1 declared"


def twin(d: Driver) -> Twin:
    screen = d.app.screen
    assert isinstance(screen, Twin)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_without_the_pattern_beside_it(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(STARVE, size) as d:
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        await d.press("f")
        assert twin(d).session.run.now == 6.5
        assert twin(d).other.now == 6.5
        text = "\n".join(d.text())
        assert "policy=strict" in text
        assert "policy=fifo" in text
        await d.press("full_stop", "full_stop", "right", "left", "space")
        for _ in range(20):
            twin(d).pulse(0.05)
        await d.press("space")
        assert twin(d).other.now == twin(d).session.run.now
        await d.press("0", "q")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.now == 0.0


async def test_a_setting_of_ones_own_and_a_future_left_behind(opened: Opened) -> None:
    async with opened(STARVE, (120, 36)) as d:
        d.session.seek(10.0)
        d.session.seek(5.0)
        await d.press("c")
        assert d.session.futures
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("down", "down", "enter")
        await d.until(lambda: d.showing("Twin"))
        await d.press("f")
        assert twin(d).session.run.now == 5.0
        await d.press("q")
        await d.until(lambda: d.showing("Lab"))
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("down", "enter")
        await d.until(lambda: d.showing("Form"))
        await d.type("consumers=4")
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        assert dict(twin(d).other.view().settings)["consumers"] == "4"
