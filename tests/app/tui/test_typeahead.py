"""Keys that come in one burst, as a fast typist or a script sends them, all arrive."""

from __future__ import annotations

import asyncio

import pytest
from tests.app.tui.driving import Driver, Opened
from textual import events
from textual.widgets import Input

from mailrail.journey import journey
from mailrail.tui.screens.dialect_menu import DialectMenu
from mailrail.tui.screens.path import Path
from mailrail.tui.screens.targets import labelled
from mailrail_patterns.commands import Inject


def burst(d: Driver, *keys: str) -> None:
    """Send keys without waiting for anything between them."""
    for key in keys:
        sign = {"full_stop": "."}.get(key, key)
        d.app.post_message(events.Key(key, sign if len(sign) == 1 else None))


def letters_of_actors(d: Driver) -> dict[str, str]:
    found = labelled(d.lab.targets(), d.text())
    return {each.target.name: each.letters for each in found if each.target.pane == "picture"}


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_letter_right_behind_the_apostrophe_goes_there(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened(size=size) as d:
        d.session.seek(9.5)
        d.lab.redraw()
        letters = letters_of_actors(d)
        burst(d, "apostrophe", *letters["consumer-3"])
        await d.until(lambda: d.session.selected == "consumer-3" and d.showing("Lab"))
        burst(d, "apostrophe", *letters["consumer-2"], "apostrophe", *letters["producer-1"])
        await d.until(lambda: d.session.selected == "producer-1" and d.showing("Lab"))
        burst(d, "apostrophe", *letters["consumer-2"], "right", "apostrophe", "escape")
        await d.until(lambda: d.session.selected == "consumer-2" and d.showing("Lab"))


async def test_what_is_typed_ahead_of_a_form_is_in_its_field(opened: Opened) -> None:
    async with opened() as d:
        burst(d, "g", "1", "2", "full_stop", "5", "enter")
        await d.until(lambda: d.session.run.now > 10 and d.showing("Lab"))
        assert d.session.run.now == 12.5


async def test_a_menu_and_the_form_behind_it_are_gone_through_at_once(opened: Opened) -> None:
    async with opened() as d:
        burst(d, "i", "b", "enter", "enter")
        await d.until(lambda: bool(d.session.run.commands) and d.showing("Lab"))
        assert d.session.run.commands[-1].command == Inject("broker-down")


async def test_keys_that_nobody_takes_come_to_nothing(opened: Opened) -> None:
    async with opened() as d:
        burst(d, "apostrophe", "f12", "f12", "question_mark", "escape", "f11")
        await d.until(lambda: d.showing("Lab"))
        await d.press("right")
        assert d.session.run.events


@pytest.mark.parametrize("turns", range(3))
async def test_a_window_that_is_closed_before_it_is_there_closes_without_a_fault(
    opened: Opened, turns: int
) -> None:
    async with opened() as d:
        d.session.seek(6.0)
        run = d.session.run
        for window in (DialectMenu("model"), Path(journey(run.events, "m01"), run.now)):
            d.app.push_screen(window)
            for _ in range(turns):  # of the event loop, in which it is laid out
                await asyncio.sleep(0)
            d.app.pop_screen()
            await d.settle()
            assert d.showing("Lab")


async def test_what_is_typed_behind_the_slash_is_looked_for(opened: Opened) -> None:
    async with opened(None) as d:
        burst(d, "slash", *"lost")
        field = d.app.screen.query_one("#search", Input)
        await d.until(lambda: field.value == "lost")
        assert d.showing("Gallery")
        assert not d.told()
