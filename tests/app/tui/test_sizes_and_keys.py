"""Every size, every key, every row of help; the mouse does what keys do."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Driver, Opened
from textual.command import CommandList
from textual.geometry import Offset
from textual.widgets import OptionList

from mailrail.tui.actions import GALLERY, LAB, SHELF, Act, footer
from mailrail.tui.keys import MOST, KeyBar
from mailrail.tui.screens.panes import PANES

SIZES = [(80, 24), (120, 36), (160, 48), (40, 12), (200, 13), (41, 60), (39, 24), (80, 11), (1, 1)]
TABLES = {"lab": LAB, "gallery": GALLERY}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_key_is_declared_once(table: tuple[Act, ...]) -> None:
    keys = [key for act in table for key in act.keys.split(",")]
    assert len(keys) == len(set(keys))
    actions = [act.action for act in table]
    assert len(actions) == len(set(actions))
    assert all(act.about and act.label and act.group for act in table)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_footer_has_at_most_seven_keys_and_fits_80_columns(table: tuple[Act, ...]) -> None:
    acts = footer(table)
    assert len(acts) <= MOST
    assert KeyBar(acts).fitting(80) == acts
    for width in range(12, 80):
        shown = KeyBar(acts).fitting(width)
        assert sum(len(a.key) + len(a.label) + 3 for a in shown) <= width
        if width >= 20:
            assert {"help", "leave"} <= {a.action for a in shown}


@pytest.mark.parametrize("name", ["competing-consumers", None])
async def test_the_footer_is_whole_at_80_columns(opened: Opened, name: str | None) -> None:
    async with opened(name) as d:
        row = d.text()[-1]
        for act in footer(LAB if name else GALLERY):
            label = "quit" if act.action == "leave" else act.label
            assert f"{act.key} {label} " in row + " "
        if name:
            await d.press("space")
            assert "space pause" in d.text()[-1]


LEAVING = ("app.quit", "leave")


async def choose_in_help(d: Driver, action: str) -> None:
    await d.press("question_mark")
    options = d.app.screen.query_one(OptionList)
    options.highlighted = options.get_option_index(action)
    await d.press("enter")


async def test_every_row_of_help_runs(opened: Opened) -> None:
    async with opened() as d:
        ran = []
        for act in LAB:
            if act.action in LEAVING:
                continue
            d.session.seek(10.0)
            await choose_in_help(d, act.action)
            if d.app.screen is not d.lab:
                ran.append(type(d.app.screen).__name__)
                await d.press("escape")
            assert d.app.screen is d.lab
        assert set(ran) == {
            "Menu", "Help", "DialectMenu", "SettingMenu", "ThemeMenu", "Form", "Commands", "Jump",
            "Path",
        }  # fmt: skip


@pytest.mark.parametrize("action", LEAVING)
async def test_help_leaves_too(opened: Opened, action: str) -> None:
    async with opened() as d:
        await choose_in_help(d, action)
        assert d.app._exit


async def test_every_row_of_help_of_the_gallery_runs(opened: Opened) -> None:
    async with opened(None) as d:
        gallery = d.app.screen
        for act in GALLERY:
            if act.action in LEAVING:
                continue
            await choose_in_help(d, act.action)
            await d.press("escape")  # out of a screen, a dialog or the search
            await d.until(lambda: d.app.screen is gallery)


async def test_every_row_of_help_of_a_shelf_runs(opened: Opened) -> None:
    async with opened(None) as d:
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        shelf = d.app.screen
        for act in SHELF:
            if act.action in LEAVING:
                continue
            await choose_in_help(d, act.action)
            if d.app.screen is not shelf:
                await d.press("q" if d.showing("Lab") else "escape")
            await d.until(lambda: d.app.screen is shelf)


async def test_every_key_can_be_pressed_at_any_moment(opened: Opened) -> None:
    async with opened() as d:
        for moment in (0.0, 22.0):
            for act in LAB:
                if act.action in ("app.quit", "leave"):
                    continue
                for key in act.keys.split(","):
                    d.session.seek(moment)
                    await d.press(key)
                    if d.app.screen is not d.lab:
                        await d.press("escape")
                    assert d.app.screen is d.lab


async def test_the_palette_offers_every_key(opened: Opened) -> None:
    async with opened() as d:
        offered = {c.title for c in d.app.get_system_commands(d.app.screen)}
        for act in LAB:
            assert act.action == "app.command_palette" or f"{act.label}: {act.about}" in offered
        await d.press("ctrl+p")
        await d.until(lambda: d.showing("Commands"))
        for letter in "kill the selected":
            await d.pilot.press("space" if letter == " " else letter)
        await d.until(lambda: d.app.screen.query_one(CommandList).option_count == 1)
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        await d.until(lambda: d.session.run.events[-1].kind == "crashed")


@pytest.mark.parametrize("name", ["competing-consumers", "queue-based-load-leveling", None])
async def test_a_storm_of_resizes_breaks_nothing(opened: Opened, name: str | None) -> None:
    async with opened(name) as d:
        if name:
            d.session.seek(20.0)
            await d.press("space")
        for size in [*SIZES, *reversed(SIZES), (80, 24)]:
            await d.pilot.resize_terminal(*size)
            if name:
                d.lab.pulse(0.05)
            await d.settle()
            tiny = size[0] < 40 or size[1] < 12
            assert any("mailrail needs" in row for row in d.text()) == (tiny and size != (1, 1))
        assert any(("pause" if name else "Competing") in row for row in d.text())


async def test_two_runs_side_by_side_survive_a_storm_of_resizes(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(20.0)
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        for width, height in [(39, 40), (40, 12), (120, 11), (120, 36), (20, 5), (60, 13)]:
            await d.pilot.resize_terminal(width, height)
            await d.settle()
            tiny = width < 40 or height < 12
            shown = "\n".join(d.text())
            assert ("mailrail needs" in shown, "differ" in shown) == (tiny, not tiny)
            assert "no queue yet" not in shown
        await d.press("z")
        await d.pilot.resize_terminal(30, 9)
        await d.press("z", "3", "1")
        await d.pilot.resize_terminal(80, 24)
        await d.settle()
        assert "right:" in "\n".join(d.text())


@pytest.mark.parametrize("dialog", ["question_mark", "e", "i", "C", "s", "w", "g"])
async def test_dialogs_survive_resizes(opened: Opened, dialog: str) -> None:
    async with opened() as d:
        await d.press(dialog)
        for size in [(160, 48), (40, 12), (20, 5), (80, 24)]:
            await d.pilot.resize_terminal(*size)
            await d.settle()
        await d.press("escape")
        assert d.showing("Lab")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)])
async def test_panes_are_shown_hidden_and_maximised(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as d:
        d.session.seek(30.0)
        keys = [(act.keys, act.action[6:-2]) for act in LAB if act.action.startswith("pane(")]
        assert [name for _, name in keys] == list(PANES)
        for key, name in keys:
            before = d.lab.visible_panes()
            await d.press(key)
            assert d.lab.visible_panes() != before
            if name not in d.lab.visible_panes():
                await d.press(key)
            pane = d.lab.query_one(f"#{name}")
            assert pane.display
            assert pane.region.height > 1
            await d.press("z")
            assert d.lab.visible_panes() == {name}
            assert pane.region.height >= size[1] - 8
            assert pane.region.width >= size[0] - 2
            await d.press("z")


async def test_the_footer_answers_clicks(opened: Opened) -> None:
    async with opened() as d:
        row = d.text()[-1]
        await d.pilot.click(offset=Offset(row.index("crash"), 23))
        await d.settle()
        assert d.session.run.events[-1].kind == "crashed"
        await d.pilot.hover(offset=Offset(row.index("crash"), 23))
        tooltip = d.lab.query_one(KeyBar).tooltip
        assert isinstance(tooltip, str)
        assert "Kill" in tooltip
        await d.pilot.click(offset=Offset(row.index("help"), 23))
        await d.until(lambda: d.showing("Menu"))
        await d.pilot.click(offset=Offset(0, 0))
        await d.until(lambda: d.showing("Lab"))


async def test_timeline_actors_ledger_and_guarantees_answer_clicks(opened: Opened) -> None:
    async with opened(size=(160, 48)) as d:
        d.session.seek(60.0)
        d.lab.redraw()
        await d.settle()
        rows = d.text()
        bar = d.lab.query_one("#timeline").region
        await d.pilot.click(offset=Offset(bar.x + bar.width // 2, bar.y + 1))
        await d.settle()
        assert 25 < d.session.run.now < 35
        actors = d.lab.query_one("#actors").region
        y = next(y for y in range(actors.y, actors.bottom) if "consumer-3" in rows[y][actors.x :])
        await d.pilot.click(offset=Offset(actors.x + 4, y))
        await d.settle()
        assert d.session.selected == "consumer-3"
        ledger = d.lab.query_one("#ledger").region
        await d.pilot.click(offset=Offset(ledger.x + 12, ledger.y + 3))
        await d.settle()
        assert d.session.run.rewound
        guarantees = d.lab.query_one("#guarantees").region
        await d.pilot.click(offset=Offset(guarantees.x + 12, guarantees.y + 1))
        await d.settle()
        assert d.told()


async def test_a_click_on_a_message_tells_its_life(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(12.5)
        d.lab.redraw()
        await d.settle()
        rows = d.text()
        y = next(y for y, row in enumerate(rows) if "m10" in row)
        await d.pilot.click(offset=Offset(rows[y].index("m10"), y))
        await d.until(lambda: d.showing("Path"))
        await d.press("home", "down")
        assert any("consumer-1 receives m10" in row for row in d.text())
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.now == 9.0


async def test_escape_never_leaves_and_q_goes_back_to_what_was_left(opened: Opened) -> None:
    async with opened(None) as d:
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        await d.press("c", "z")
        assert d.lab.visible_panes() == {"picture"}
        await d.press("escape", "escape", "escape")
        assert d.lab.visible_panes() == {"picture", "ledger", "timeline"}
        session = d.session
        await d.press("q")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session is session
        assert not session.playing
        await d.press("q")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("q")
        await d.until(lambda: d.showing("Gallery"))
        await d.press("escape")
        assert not d.app._exit
        await d.press("q")
        assert d.app._exit


async def test_a_click_gives_a_list_the_arrow_keys_and_escape_takes_them_back(
    opened: Opened,
) -> None:
    async with opened() as d:
        d.session.seek(20.0)
        d.lab.redraw()
        await d.settle()
        ledger = d.lab.query_one("#ledger")
        await d.pilot.click(ledger, offset=(10, 4))
        await d.settle()
        assert d.lab.focused is ledger
        now, selected = d.session.run.position, d.session.selected
        await d.press("up", "up", "enter")
        assert d.session.run.position < now
        assert d.session.selected == selected
        await d.press("escape", "down")
        assert d.session.selected != selected


@pytest.mark.parametrize(
    "before", ["", "i", "g", "e", "question_mark", "ctrl+p", "apostrophe", "H"]
)
async def test_ctrl_c_leaves_at_once_wherever_one_is(opened: Opened, before: str) -> None:
    async with opened() as d:
        if before:
            await d.press(before)
            await d.until(lambda: d.app.screen is not d.lab)
        await d.press("ctrl+c")
        assert d.app.return_value == 130


async def test_a_pane_that_has_the_whole_screen_has_the_keys_too(opened: Opened) -> None:
    async with opened() as d:
        await d.press("t", "z")
        assert "Problem" in "\n".join(d.text())
        await d.press("ctrl+d")
        assert "Problem" not in "\n".join(d.text())
        await d.press("escape")
        assert d.lab.focused is None
        assert "picture" in d.lab.visible_panes()
        selected = d.session.selected
        await d.press("j")
        assert d.session.selected != selected
