"""The shelf: one pattern's story and all its scenarios, to be opened."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mailrail.discovery import own_files
from mailrail.letters import brief
from mailrail.listing import ordered
from mailrail_patterns import catalog
from mailrail_patterns.declaration import Story
from mailrail_patterns.names import BadInput
from mailrail_patterns.primer import Primer, primer
from mailrail_patterns.scenario import Scenario, find

from ..actions import SHELF, Act, bindings, footer
from ..keymap import acts_at
from ..keys import KeyBar
from ..pairs import Options
from ..pane_actions import SCENARIOS
from .sized import Sized

FREE: Final = "Free play"

INDENT: Final = 4
"""Columns before the words of a point."""

ROOM: Final = 16
"""Columns below which a point is not broken narrower."""


class Scenarios(Options, inherit_bindings=False):
    """The scenarios of one pattern."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SCENARIOS, "scenarios")

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the keys do here, as a person has chosen them."""
        return acts_at(self, "scenarios")


class Shelf(Sized):
    """What there is to open of one pattern."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SHELF, "shelf")
    PLACE = "shelf"
    DEFAULT_CSS = """
    Shelf #title { height: 1; padding: 0 1; background: $panel; }
    Shelf #problem { height: auto; padding: 0 1; color: $text-muted; text-style: italic; }
    Shelf #books { height: 1fr; }
    Shelf Scenarios {
        height: 100%; width: 2fr; border: round $primary; padding: 0 1; background: transparent;
        border-title-color: $legible-name;
        scrollbar-size-vertical: 1;
    }
    Shelf Scenarios:focus { border: round $primary; background-tint: transparent; }
    Shelf #reading { width: 3fr; height: 100%; padding: 0 2; scrollbar-size-vertical: 1; }
    Shelf #about { height: auto; }
    Shelf.-small #books, Shelf.-short #books { layout: vertical; }
    Shelf.-small Scenarios, Shelf.-short Scenarios { width: 1fr; height: 2fr; }
    Shelf.-small #reading, Shelf.-short #reading { width: 1fr; height: 1fr; }
    Shelf.-short #reading, Shelf.-short #problem { display: none; }
    Shelf.-short Scenarios { height: 1fr; }
    """

    class Chosen(Message):
        """A pattern or scenario is to be opened.

        Attributes:
            name: The pattern, the bundled scenario or the file.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, pattern: str, start: str = "") -> None:
        """Show the scenarios of ``pattern``, the cursor on ``start`` if it is one of them."""
        super().__init__()
        self.pattern = catalog.pattern(pattern)
        self._start = start
        self._text = self.pattern.story.solution
        self._found: dict[str, Scenario | BadInput] = {}
        for name in (*map(str, own_files(pattern)), *ordered(pattern)):  # one's own are few
            try:
                self._found[name] = find(name)
            except BadInput as problem:
                self._found[name] = problem

    def compose(self) -> ComposeResult:
        """Lay the shelf out."""
        yield Static(Content.styled(self.pattern.title, "bold $legible-title"), id="title")
        with Vertical():
            yield Static(self.pattern.story.problem, id="problem", markup=False)
            with Horizontal(id="books"):
                scenarios = Scenarios(*self._rows(), markup=False)
                scenarios.border_title = "scenarios"
                yield scenarios
                with VerticalScroll(id="reading", can_focus=False):
                    yield Static("", id="about", markup=False)
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def _rows(self) -> list[Option]:
        free = Content.assemble((FREE, "bold"), ("  the pattern by itself", "$text-muted"))
        rows = [Option(free, id=self.pattern.name)]
        for name, found in self._found.items():
            own = name.endswith(".toml")
            if isinstance(found, BadInput):
                rows.append(Option(Content(str(found)), id=name, disabled=True))
            elif own:
                title = brief(found.title) or name
                told = Content.assemble(title, (f"  {name}", "$text-muted"))
                rows.append(Option(told, id=name))
            else:
                rows.append(Option(Content(found.title or name), id=name))
        return rows

    def on_mount(self) -> None:
        """Begin where it was asked for, or at the first scenario made to be watched."""
        scenarios = self.query_one(Scenarios)
        names = [None if option.disabled else option.id for option in scenarios.options]
        scenarios.focus()
        watched = next(index for index, name in enumerate(names) if index and name)
        scenarios.highlighted = names.index(self._start) if self._start in names else watched

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell more about the row under the cursor."""
        name = event.option.id or ""
        found = self._found.get(name)
        text = self.pattern.story.solution
        if found is not None:
            text = str(found) if isinstance(found, BadInput) else " ".join(found.about.split())
        self._text = text or name
        self.read()
        self.query_one("#reading").scroll_home(animate=False)

    def read(self) -> None:
        """Write what there is to read, as wide as it may be."""
        about = self.query_one("#about", Static)
        width = self.query_one("#reading").scrollable_content_region.width
        told = primer(self.pattern.name)
        about.update(_reading(self._text, self.pattern.story, told, width))

    def resized(self, size_class: str) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self.read)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the row that was chosen by Enter or by the mouse."""
        event.stop()
        self.post_message(self.Chosen(event.option.id or ""))

    def action_open(self) -> None:
        """Open the row under the cursor."""
        self.query_one(Scenarios).action_select()

    def action_read(self, step: int) -> None:
        """Scroll what there is to read."""
        reading = self.query_one("#reading")
        reading.scroll_relative(y=step * 5, animate=False)

    def action_leave(self) -> None:
        """Go back to the gallery."""
        self.dismiss()


def _reading(text: str, story: Story, told: Primer, width: int) -> Content:
    """Return what there is to read in so many columns: the scenario, then the pattern."""
    parts: list[str | tuple[str, str]] = [text, "\n\n"] if text != story.solution else []
    parts += [("What it does  ", "bold $legible-name"), story.solution, "\n"]
    for title, lines in (
        ("Use it when", story.when),
        ("Not when", story.when_not),
        ("Words", [f"{each.name}: {each.about}" for each in told.terms]),
        ("Try", [f"{each.question} {each.flags}" for each in told.experiments]),
        ("Often told, and not so", story.mistaught),
        ("Real brokers", story.brokers),
    ):
        parts += [(f"\n{title}\n", "bold $legible-name")]
        parts += [f"  · {line}\n" for line in wrapped(lines, width)]
    return Content.assemble(*parts)


def wrapped(lines: Iterable[str], width: int) -> list[str]:
    """Break lines into ``width`` columns so that each goes on below its first word."""
    room = max(ROOM, width - INDENT)
    return [("\n" + " " * INDENT).join(wrap(line, room)) for line in lines]
