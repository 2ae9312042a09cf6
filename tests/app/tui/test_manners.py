"""Help of this very place, vim's keys wherever something scrolls, pictures that never overwrite."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from tests.app.tui.driving import LARGE, Driver, Opened
from textual._context import visible_screen_stack
from textual.events import Click
from textual.renderables.background_screen import BackgroundScreen
from textual.widgets import OptionList

from mailrail.notices import Notice
from mailrail.tui.actions import GALLERY, LAB, SHELF, TWIN, Act
from mailrail.tui.dialog_actions import JOURNEY, MENU, SETTINGS, SHEET
from mailrail.tui.screens.commands import Commands
from mailrail.tui.screens.menu import Choice, Menu
from mailrail.tui.widgets.scrolling import Scrolling

TABLES = {
    "lab": LAB, "gallery": GALLERY, "shelf": SHELF, "twin": TWIN, "menu": MENU,
    "settings": (*MENU, *SETTINGS), "dialects": (*MENU, *SHEET), "journey": JOURNEY,
}  # fmt: skip


def rows(d: Driver) -> list[str]:
    return [str(option.prompt) for option in d.app.screen.query_one(OptionList).options]


def under(d: Driver) -> str:
    options = d.app.screen.query_one(OptionList)
    assert options.highlighted is not None
    return options.get_option_at_index(options.highlighted).id or ""


async def test_help_of_help_goes_away_by_the_key_it_came_by(opened: Opened) -> None:
    async with opened("competing-consumers", (120, 36)) as d:
        await d.press("i", "question_mark")
        await d.until(lambda: len(d.app.screen_stack) == 4)
        told = d.app.screen
        assert "choose" in " ".join(d.text())
        await d.press("question_mark")
        await d.until(lambda: told not in d.app.screen_stack)
        assert len(d.app.screen_stack) == 3
        await d.press("escape", "question_mark", "question_mark")  # help of the lab, then of lists
        await d.until(lambda: len(d.app.screen_stack) == 4)
        await d.press("question_mark", "question_mark", "question_mark")
        await d.until(lambda: len(d.app.screen_stack) == 3)


async def test_windows_on_windows_each_show_what_lies_below(opened: Opened) -> None:
    """Whatever the list holds that Textual's screens share while one is laid out anew."""
    async with opened("competing-consumers", (120, 36)) as d:
        for above in range(3):
            await d.app.push_screen(Menu(f"Window {above}", [Choice("one", "One")]))
        _, lab, *windows = d.app.screen_stack
        token = visible_screen_stack.set([lab, *windows[:2]])
        shown = [each.render() for each in windows]
        visible_screen_stack.reset(token)
        below = [each.screen for each in shown if isinstance(each, BackgroundScreen)]
        assert below == [lab, *windows[:2]]


def click(options: OptionList, row: int) -> None:
    """Click on what was drawn as a row of that number."""
    x, y, *_ = options.region
    meant = Style(meta={"option": row})
    held = False, False, False
    options.post_message(Click(options, 1, 1, 0, 0, 1, *held, x + 1, y + 1, meant))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_place_declares_each_key_once_and_has_help(table: tuple[Act, ...]) -> None:
    keys = [key for act in table for key in act.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert any(act.action == "help" for act in table)


async def test_help_begins_with_the_list_that_has_the_focus_and_its_rows_run(
    opened: Opened,
) -> None:
    async with opened(size=LARGE) as d:
        d.session.seek(20.0)
        d.lab.redraw()
        await d.press("question_mark")
        assert rows(d)[0] == "Time"
        await d.press("escape")
        ledger = d.lab.query_one("#ledger")
        await d.pilot.click(ledger, offset=(12, 4))
        await d.press("question_mark")
        assert rows(d)[0] == "Ledger"
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("focused.edge(-1)")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.lab.focused is ledger
        assert ledger.chosen() == ledger.keys()[0]  # type: ignore[attr-defined]


async def test_a_menu_has_help_of_its_own_and_its_rows_run(opened: Opened) -> None:
    async with opened() as d:
        await d.press("e", "question_mark")
        assert rows(d)[0] == "This list"
        assert any("Put the setting back" in row for row in rows(d))
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("edge(1)")
        await d.press("enter")
        await d.until(lambda: d.showing("SettingMenu"))
        menu = d.app.screen
        assert isinstance(menu, Menu)
        assert under(d) == menu._choices[-1].id


async def test_vim_keys_move_in_every_menu(opened: Opened) -> None:
    async with opened() as d:
        await d.press("question_mark")
        options = d.app.screen.query_one(OptionList)
        first = options.highlighted
        assert first is not None
        await d.press("j", "j", "k")
        assert options.highlighted == first + 1
        await d.press("ctrl+d")
        half = options.highlighted
        assert half > first + 3
        await d.press("ctrl+f")
        page = options.highlighted
        assert page > half + 5
        await d.press("ctrl+b", "ctrl+u")
        assert options.highlighted <= first + 1
        await d.press("G")
        assert under(d) == LAB[-1].action
        await d.press("home")
        assert options.highlighted == first
        await d.press("escape", "i", "G", "g")
        options = d.app.screen.query_one(OptionList)
        assert under(d) == "crash"


async def test_vim_keys_move_in_every_pane_that_is_too_small_for_what_it_holds(
    opened: Opened,
) -> None:
    async with opened("saga", LARGE) as d:
        d.session.seek(30.0)
        d.lab.redraw()
        for key, name in (("2", "ledger"), ("3", "guarantees"), ("4", "metrics"), ("6", "actors"),
                          ("7", "rows"), ("t", "story"), ("o", "code")):  # fmt: skip
            if name not in d.lab.visible_panes():
                await d.press(key)
            await d.pilot.resize_terminal(80, 16)
            await d.until(lambda: d.lab.has_class("-short"))
            if name not in d.lab.visible_panes():
                await d.press(key)
            pane = d.lab.query_one(f"#{name}")
            assert isinstance(pane, Scrolling)
            d.lab.set_focus(pane)
            await d.settle()
            await d.press("g")
            top = d.text()
            if pane.count > pane.room:
                await d.press("G")
                bottom = d.text()
                assert bottom != top, name
                for keys in (("ctrl+u",), ("ctrl+d",), ("k",), ("ctrl+b", "ctrl+f"), ("j",)):
                    await d.press(*keys)
                await d.press("g")
                assert d.text()[1:-3] == top[1:-3], name
            await d.press("question_mark")
            assert rows(d)[0].lower() == str(pane.border_title).lower()
            await d.press("escape", "escape")
            await d.pilot.resize_terminal(*LARGE)
            await d.until(lambda: d.app.size.height == LARGE[1])


async def test_vim_keys_move_in_the_gallery_and_on_the_shelf(opened: Opened) -> None:
    async with opened(None) as d:
        await d.press("G")
        last = d.app.screen._here  # type: ignore[attr-defined]
        await d.press("ctrl+u", "g")
        assert d.app.screen._here != last  # type: ignore[attr-defined]
        assert d.app.screen._here == "competing-consumers"  # type: ignore[attr-defined]
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("G")
        count = d.app.screen.query_one(OptionList).option_count
        assert d.app.screen.query_one(OptionList).highlighted == count - 1
        await d.press("g", "j", "k")
        assert d.app.screen.query_one(OptionList).highlighted == 0
        await d.press("question_mark")
        assert rows(d)[0] == "Scenarios"


@pytest.mark.parametrize("way", ["key", "help", "palette"])
async def test_a_picture_of_what_is_seen_is_saved_and_none_is_overwritten(
    opened: Opened, tmp_path: Path, way: str
) -> None:
    name = "mailrail-competing-consumers-12.5s"
    (tmp_path / f"{name}.svg").write_text("mine")
    async with opened() as d:
        d.session.seek(12.5)
        d.lab.redraw()
        if way == "key":
            await d.press("Y")
        elif way == "help":
            await d.press("question_mark", "Y", "enter")
        else:
            offered = {c.title: c for c in d.app.get_system_commands(d.app.screen)}
            await offered["snapshot: Save a picture of the screen as an SVG file"].callback()
        saved = tmp_path / f"{name}-2.svg"
        await d.until(saved.exists)
        await d.until(lambda: f"Saved: {saved.name}" in d.told())
        assert (tmp_path / f"{name}.svg").read_text() == "mine"
        text = saved.read_text()
        assert "consumer-1" in text
        assert "enter&#160;choose" not in text
        await d.press("Y")
        await d.until((tmp_path / f"{name}-3.svg").exists)


@pytest.mark.parametrize(("keys", "name"), [
    ((), "mailrail-gallery"), (("enter",), "mailrail-shelf"),
])  # fmt: skip
async def test_pictures_of_the_other_screens(
    opened: Opened, tmp_path: Path, keys: tuple[str, ...], name: str
) -> None:
    async with opened(None) as d:
        await d.press(*keys)
        await d.press("Y")
        await d.until((tmp_path / f"{name}.svg").exists)


async def test_a_folder_that_takes_no_picture_is_told(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    async with opened() as d:
        gone.rmdir()
        await d.press("Y")
        await d.until(lambda: any("cannot write" in text for text in d.told()))


async def test_two_clicks_beside_the_palette_close_the_palette_alone(opened: Opened) -> None:
    async with opened("competing-consumers", (120, 36)) as d:
        await d.press("ctrl+p")
        await d.until(lambda: isinstance(d.app.screen, Commands))
        palette = d.app.screen
        for _ in range(2):
            palette.dismiss()
        await d.until(lambda: d.showing("Lab"))
        await d.pilot.pause()
        assert d.showing("Lab")


@pytest.mark.parametrize("way", ["ctrl+p", "i"])
async def test_a_click_on_a_row_that_is_gone_chooses_nothing(opened: Opened, way: str) -> None:
    """A search makes the rows fewer, perhaps between the drawing of one and the click on it."""
    async with opened("competing-consumers", (120, 36)) as d:
        await d.press(way)
        await d.until(lambda: isinstance(d.app.screen, Commands | Menu))
        asked, (options,) = d.app.screen, d.app.screen.query(OptionList)
        await d.until(lambda: options.option_count > 0)
        click(options, options.option_count)
        await d.settle()
        assert d.app.screen is asked
        click(options, next(n for n, each in enumerate(options.options) if not each.disabled))
        await d.until(lambda: d.app.screen is not asked)


async def test_what_a_key_came_to_takes_the_place_of_the_one_before(opened: Opened) -> None:
    async with opened() as d:
        await d.press("F")
        await d.until(lambda: d.told() == ["No fault before this."])
        await d.press("V")
        await d.until(lambda: d.told() == ["No violation before this."])
        d.session.notices.append(Notice("The run tells this.", news=True))
        d.lab.redraw()
        await d.until(lambda: len(d.told()) == 2)  # what happens in the run replaces nothing
        await d.press("i")
        await d.until(lambda: not d.told())
