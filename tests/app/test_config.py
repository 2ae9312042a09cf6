"""What a person configures: themes, keys, speed, signs; and what is said of a mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.app.commandline import Typed

from mailrail import config, places
from mailrail.screen import theme_of
from mailrail.speeds import MAX
from mailrail.tui.app import Explorer
from mailrail.tui.keymap import check, laid
from mailrail.tui.launch import prepare
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.glyphs import PLAIN
from mailrail.wardrobe import own_themes
from mailrail_patterns.names import BadInput
from mailrail_themes import FOLDER


def configure(text: str) -> None:
    path = config.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def add_theme(name: str, change: tuple[str, str] = ("", "")) -> Path:
    text = (FOLDER / "dusk.toml").read_text().replace("mailrail-dusk", name).replace(*change)
    path = places.data() / "themes" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_a_file_everything_is_as_usual() -> None:
    assert config.read() == config.Config()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('themes = "dusk"', "themes: unknown key; the nearest is 'theme'"),
        ("speed = 1000", "speed: expected 0.1 to 100"),
        ('speed = "fast"', 'speed: expected 0.1 to 100, or "max", not "fast"'),
        ("speed = true", "speed: expected 0.1 to 100"),
        ("speed = nan", "speed: expected 0.1 to 100"),
        ("ascii = 1", "ascii: expected true or false, not 1"),
        ("theme = 3", "theme: expected text in quotes, not 3"),
        ("[keys]\nlab = 3", "keys.lab: expected a table, not 3"),
        ('[keys.lab]\nspawn = "K"\ncrash = 3', "keys.lab.crash: expected text in quotes, not 3"),
        ('animation = "some"', "animation: expected 'full' or 'none', not 'some'"),
        ('animation = "ful"', "not 'ful'; the nearest is 'full'"),
        ("animation = 1", "animation: expected 'full' or 'none', not 1"),
        ('[keys.lab]\ncrash = "escap"', "keys.lab.crash: unknown key 'escap'; the nearest is"),
        ("theme = ", "not TOML: Invalid value"),
        ('[keys.lob]\ncrash = "K"', "keys.lob: unknown screen; the nearest is 'lab'"),
        ('[keys.lab]\ncrush = "K"', "keys.lab.crush: unknown action; the nearest is 'crash'"),
        ('[keys.lab]\ncrash = "ctrl+c"', "'ctrl+c' leaves from everywhere"),
        ('[keys.menu]\ncancel = "ctrl+p"', "'ctrl+p' opens the palette from everywhere"),
        ('[keys.lab]\ncrash = "space"', "'space' would be both play_pause and crash"),
        ('theme = "dask"', "unknown theme 'dask'"),
    ],
)
def test_a_mistake_is_told_with_its_place_before_the_screen_changes(text: str, said: str) -> None:
    configure(text)
    with pytest.raises(BadInput) as caught:
        prepare()
    assert said in str(caught.value)
    assert str(config.path()) in str(caught.value)


def test_a_home_that_is_no_folder_configures_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "config", lambda: Path(__file__) / "mailrail")
    assert config.read() == config.Config()


@pytest.mark.parametrize(
    ("text", "said"),
    [(f"speed = {'9' * 5000}", "more digits"), (f"a = {'[' * 5000}", "nested too deeply")],
    ids=["digits", "depth"],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    configure(text)
    with pytest.raises(BadInput, match=said):
        config.read()


def test_a_folder_where_the_file_should_be() -> None:
    config.path().mkdir(parents=True)
    with pytest.raises(BadInput) as caught:
        config.read()
    assert str(caught.value) == (
        f"{config.path()}: this is a directory; expected a configuration file"
    )


def test_a_broken_configuration_ends_open_with_2(typed: Typed) -> None:
    configure("sped = 2")
    said = typed("open", "competing-consumers")
    assert said.code in (2, 3)  # where there is no terminal that is said first


async def test_speed_theme_and_keys_are_as_configured() -> None:
    configure('theme = "paper"\nspeed = 5\n[keys.lab]\ncrash = "K"\n"jump(1)" = "J,full_stop"')
    app = prepare("competing-consumers", paused=True)
    async with app.run_test(size=(120, 36)) as pilot:
        assert app.theme == "mailrail-paper"
        lab = app.screen
        assert lab.session.playback.speed == 5  # type: ignore[attr-defined]
        await pilot.press("J")
        assert lab.session.run.now == 1.0  # type: ignore[attr-defined]
        await pilot.press("K")
        assert lab.session.run.events[-1].kind == "crashed"  # type: ignore[attr-defined]
        before = len(lab.session.run.events)  # type: ignore[attr-defined]
        await pilot.press("c")
        assert len(lab.session.run.events) == before  # type: ignore[attr-defined]
        titles = {act.action: act.keys for act in lab.acts}  # type: ignore[attr-defined]
        assert titles["crash"] == "K"


def test_keys_that_are_not_mentioned_stay_as_they_are() -> None:
    chosen = {"lab": {"crash": "K"}}
    check(chosen)
    by_action = {act.action: act.keys for act in laid("lab", chosen)}
    assert by_action["crash"] == "K"
    assert by_action["freeze"] == "p"
    assert {act.action: act.keys for act in laid("shelf", chosen)}["open"].startswith("enter")


def test_a_theme_of_ones_own_can_be_worn() -> None:
    add_theme("mine")
    configure('theme = "mine"')
    assert prepare().theme == "mine"


async def test_a_broken_theme_is_told_and_harms_nobody() -> None:
    add_theme("good")
    add_theme("bad", ("ready =", "raedy ="))
    found, problems = own_themes()
    assert [palette.name for palette in found] == ["good"]
    assert problems == ["bad.toml: colours: unknown key 'raedy'; did you mean 'ready'?"]
    app = prepare()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert any("raedy" in each.message for each in app._notifications)


def test_whoever_asks_for_a_broken_theme_is_told_what_is_wrong_with_it() -> None:
    add_theme("bad", ("ready =", "raedy ="))
    why = "bad.toml: colours: unknown key 'raedy'; did you mean 'ready'?"
    for ask in (lambda: prepare(theme="bad"), lambda: theme_of("bad")):
        with pytest.raises(BadInput, match=f"^--theme: {re.escape(why)}$"):
            ask()
    configure('theme = "bad"')
    with pytest.raises(BadInput, match=re.escape(f"config.toml: theme: {why}")):
        prepare()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_with_plain_signs_only_ascii_is_drawn(size: tuple[int, int]) -> None:
    configure("ascii = true")
    app = prepare("competing-consumers/the-lock-is-a-lease", at=11.0, paused=True)
    assert isinstance(app, Explorer)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = "".join(
            segment.text for strip in app.screen._compositor.render_strips() for segment in strip
        )
        assert "crashed" in text
        assert {sign for sign in text if ord(sign) > 127} == set()


@pytest.mark.parametrize("keys", [
    ("question_mark",), ("i",), ("i", "l", "enter"), ("e",), ("b",), ("T", "enter"), ("ctrl+p",),
    ("C",), ("c", "m", "3", "5"), ("q", "slash"), ("q",),
])  # fmt: skip
async def test_nothing_else_is_drawn_on_top_of_it_either(keys: tuple[str, ...]) -> None:
    configure("ascii = true")
    gallery = keys[0] == "q"
    app = prepare(None if gallery else "competing-consumers", at=None if gallery else 11.0)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*(keys[1:] if gallery else keys))
        await pilot.pause()
        text = "".join(
            segment.text for strip in app.screen._compositor.render_strips() for segment in strip
        )
        assert {sign for sign in text if ord(sign) > 127} == set()


def test_every_sign_has_a_plain_one_of_its_own_width() -> None:
    assert all(len(plain) == 1 and plain.isascii() for plain in PLAIN.values())
    assert "☃é".translate(PLAIN) == "?é"


def test_no_sign_of_the_widgets_becomes_a_question_mark() -> None:
    folder = Path(glyphs.__file__).parent
    found = {
        (path.name, sign)
        for path in folder.glob("*.py")
        for sign in path.read_text(encoding="utf-8")
        if not sign.isascii() and not sign.translate(PLAIN).isascii()
    }
    assert found == set()


def test_the_speed_can_be_as_fast_as_possible() -> None:
    configure('speed = "max"')
    assert config.read().speed == MAX


def test_plain_signs_tell_apart_what_stands_beside_each_other() -> None:
    for signs in (
        "━─", [sign for sign, _ in glyphs.MARKS.values()],
        [sign for sign, _ in glyphs.TONES.values()], list(glyphs.STATES.values()),
    ):  # fmt: skip
        plain = [sign.translate(PLAIN) for sign in signs]
        assert len(set(plain)) == len(plain)
    assert not glyphs.UNBOUNDED.translate(PLAIN).isdigit()
