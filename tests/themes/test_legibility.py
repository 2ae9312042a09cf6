"""Every theme there is can be read: ours, Textual's and the terminal's own; with no colour too."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.theming import FALLBACKS, Inks, contrast, legible, textual_theme
from mailrail_patterns.scenario import find
from mailrail_themes import bundled

ALL = {**{each.name: textual_theme(each) for each in bundled().values()}, **BUILTIN_THEMES}
COLOURED = [theme for theme in ALL.values() if not theme.ansi]
NATIVE = [theme for theme in ALL.values() if theme.ansi]


def inks_of(theme: Theme) -> Inks:
    return Inks({**theme.to_color_system().generate(), **theme.variables})


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
        variables = {**theme.to_color_system().generate(), **theme.variables}
        style = Color.parse(variables["footer-foreground"]).rich_color
        ground = Color.parse(variables["footer-background"]).rich_color
        found = legible(inks_of(theme)["text"].from_color(style, ground))
        assert found.color is not None
        assert contrast(Color.from_rich_color(found.color), Color.from_rich_color(ground)) >= 3


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
