"""What the keys do in the windows on top of a screen, declared once as those of the screens are."""

from __future__ import annotations

from typing import Final

from .actions import Act

LIST: Final = "This list"

MENU: Final[tuple[Act, ...]] = (
    Act("choose", "enter", "choose", "Choose the row under the cursor", LIST),
    Act("cursor(1)", "down,j", "down", "Down; a letter goes to the next row that begins so", LIST),
    Act("cursor(-1)", "up,k", "up", "Up", LIST),
    Act("page(0.5)", "ctrl+d", "half down", "Half a page down", LIST),
    Act("page(-0.5)", "ctrl+u", "half up", "Half a page up", LIST),
    Act("page(1)", "pagedown,ctrl+f", "page down", "A page down", LIST),
    Act("page(-1)", "pageup,ctrl+b", "page up", "A page up", LIST),
    Act("edge(-1)", "home,g", "first", "First row, unless a row begins with g", LIST),
    Act("edge(1)", "end,G", "last", "Last row", LIST),
    Act("help", "question_mark", "help", "What the keys do here", LIST),
    Act("cancel", "escape,q", "close", "Close, and choose nothing", LIST),
)

JOURNEY: Final[tuple[Act, ...]] = (
    Act("choose", "enter", "go", "Go to the instant of the step", "This journey"),
    Act("move(1)", "down,j", "down", "The next step", "This journey"),
    Act("move(-1)", "up,k", "up", "The step before", "This journey"),
    Act("move(5)", "ctrl+d", "half down", "Five steps on", "This journey"),
    Act("move(-5)", "ctrl+u", "half up", "Five steps back", "This journey"),
    Act("move(10)", "pagedown,ctrl+f", "page down", "Ten steps on", "This journey"),
    Act("move(-10)", "pageup,ctrl+b", "page up", "Ten steps back", "This journey"),
    Act("move(-9999)", "home,g", "first", "The first step", "This journey"),
    Act("move(9999)", "end,G", "last", "The last step", "This journey"),
    Act("help", "question_mark", "help", "What the keys do here", "This journey"),
    Act("cancel", "escape,q", "close", "Close, and go nowhere", "This journey"),
)

SETTINGS: Final[tuple[Act, ...]] = (
    Act("reset", "ctrl+r,backspace", "put back", "Put the setting back to its start", LIST),
)

SHEET: Final[tuple[Act, ...]] = (
    Act("sheet(1)", "right,l", "read on", "More of the sheet", LIST),
    Act("sheet(-1)", "left,h", "read back", "Less of it", LIST),
)
