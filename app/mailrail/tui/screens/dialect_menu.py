"""The broker dialects to choose from, with the sheet of the one under the cursor."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mailrail.dialect_sheets import MODEL, ShownDialect, every

from ..actions import bindings
from ..dialog_actions import SHEET
from .menu import Choice, Menu

Part = str | tuple[str, str]


class DialectMenu(Menu):
    """Asks for a dialect; tells what is modelled of each, and what is not."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SHEET, "dialects")
    PLACES = ("menu", "dialects")
    TOLD = (("choose", "choose"), ("sheet(1)", "read on"), ("cancel", "close"))
    DEFAULT_CSS = """
    DialectMenu > .window > OptionList { max-height: 8; }
    DialectMenu > .window > .sheet {
        height: auto; max-height: 1fr; margin-top: 1; scrollbar-size-vertical: 1;
        border-top: solid $panel;
    }
    DialectMenu .hint { height: auto; color: $text; }
    """

    def __init__(self, now: str) -> None:
        """Prepare the menu; the cursor stands on the dialect that holds ``now``."""
        self._sheets = {each.name: each for each in every()}
        choices = [
            Choice(each.name, each.name, each.title + (" · now" if each.name == now else ""))
            for each in self._sheets.values()
        ]
        super().__init__("Whose rules?", choices, start=now)

    def hint(self) -> ComposeResult:
        """Leave room for a whole sheet, which can be scrolled."""
        with VerticalScroll(classes="sheet", can_focus=False):
            yield Static("", classes="hint", markup=False)

    def tell(self, choice: Choice) -> None:
        """Show the sheet of a dialect, from its beginning."""
        sheet = self._sheets[choice.id]
        for hint in self.query(".hint").results(Static):
            hint.update(Content.assemble(*_parts(sheet)))
        for room in self.query(".sheet"):
            room.scroll_home(animate=False)

    def action_sheet(self, step: int) -> None:
        """Scroll the sheet by half its height."""
        sheet = self.query_one(".sheet")
        sheet.scroll_relative(y=step * max(1, sheet.size.height // 2), animate=False)


def _parts(sheet: ShownDialect) -> list[Part]:
    """Return a sheet as styled text."""
    parts: list[Part] = [(sheet.title, "bold"), f"  {sheet.about} {MODEL}"]
    for heading, text in sheet.facts:
        parts += ["\n", (f"{heading}: ", "bold $text-accent"), text]
    if sheet.settings:
        told = ", ".join(f"{name} {value}" for name, value in sheet.settings.items())
        parts += ["\n", ("Brings, unless you say otherwise: ", "bold $text-accent"), told]
    for heading, lines in (("Modelled", sheet.modelled), ("Not modelled", sheet.left_out)):
        if lines:
            parts += ["\n\n", (heading, "bold")]
            parts += [f"\n· {line}" for line in lines]
    if sheet.calls:
        parts += ["\n\n", ("Here, and there", "bold")]
        parts += [f"\n· {ours}: {theirs}" for ours, theirs in sheet.calls]
    if sheet.sources:
        parts += ["\n\n", ("Sources", "bold")]
        parts += [f"\n· {source}" for source in sheet.sources]
    return parts
