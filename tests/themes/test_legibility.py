"""Every theme there is can be read: ours, Textual's and the terminal's own; with no colour too."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.command import CommandList
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES, Theme

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.pairs import PAIRS, laid, legible_strip, paired
from mailrail.tui.theming import FALLBACKS, Inks, contrast, legible, textual_theme
from mailrail_patterns.scenario import find
from mailrail_themes import bundled

ALL = {**{each.name: textual_theme(each) for each in bundled().values()}, **BUILTIN_THEMES}
COLOURED = [theme for theme in ALL.values() if not theme.ansi]
NATIVE = [theme for theme in ALL.values() if theme.ansi]


def variables_of(theme: Theme) -> dict[str, str]:
    """Return what the style sheets know of a theme."""
    return {**theme.to_color_system().generate(), **theme.variables}


def inks_of(theme: Theme) -> Inks:
    return Inks(variables_of(theme))


def inks_on(theme: Theme, ground: str) -> Inks:
    variables = variables_of(theme)
    return Inks(variables, Style(bgcolor=Color.parse(variables[ground]).rich_color))


def ratio(inks: Inks, ink: str) -> float:
    """Return the contrast of an ink on its own ground, or on that of the theme."""
    style = inks[ink]
    assert style.color is not None
    text = Color.from_rich_color(style.color)
    ground = Color.from_rich_color(style.bgcolor) if style.bgcolor else inks.colour("paper")
    return contrast(text, ground)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_every_ink_can_be_read(theme: Theme) -> None:
    inks = inks_of(theme)
    panel = inks_on(theme, "panel")
    assert ratio(panel, "text") >= 4.5
    for name in (*FALLBACKS, "text"):
        assert ratio(inks, name) >= (2.0 if name == "lane" else 4.5), name
        assert ratio(inks, f"on-{name}") >= 4.5, f"on-{name}"


@pytest.mark.parametrize("theme", NATIVE, ids=lambda theme: theme.name)
def test_a_terminals_own_colours_are_left_to_it(theme: Theme) -> None:
    inks = inks_of(theme)
    for name in FALLBACKS:
        plain, ground = inks[name], inks[f"on-{name}"]
        assert plain.color is not None
        assert not plain.color.is_default or plain.dim, f"{name} differs from text in some way"
        assert ground.reverse, "text on a colour is what the terminal has behind its text"
        assert plain.bgcolor is None
        assert ground.bgcolor is None


def test_a_footer_can_be_read_whatever_a_theme_says() -> None:
    for theme in COLOURED:
        variables = variables_of(theme)
        style = Color.parse(variables["footer-foreground"]).rich_color
        ground = Color.parse(variables["footer-background"]).rich_color
        found = legible(inks_of(theme)["text"].from_color(style, ground))
        assert found.color is not None
        assert contrast(Color.from_rich_color(found.color), Color.from_rich_color(ground)) >= 3


@pytest.mark.parametrize("theme", ALL.values(), ids=lambda theme: theme.name)
def test_what_textual_writes_on_its_own_grounds_can_be_read(theme: Theme) -> None:
    variables = variables_of(theme)
    found = paired(variables)
    assert set(found) == set(PAIRS)
    if theme.ansi:
        assert found["block-cursor-foreground"] == variables["block-cursor-foreground"]
        return
    below = Color.parse(variables["surface"])
    for name, (_, ground) in PAIRS.items():
        behind = laid(variables[ground], below)
        assert contrast(Color.parse(found[name]), behind) >= 4.5, name


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_what_is_faint_in_a_row_can_be_read_under_the_cursor_too(theme: Theme) -> None:
    variables = variables_of(theme)
    variables |= paired(variables)
    for ink, ground in (
        ("block-cursor-foreground", "block-cursor-background"),
        ("foreground", "surface"),
    ):
        text, behind = Color.parse(variables[ink]), Color.parse(variables[ground])
        style = Style(color=text.rich_color, bgcolor=behind.rich_color, dim=True)
        (segment,) = legible_strip(Strip([Segment("faint", style)]))
        assert segment.style is not None
        assert segment.style.color is not None
        assert not segment.style.dim
        assert contrast(Color.from_rich_color(segment.style.color), behind) >= 4.5


async def test_no_word_of_a_window_is_too_faint() -> None:
    session = Session(find("competing-consumers"), clock=lambda: 0.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0)
    app.theme = "gruvbox"
    async with app.run_test(size=(120, 36)) as pilot:
        for key in ("e", "s"):
            await pilot.press("escape", key)
            await pilot.pause()
            window = app.screen.query_one(".window").region
            for y, strip in enumerate(app.screen._compositor.render_strips()):
                for text, style, _ in strip.crop(window.x, window.right):
                    if not window.contains(window.x, y) or not any(map(str.isalnum, text)):
                        continue
                    assert style is not None
                    assert style.color is not None
                    assert style.bgcolor is not None
                    pair = map(Color.from_rich_color, (style.color, style.bgcolor))
                    assert contrast(*pair) >= 4.5, text


async def test_no_row_of_the_palette_is_too_faint() -> None:
    session = Session(find("competing-consumers"), clock=lambda: 0.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0)
    async with app.run_test(size=(120, 36)) as pilot:
        for theme in ("mailrail-paper", "tokyo-night", "solarized-light"):
            app.theme = theme
            await pilot.press("ctrl+p")
            while not app.screen.query_one(CommandList).option_count:
                await pilot.pause(0.01)
            await pilot.pause()
            place = app.screen.query_one(CommandList).region
            strips = app.screen._compositor.render_strips()[place.y : place.bottom]
            words = [each for strip in strips for each in strip if any(map(str.isalnum, each.text))]
            assert any("key" in each.text for each in words)
            for text, style, _ in words:
                assert style is not None
                assert style.color is not None
                assert style.bgcolor is not None
                assert not style.dim, text
                pair = map(Color.from_rich_color, (style.color, style.bgcolor))
                assert contrast(*pair) >= 4.5, (theme, text)
            await pilot.press("escape")


@pytest.mark.parametrize("theme", ["mailrail-dusk", "ansi-dark"])
async def test_without_colour_every_state_is_told(
    monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    session = Session(find("competing-consumers/the-lock-is-a-lease"), clock=lambda: 0.0)
    session.seek(11.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0)
    app.theme = theme
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        segments = [s for strip in app.screen._compositor.render_strips() for s in strip]
        for segment in segments:
            for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if colour is not None and not colour.is_default:
                    assert len(set(colour.get_truecolor())) == 1, "grey at the most"
        text = "".join(segment.text for segment in segments)
        for told in ("crashed", "working", "idle", "paused", "holds", "left", "ready"):
            assert told in text, told
