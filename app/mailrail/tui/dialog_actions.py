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

THEMES: Final[tuple[Act, ...]] = (
    Act("look", "f5", "look again", "Look at the files of your own themes again", LIST),
)

SHEET: Final[tuple[Act, ...]] = (
    Act("sheet(1)", "right,l", "read on", "More of the sheet", LIST),
    Act("sheet(-1)", "left,h", "read back", "Less of it", LIST),
)

FIELDS: Final = "This form"

FORM: Final[tuple[Act, ...]] = (
    Act("submit", "enter", "hand in", "Hand in what is written", FIELDS),
    Act("app.focus_next", "down", "next", "The next field; so does tab", FIELDS),
    Act("app.focus_previous", "up", "before", "The field before", FIELDS),
    Act("reset", "ctrl+r", "put back", "Put back what stood there at the start", FIELDS),
    Act("help", "f1,question_mark", "help", "What the keys do here; in a field of text f1 only",
        FIELDS),
    Act("cancel", "escape", "close", "Close, and change nothing", FIELDS),
)  # fmt: skip

PICK: Final[tuple[Act, ...]] = (
    Act("turn(1)", "right,l,space", "next", "The next value", "This field"),
    Act("turn(-1)", "left,h", "before", "The value before", "This field"),
)

JUMP: Final[tuple[Act, ...]] = (
    Act("help", "f1,question_mark", "help", "What the keys do here", "Jump mode"),
    Act("cancel", "escape", "close", "Go nowhere", "Jump mode"),
)
