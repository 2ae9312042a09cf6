"""The journey of a message: what belongs to it, how it is drawn, and where a step leads."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import LARGE, Opened
from tests.support.scenarios import ran

from mailrail.journey import DEAD, Journey, journey
from mailrail.tui.screens.path import Path
from mailrail.tui.widgets.picked import Picked
from mailrail.tui.widgets.sequence import called, fitting, paint_sequence, slid
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


def of(name: str, message: str) -> Journey:
    return journey(ran(find(name)).events, message)


def test_every_place_a_message_came_to() -> None:
    found = of(LEASE, "m10")
    assert found.places[:2] == ("producer-1", "work")
    assert DEAD in found.places
    deliveries = [step for step in found.steps if step.label.startswith("#")]
    assert [(step.t, step.target) for step in deliveries] == [
        (9.0, "consumer-1"), (14.0, "consumer-3"), (20.0, "consumer-1"),
    ]  # fmt: skip
    assert found.steps[-1].label == "lock lost"
    assert found.related == ()


def test_what_a_message_has_led_to_is_part_of_its_journey() -> None:
    found = of("pipes-and-filters/moving-bottleneck", "m01")
    assert found.related == ("m01-decode", "m01-decode-resize")
    assert "to-publish" in found.places
    assert found.steps[-1].message == "m01-decode-resize"


def test_arrows_lead_from_lifeline_to_lifeline() -> None:
    rows = paint_sequence(of(LEASE, "m07"), 100, 20, 0, 1).text().split("\n")
    assert rows[0].split()[:3] == ["producer-1", "work", "consumer-1"]
    assert "sent" in rows[1]
    assert rows[2].startswith("▸")
    assert any("◀" in row and "abandoned" in row for row in rows)


def test_the_places_of_the_step_under_the_cursor_are_in_sight() -> None:
    found = of("saga/point-of-no-return", "m01")
    left = 0
    for here, step in enumerate(found.steps):
        left = slid(found, 74, left, here)
        rows = paint_sequence(found, 74, 3, here, here, left).text().split("\n")
        most = fitting(74)
        places = found.places[left : left + most]
        rest = f"+{len(found.places) - left - most}▸"
        assert (rest in rows[0]) == (places[-1] != found.places[-1])
        assert (f"◂ {left} more" in rows[0]) == (left > 0)
        if {step.source, step.target} <= set(places):
            assert " ▸ " not in rows[1].replace("▸ ", "", 1)
        else:
            assert f"{step.source} ▸ {step.target}" in rows[1]
    assert left > 0


@pytest.mark.parametrize("width", [34, 40, 50, 72])
def test_no_word_of_a_step_is_cut(width: int) -> None:
    found = of(LEASE, "m07")
    for here in range(len(found.steps)):
        left = slid(found, width, 0, here)
        row = paint_sequence(found, width, 3, here, here, left).text().split("\n")[1]
        assert found.steps[here].label in row
        assert "…" not in row
    assert called("orchestrator-12", 10) == "orches…-12"
    assert called("orchestrator", 10) == "orchestra…"


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (12, 4), (40, 10), (300, 90)])
def test_any_size_will_do(size: tuple[int, int]) -> None:
    paper = paint_sequence(of(LEASE, "m10"), *size, 0, 0)
    assert (paper.width, paper.height) == size


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)])
async def test_a_step_of_the_journey_is_gone_to(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(LEASE, size) as d:
        d.session.seek(27.0)
        d.lab.redraw()
        d.lab.post_message(Picked("message", "m10", opens=True))
        if size == LARGE:  # the inspector tells of it first; what is selected is opened
            d.lab.post_message(Picked("message", "m10", opens=True))
        await d.until(lambda: d.showing("Path"))
        path = d.app.screen
        assert isinstance(path, Path)
        await d.press("home", "down", "end", "pageup", "k", "j", "home", "j", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.now == 9.0
        assert d.session.run.events[d.session.run.position - 1].message == "m10"
