"""Theme files: complete, readable, and refused with a reason when they are not."""

from __future__ import annotations

import ast
import dataclasses
import sys

import pytest
from textual.color import Color

from mailrail.tui.theming import FALLBACKS, PREFIX, contrast, textual_theme
from mailrail_themes import DEFAULT, FOLDER, MEANINGS, BadTheme, bundled, palette, read

THEMES = bundled()
LINES = {"lane"}
"""What is drawn in lines and areas only; WCAG asks 3 to 1 of these, and 4.5 of text."""


def test_the_default_comes_first_and_names_are_unique():
    assert next(iter(THEMES)) == DEFAULT
    assert set(THEMES) == {f"mailrail-{path.stem}" for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_text_can_be_read_on_every_ground(theme):
    least = 7.0 if theme.name == "mailrail-contrast" else 4.5
    for ground in ("background", "panel") if theme.dark else ("background",):
        for name, colour in {**theme.colours, "foreground": theme.base["foreground"]}.items():
            ratio = contrast(Color.parse(colour), Color.parse(theme.base[ground]))
            wanted = 2.0 if name in LINES else least if ground == "background" else 3.0
            assert ratio >= wanted, f"{name} on {ground}: {ratio:.1f}"


def test_every_meaning_has_something_to_fall_back_on():
    assert set(FALLBACKS) == set(MEANINGS)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_a_palette_becomes_a_theme_of_textual(theme):
    made = textual_theme(theme)
    assert made.name == theme.name
    assert made.variables[f"{PREFIX}ready"] == theme.colours["ready"]
    assert set(made.variables) == {PREFIX + name for name in MEANINGS}


def test_a_palette_cannot_be_changed():
    theme = THEMES[DEFAULT]
    with pytest.raises(dataclasses.FrozenInstanceError):
        theme.name = "other"
    with pytest.raises(TypeError):
        theme.colours["ready"] = "#000000"


def _content(**changes):
    theme = THEMES[DEFAULT]
    content = {
        "name": "x", "title": "X", "about": "", "dark": True,
        "base": dict(theme.base), "colours": dict(theme.colours),
    }  # fmt: skip
    return content | changes


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nmae": "x"}, "did you mean 'name'"),
        ({"dark": "yes"}, "dark: expected a bool"),
        ({"colours": {}}, "colours: missing ready"),
        ({"colours": None}, "colours: expected a table"),
        ({"base": {"primary": "blue"}}, "base: missing secondary"),
    ],
)
def test_a_bad_theme_is_refused_with_the_reason(changes, told):
    with pytest.raises(BadTheme, match=told):
        palette(_content(**changes), "my.toml")


def test_a_colour_that_is_none_is_named():
    content = _content()
    content["colours"]["ready"] = "blue"
    with pytest.raises(BadTheme, match=r"my.toml: colours: ready: expected a colour"):
        palette(content, "my.toml")


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("name = ")
    with pytest.raises(BadTheme, match=r"mine\.toml"):
        read(path)


def test_themes_import_the_standard_library_only():
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names)
