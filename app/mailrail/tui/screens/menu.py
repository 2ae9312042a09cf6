"""A menu: one of several things, each with a sentence on what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..actions import bindings
from ..dialog_actions import MENU
from ..menu_row import MenuRow
from ..pairs import Options
from .dialog import Dialog


class Choice(msgspec.Struct, frozen=True):
    """One row of a menu.

    Attributes:
        id: What is answered when it is chosen; empty: a heading.
        label: Its name.
        about: What it does; empty: nothing more to say.
        key: What stands in front of it, such as the key that does the same.
    """

    id: str
    label: str
    about: str = ""
    key: str = ""


YIELDING: Final = "edge"
"""The actions whose letters rather mean the row that begins so."""


BROADEST: Final = 24
"""Columns of the longest label that the sentences of all rows stand clear of."""


NARROW: Final = 96
"""Columns of a row, its gaps aside, that a window of the usual width has room for."""


class Rows(Options):
    """The rows, each with its sentence."""

    def cuts(self) -> bool:
        """Return whether a sentence is cut at this width."""
        width = self.scrollable_content_region.width
        return any(
            isinstance(row.prompt, MenuRow) and row.prompt.cut(width) for row in self.options
        )


class Menu(Dialog[str | None]):
    """Asks for one of several choices; answers its id, or None.

    Attributes:
        title_told: Its title.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("menu",)
    TOLD: ClassVar[tuple[tuple[str, str], ...]] = (("choose", "choose"), ("cancel", "close"))
    HELP_TITLE = "Keys of a list"
    BINDINGS: ClassVar[list[BindingType]] = bindings(MENU, "menu")
    DEFAULT_CSS = """
    Menu > .window { max-width: 104; }
    Menu > .window.-broad { width: 96%; max-width: 156; }
    Menu > .window > OptionList {
        max-height: 70vh; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Menu > .window > .hint { height: 2; margin-top: 1; }
    """

    def __init__(
        self, title: str, choices: Sequence[Choice], intro: str = "", *, start: str = ""
    ) -> None:
        """Prepare the menu.

        Args:
            title: Its title.
            choices: What can be chosen.
            intro: A line above; empty: none.
            start: Id of the choice the cursor stands on at first.
        """
        super().__init__()
        self.title_told = title
        self._choices = list(choices)
        self._intro = intro
        self._start = start
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Lay the window out."""
        rows = [choice for choice in self._choices if choice.id]
        wide = max((len(choice.key) for choice in rows), default=0)
        # One long value must not push every sentence out of the window.
        broad = max((n for choice in rows if (n := len(choice.label)) <= BROADEST), default=0)
        told = max((len(choice.about) for choice in rows), default=0)
        with Vertical(classes="window") as window:
            window.set_class(wide + broad + told > NARROW, "-broad")
            window.border_title = self.title_told
            window.border_subtitle = self.keys_told(*self.TOLD)
            if self._intro:
                yield Static(self._intro, classes="intro", markup=False)
            options = (_option(choice, wide, broad) for choice in self._choices)
            yield Rows(*options, markup=False)
            yield from self.hint()

    def hint(self) -> ComposeResult:
        """Leave room for the whole sentence of the row under the cursor."""
        if any(choice.about for choice in self._choices if choice.id):
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor where it was asked for."""
        if not self.is_current:
            return  # a key typed ahead has closed it before it was there
        options = self.query_one(OptionList)
        options.focus()
        ids = [choice.id for choice in self._choices]
        if self._start and self._start in ids:
            options.highlighted = ids.index(self._start)
        elif any(ids):
            options.highlighted = next(index for index, name in enumerate(ids) if name)

    def on_resize(self) -> None:
        """Leave the hint out where every sentence is seen whole in its row."""
        self.call_after_refresh(self._need_hint)

    def _need_hint(self) -> None:
        for hint in self.query(".window > .hint"):
            hint.display = self.query_one(Rows).cuts()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell more of the row under the cursor."""
        self.tell(self._choices[event.option_index])

    def tell(self, choice: Choice) -> None:
        """Tell the whole sentence of a choice; its row may be cut."""
        for hint in self.query(".hint").results(Static):
            hint.update(choice.about)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        event.stop()
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """Go to the next choice that begins with the letter typed; the others are keys.

        A key of several letters, such as ``K3``, is typed one after the other.
        """
        before, self._typed = self._typed, ""
        letter = event.character or ""
        if not letter.isprintable() or not letter.strip() or event.key in self._firm():
            return
        options = self.query_one(OptionList)
        here = options.highlighted or 0
        rows = [index for index, choice in enumerate(self._choices) if choice.id]
        spelt = before + letter if before else ""
        whole = [index for index in rows if spelt and self._choices[index].key.startswith(spelt)]
        first = [index for index in rows if _begins(self._choices[index], letter)]
        whole.sort(key=lambda index: index < here)  # it may stand on it by its first letter
        first.sort(key=lambda index: index <= here)
        if found := whole or first:
            self._typed = spelt if whole else letter
            options.highlighted = found[0]
            event.stop()

    def _firm(self) -> set[str]:
        """Return the keys that are never taken for the beginning of a row."""
        firm = (act for act in self.acts if not act.action.startswith(YIELDING))
        return {key for act in firm for key in act.keys.split(",")}

    def action_cursor(self, step: int) -> None:
        """Move the cursor as the arrows do."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, pages: float) -> None:
        """Move the cursor by so many screenfuls, no further than the ends."""
        options = self.query_one(OptionList)
        here = options.highlighted or 0
        rows = [index for index, choice in enumerate(self._choices) if choice.id]
        tall = options.virtual_size.height / max(1, options.option_count)
        wanted = here + pages * max(1, (options.size.height - 1) / max(1, tall))
        if rows:
            options.highlighted = min(rows, key=lambda index: abs(index - wanted))

    def action_edge(self, way: int) -> None:
        """Move the cursor to the first or to the last row."""
        self.action_page(way * len(self._choices))

    def action_choose(self) -> None:
        """Answer the row under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None and self._choices[at].id:
            self.answer(self._choices[at].id)


def _begins(choice: Choice, letter: str) -> bool:
    return (choice.key or choice.label.lower()).startswith(letter)


def _option(choice: Choice, wide: int, broad: int) -> Option:
    if not choice.id:
        return Option(Content.styled(choice.label, "bold $legible-heading"), disabled=True)
    parts: list[str | Content | tuple[str, str]] = []
    if wide:
        parts.append((choice.key.ljust(wide + 2), "bold"))
    parts.append(choice.label.ljust(broad) + "  " if choice.about else choice.label)
    return Option(MenuRow(Content.assemble(*parts), choice.about), id=choice.id)
