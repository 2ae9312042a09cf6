"""What the keys do in a pane or a list that has the focus, declared as those of the screens are."""

from __future__ import annotations

from typing import Final

from .actions import Act

THIS: Final = "This pane"

PANE: Final[tuple[Act, ...]] = (
    Act("move(1)", "down,j", "down", "Down", THIS),
    Act("move(-1)", "up,k", "up", "Up", THIS),
    Act("half(1)", "ctrl+d", "half down", "Half a page down", THIS),
    Act("half(-1)", "ctrl+u", "half up", "Half a page up", THIS),
    Act("page(1)", "pagedown,ctrl+f", "page down", "A page down", THIS),
    Act("page(-1)", "pageup,ctrl+b", "page up", "A page up", THIS),
    Act("edge(-1)", "home,g", "first", "To the first row", THIS),
    Act("edge(1)", "end,G", "last", "To the last row", THIS),
)

WALK: Final[tuple[Act, ...]] = (
    Act("walk(1,0)", "right,l", "right", "Select what is next to the right", THIS),
    Act("walk(-1,0)", "left,h", "left", "Select what is next to the left", THIS),
    Act("walk(0,1)", "down,j", "down", "Select what is next below", THIS),
    Act("walk(0,-1)", "up,k", "up", "Select what is next above", THIS),
    Act("choose", "enter", "open", "Open what is selected: a journey, the inspector", THIS),
)
"""In the picture, where everything has a place to the left or right of, above or below another."""

ROWS: Final[tuple[Act, ...]] = (
    Act("choose", "enter", "choose", "Open the row under the cursor", THIS),
)

CODE: Final[tuple[Act, ...]] = (
    Act("go_in", "enter", "next call", "To the next of the calls the actor is in", THIS),
    Act("follow", "f", "follow", "Follow the selected actor again", THIS),
)

SCENARIOS: Final[tuple[Act, ...]] = (
    Act("cursor_down", "down,j", "down", "Down", "Scenarios"),
    Act("cursor_up", "up,k", "up", "Up", "Scenarios"),
    Act("page_down", "ctrl+f", "page down", "A page down", "Scenarios"),
    Act("page_up", "ctrl+b", "page up", "A page up", "Scenarios"),
    Act("first", "home,g", "first", "First scenario", "Scenarios"),
    Act("last", "end,G", "last", "Last scenario", "Scenarios"),
)
