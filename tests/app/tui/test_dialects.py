"""A key opens the dialects, with the sheet of each; choosing one changes the rules live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import OptionList, Static

from mailrail.dialect_sheets import every
from mailrail.tui.screens.dialect_menu import DialectMenu

POISON = "competing-consumers/same-poison"
Open = Callable[..., Any]


def sheet(d: Any) -> str:
    """Return the sheet as it can be read."""
    return str(d.app.screen.query_one(".hint", Static).content)


async def test_the_sheet_of_the_dialect_under_the_cursor(opened: Open) -> None:
    async with opened(POISON) as d:
        await d.press("b")
        assert isinstance(d.app.screen, DialectMenu)
        assert d.app.screen.query_one(OptionList).highlighted == 0
        for shown in every():
            assert shown.about in sheet(d)
            for text in (*shown.modelled, *shown.left_out, *shown.sources):
                assert text in sheet(d)
            await d.press("down")


async def test_choosing_one_is_the_ordinary_command(opened: Open) -> None:
    async with opened(POISON) as d:
        d.session.seek(2.5)
        await d.press("b", "k", "k", "enter")
        (timed,) = d.session.run.commands
        assert (timed.at, timed.command.key) == (2.5, "dialect")
        assert timed.command.value == "nats-jetstream"
        settings = dict(d.session.run.view().settings)
        assert (settings["dialect"], settings["max_deliveries"]) == ("nats-jetstream", "0")
        await d.settle()
        assert any("no dead-letter queue" in row for row in d.text())


async def test_the_present_one_changes_nothing(opened: Open) -> None:
    async with opened(f"{POISON}-amazon-sqs") as d:
        await d.press("b", "enter")
        assert not d.session.run.commands


async def test_a_letter_finds_a_dialect_and_a_long_sheet_can_be_read_on(opened: Open) -> None:
    async with opened(POISON) as d:
        await d.press("b", "r")
        assert "RabbitMQ" in sheet(d)
        top = d.app.screen.query_one(".sheet").scroll_y
        await d.press("right")
        assert d.app.screen.query_one(".sheet").scroll_y > top
        await d.press("left")
        assert d.app.screen.query_one(".sheet").scroll_y == top


async def test_the_setting_opens_the_same_menu(opened: Open) -> None:
    async with opened(POISON) as d:
        await d.press("e")
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("dialect")
        await d.press("enter")
        assert isinstance(d.app.screen, DialectMenu)


async def test_what_does_not_fit_is_told_and_nothing_changes(opened: Open) -> None:
    async with opened(POISON) as d:
        await d.press("b", "down", "enter")
        d.session.seek(1.0)
        await d.press("e")
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("at_limit")
        await d.press("enter")
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("drop")
        await d.press("enter")
        assert dict(d.session.run.view().settings)["at_limit"] == "dead-letter"
        await d.until(lambda: any("Azure Service Bus" in text for text in d.told()))


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 36), (160, 48)])
async def test_the_menu_fits_every_screen(opened: Open, size: tuple[int, int]) -> None:
    async with opened(POISON, size) as d:
        await d.press("b", "down", "down")
        window = d.app.screen.query_one(".window").region
        assert 0 <= window.y < window.bottom <= size[1]
        row = d.app.screen.query_one(OptionList)
        assert row.highlighted == 2


async def test_nothing_to_redrive_says_why(opened: Open) -> None:
    async with opened(f"{POISON}-kafka-share-group") as d:
        d.session.seek(8.0)
        await d.press("d")
        await d.until(lambda: any("no queue for any" in text for text in d.told()))
