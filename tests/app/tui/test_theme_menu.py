"""Choosing a theme: seen at once, kept or given back, and read again while its file is edited."""

from __future__ import annotations

from pathlib import Path

from tests.app.tui.driving import LARGE, Driver, Opened
from textual.events import AppFocus
from textual.widgets import OptionList

from mailrail import config, places
from mailrail_themes import FOLDER, bundled

DUSK = FOLDER / "dusk.toml"
PAPER = bundled()["mailrail-paper"].base["background"]


def mine(*changes: tuple[str, str]) -> Path:
    """Write a theme of one's own, made from our default."""
    path = places.data() / "themes" / "mine.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = DUSK.read_text(encoding="utf-8").replace("mailrail-dusk", "mine")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return path


async def walk(driver: Driver, theme: str) -> None:
    """Move the cursor to a theme and wait until it is worn."""
    options = driver.app.screen.query_one(OptionList)
    options.highlighted = options.get_option_index(theme)
    await driver.until(lambda: driver.app.theme == theme)
    await driver.settle()


async def test_the_theme_under_the_cursor_is_worn_by_the_lab(opened: Opened) -> None:
    async with opened() as driver:
        assert PAPER not in driver.app.export_screenshot()
        await driver.press("H", "down", "j")
        await driver.until(lambda: driver.app.theme == "mailrail-paper")
        await driver.until(lambda: PAPER in driver.app.export_screenshot())
        assert driver.showing("ThemeMenu")
        await driver.press("escape")
        assert driver.app.theme == "mailrail-dusk"
        await driver.until(lambda: PAPER not in driver.app.export_screenshot())
        assert driver.told() == []


async def test_what_is_kept_and_how_it_is_kept_for_good(opened: Opened) -> None:
    async with opened(None, LARGE) as driver:
        await driver.press("H")
        await walk(driver, "mailrail-paper")
        await driver.press("enter")
        await driver.until(lambda: driver.showing("Gallery"))
        assert driver.app.theme == "mailrail-paper"
        assert driver.told() == [f'To keep it: theme = "paper" in {config.path()}']


async def test_whoever_chooses_before_it_is_worn_gets_it(opened: Opened) -> None:
    async with opened() as driver:
        await driver.press("H", "down", "enter")
        await driver.until(lambda: driver.showing("Lab"))
        assert driver.app.theme == "mailrail-contrast"


async def test_every_theme_is_there_and_tells_of_itself(opened: Opened) -> None:
    mine()
    async with opened(size=LARGE) as driver:
        await driver.press("H")
        options = driver.app.screen.query_one(OptionList)
        ids = [option.id for option in options.options if option.id]
        assert set(ids) == set(driver.app.available_themes)
        text = "\n".join(driver.text())
        for told in ("Your own", "Dark blue, the default.", "ansi-dark", "for a dark terminal"):
            assert told in text


async def test_a_file_that_is_edited_is_worn_anew(opened: Opened) -> None:
    mine()
    async with opened() as driver:
        await driver.press("H")
        await walk(driver, "mine")
        mine(("#12151f", "#0c301a"))
        await driver.press("f5")
        await driver.until(lambda: "#0c301a" in driver.app.export_screenshot())


async def test_it_is_looked_at_again_when_the_terminal_is_come_back_to(opened: Opened) -> None:
    mine()
    async with opened() as driver:
        driver.app.theme = "mine"
        await driver.settle()
        mine(("#12151f", "#0c301a"))
        driver.app.post_message(AppFocus())
        await driver.until(lambda: "#0c301a" in driver.app.export_screenshot())


async def test_a_file_that_was_broken_is_told_once_and_the_colours_stay(opened: Opened) -> None:
    mine()
    async with opened() as driver:
        await driver.press("H")
        await walk(driver, "mine")
        mine(("\nready =", "\nraedy ="))
        await driver.press("f5", "f5")
        assert driver.told() == [
            "theme mine.toml: colours: unknown key 'raedy'; did you mean 'ready'?"
        ]
        assert driver.app.theme == "mine"
        assert "#12151f" in driver.app.export_screenshot()
        mine(("#12151f", "#0c301a"))
        await driver.press("f5")
        await driver.until(lambda: "#0c301a" in driver.app.export_screenshot())
        assert len(driver.told()) == 1


async def test_a_theme_of_ones_own_that_replaces_another_is_told_once(opened: Opened) -> None:
    told = "Your own theme {} is worn instead of the one of that name here."
    mine(('name = "mine"', 'name = "mailrail-paper"'))
    async with opened(None) as driver:
        await driver.until(lambda: driver.told() == [told.format("paper")])
        mine(('name = "mine"', 'name = "nord"'), ("[colours]", "\n[colours]"))
        driver.app.look_at_themes()
        both = [told.format(name) for name in ("paper", "nord")]
        await driver.until(lambda: driver.told() == both)
        mine(('name = "mine"', 'name = "nord"'), ("[colours]", "\n\n[colours]"))
        driver.app.look_at_themes()
        await driver.settle()
        assert driver.told() == both
