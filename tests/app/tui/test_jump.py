"""Jump mode: a letter on everything, and where a letter leads."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.tui.screens.jump import Jump, Target


def letter_of(d: Driver, kind: str, name: str) -> str:
    screen = d.app.screen
    assert isinstance(screen, Jump)
    return next(k for k, t in screen.targets.items() if (t.kind, t.name) == (kind, name))


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_letter_selects_an_actor(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as d:
        d.session.seek(9.5)
        d.lab.redraw()
        await d.press("apostrophe")
        await d.until(lambda: d.showing("Jump"))
        await d.press(letter_of(d, "actor", "consumer-3"))
        await d.until(lambda: d.showing("Lab"))
        assert d.session.selected == "consumer-3"


async def test_a_letter_tells_the_life_of_a_message_or_enters_a_pane(opened: Opened) -> None:
    async with opened(size=(120, 36)) as d:
        d.session.seek(9.5)
        d.lab.redraw()
        await d.press("apostrophe")
        await d.until(lambda: d.showing("Jump"))
        await d.press(letter_of(d, "pane", "ledger"))
        await d.until(lambda: d.showing("Lab"))
        assert d.lab.focused is d.lab.query_one("#ledger")
        await d.press("apostrophe")
        await d.until(lambda: d.showing("Jump"))
        jump = d.app.screen
        assert isinstance(jump, Jump)
        messages = [t.name for t in jump.targets.values() if t.kind == "message"]
        await d.press(letter_of(d, "message", messages[0]))
        await d.until(lambda: d.showing("Path"))
        assert any(messages[0] in row for row in d.text())


async def test_any_other_key_goes_nowhere(opened: Opened) -> None:
    async with opened() as d:
        before = d.session.selected
        await d.press("apostrophe")
        await d.until(lambda: d.showing("Jump"))
        await d.press("f12")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.selected == before


def test_no_letter_hides_another() -> None:
    pane, other = Target(0, 4, "pane", "picture"), Target(7, 4, "actor", "b")
    assert Target(1, 4, "actor", "a").beside([pane, other]).x == 3
    assert Target(5, 4, "actor", "a").beside([pane, other]).x == 10
    assert Target(1, 5, "actor", "a").beside([pane, other]).x == 1
