"""Every key is declared and can be chosen: on screens, in windows, lists, fields and jump mode."""

from __future__ import annotations

from itertools import chain

import pytest
from tests.app.tui.driving import Driver
from textual.binding import Binding
from textual.widgets import OptionList

from mailrail.config import Config
from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.keymap import PLACES, TOGETHER, Chosen, check, laid
from mailrail.tui.keynames import KNOWN, split
from mailrail.tui.pairs import Options
from mailrail.tui.screens.dialect_menu import DialectMenu
from mailrail.tui.screens.form import Form
from mailrail.tui.screens.gallery import Gallery
from mailrail.tui.screens.jump import Jump
from mailrail.tui.screens.lab import Lab
from mailrail.tui.screens.menu import Menu
from mailrail.tui.screens.path import Path
from mailrail.tui.screens.pick import Pick
from mailrail.tui.screens.setting_menu import SettingMenu
from mailrail.tui.screens.shelf import Scenarios, Shelf
from mailrail.tui.screens.theme_menu import ThemeMenu
from mailrail.tui.screens.twin import Twin
from mailrail.tui.widgets.listing import Listing
from mailrail.tui.widgets.program import Program
from mailrail.tui.widgets.scrolling import Scrolling
from mailrail.tui.widgets.walk import Walk
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

KEYED = [
    Gallery, Shelf, Lab, Twin, Menu, Options, SettingMenu, DialectMenu, ThemeMenu, Path, Form, Pick,
    Jump, Scrolling, Listing, Program, Scenarios, Walk,
]  # fmt: skip


def said(chosen: Chosen) -> str:
    with pytest.raises(BadInput) as caught:
        check(chosen)
    return str(caught.value)


@pytest.mark.parametrize("place", KEYED)
def test_every_key_of_ours_is_one_declaration_that_can_be_remapped(place: type) -> None:
    declared = {f"{name}.{act.action}" for name, acts in PLACES.items() for act in acts}
    own = place.__dict__.get("BINDINGS", [])
    assert all(isinstance(each, Binding) and each.id in declared for each in own)


@pytest.mark.parametrize("places", TOGETHER)
def test_no_key_does_two_things_where_keys_are_heard_together(places: tuple[str, ...]) -> None:
    keys = list(chain.from_iterable(split(a.keys) for p in places for a in laid(p, {})))
    assert len(keys) == len(set(keys))


def test_every_key_that_is_declared_has_a_name_that_is_known() -> None:
    check({place: {act.action: act.keys for act in acts} for place, acts in PLACES.items()})
    assert {"escape", "f1", "question_mark", "pagedown", "shift+tab", "ctrl+d"} <= KNOWN


@pytest.mark.parametrize(("keys", "told"), [
    ("pagdown", "unknown key 'pagdown'; the nearest is 'pagedown'"),
    ("ctrl+pagdown", "the nearest is 'ctrl+pagedown'"),
    ("crtl+k", "unknown key 'crtl+k': 'crtl'; the nearest is 'ctrl'"),
    ("K,,J", "expected keys separated by single commas"),
    ("n", "'n' would be both mark(1) and crash"),
    ("question", "the nearest is 'question_mark'"),
])  # fmt: skip
def test_a_key_that_cannot_be_is_told_with_its_place_and_the_nearest(keys: str, told: str) -> None:
    complaint = said({"lab": {"crash": keys}})
    assert complaint.startswith("keys.lab.crash: ")
    assert told in complaint


def test_windows_and_what_lies_in_them_may_not_use_the_same_key() -> None:
    assert said({"settings": {"reset": "j"}}) == (
        "keys.settings.reset: 'j' would be both cursor(1) of menu and reset"
    )
    assert "'down' would be both" in said({"choice": {"turn(1)": "down"}})
    assert "keys.menu.cursor(1): " in said({"menu": {"cursor(1)": "backspace"}})
    assert "letter to jump by" in said({"jump": {"cancel": "x"}})
    assert "the nearest is 'dialects'" in said({"dialect": {"help": "x"}})
    check({"lab": {"crash": "?", "help": "f1"}})


async def pilot_keys(d: Driver, *keys: str) -> None:
    await d.press(*keys)
    await d.settle()


CHOSEN = {
    "lab": {"crash": "K", "help": "f2, ?"},
    "menu": {"cursor(1)": "n", "choose": "full_stop", "cancel": "x"},
    "form": {"cancel": "f4"}, "choice": {"turn(1)": "greater_than_sign"},
    "jump": {"cancel": "f9"}, "pane": {"edge(1)": "Z"}, "settings": {"reset": "0"},
    "shelf": {"open": "O"}, "scenarios": {"cursor_down": "n"},
}  # fmt: skip


async def test_keys_as_a_person_has_chosen_them_work_everywhere_and_are_told() -> None:
    check(CHOSEN)
    session = Session(find("competing-consumers"), clock=lambda: 0.0)
    session.seek(20.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0, config=Config(keys=CHOSEN))
    async with app.run_test(size=(120, 36)) as pilot:
        d = Driver(app, pilot)
        await d.press("question_mark")
        await d.until(lambda: d.showing("Menu"))
        assert any(". choose · x close" in row for row in d.text())
        options = app.screen.query_one(OptionList)
        first = options.highlighted
        await d.press("n", "j", "down")
        assert options.highlighted == (first or 0) + 1
        await d.press("x", "i", "n", "n", "n", "full_stop")
        await d.until(lambda: d.showing("Form"))
        assert any("Cancel (f4)" in row for row in d.text())
        app.screen.query_one(Pick).focus()
        await d.press("greater_than_sign", "right")
        assert app.screen.query_one(Pick).value.startswith("K1")
        await d.press("question_mark")
        await d.until(lambda: d.showing("Menu"))
        told = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert told[0] == "This field"
        assert any(row.startswith("f4") and "Close" in row for row in told)
        await d.press("x", "f4", "apostrophe", "f9")
        await d.until(lambda: d.showing("Lab"))
        ledger = d.lab.query_one("#ledger")
        d.lab.set_focus(ledger)
        await d.press("g", "Z")
        assert ledger.chosen() == ledger.keys()[-1]  # type: ignore[attr-defined]
        offered = {c.title: c for c in app.get_system_commands(app.screen)}
        await offered["first: To the first row"].callback()
        assert ledger.chosen() == ledger.keys()[0]  # type: ignore[attr-defined]


async def test_the_shelf_tells_each_key_once() -> None:
    app = Explorer(paused=True, clock=lambda: 0.0)
    async with app.run_test(size=(100, 24)) as pilot:
        d = Driver(app, pilot)
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("question_mark")
        await d.until(lambda: d.showing("Menu"))
        rows = app.screen.query_one(OptionList).options
        ids = [row.id for row in rows if row.id]
        assert len(ids) == len(set(ids))
        told = [str(row.prompt).split("  ") for row in rows if row.id]
        keys = [key for row in told for key in row[0].split()]
        assert len(keys) == len(set(keys))
        await d.press("escape", "pagedown")
        assert d.app.screen.query_one("#reading").scroll_offset.y > 0


async def test_jump_mode_and_forms_have_help_whose_rows_run() -> None:
    session = Session(find("competing-consumers"), clock=lambda: 0.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.press("apostrophe")
        assert any("A letter goes to what it stands on" in row for row in d.text())
        for open_keys, name in ((("apostrophe",), "Jump"), (("g",), "Form")):
            if not d.showing(name):
                await d.press(*open_keys)
            await d.until(lambda name=name: d.showing(name))  # type: ignore[misc]
            await d.press("f1")
            await d.until(lambda: d.showing("Menu"))
            options = app.screen.query_one(OptionList)
            options.highlighted = options.get_option_index("cancel")
            await d.press("enter")
            await d.until(lambda: d.showing("Lab"))
