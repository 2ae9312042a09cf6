"""The gallery: a card for each pattern, with the problem it solves and its scenarios to open."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mailrail.listing import in_order
from mailrail_patterns import catalog
from mailrail_patterns.names import BadInput
from mailrail_patterns.pattern import Story
from mailrail_patterns.scenario import Scenario, find

from ..actions import GALLERY, bindings, footer
from ..keys import KeyBar
from .help import help_menu
from .sized import Sized

FREE: Final = "Free play"


class Scenarios(OptionList):
    """The scenarios of one pattern; the cursor walks on into the neighbouring cards."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "down", show=False),
        Binding("up", "screen.move(-1)", "up", show=False),
    ]

    def walk(self, step: int) -> bool:
        """Move the cursor; False when there is no further row that way."""
        here = self.highlighted
        there = (0 if step > 0 else self.option_count - 1) if here is None else here + step
        if not 0 <= there < self.option_count:
            return False
        self.highlighted = there
        return True


class Card(Vertical):
    """One pattern."""

    def __init__(
        self, pattern: str, scenarios: dict[str, Scenario | BadInput], place: str = ""
    ) -> None:
        """Show ``pattern`` with its scenarios, by name, and its ``place`` among all patterns."""
        super().__init__(classes="card")
        self.pattern = catalog.pattern(pattern)
        self._scenarios = scenarios
        self.border_title = self.pattern.title
        self.border_subtitle = place

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        yield Static(self.pattern.story.problem, classes="problem", markup=False)
        rows = [Option(Content.assemble((FREE, "bold"), ("  the pattern by itself", "$text-muted")),
                       id=self.pattern.name)]  # fmt: skip
        for name, found in self._scenarios.items():
            if isinstance(found, BadInput):
                rows.append(Option(Content(f"{name}: {found}"), id=name, disabled=True))
            else:
                rows.append(Option(Content(found.title or name), id=name))
        yield Scenarios(*rows, markup=False)


class Gallery(Sized):
    """Where everything starts."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(GALLERY)
    DEFAULT_CSS = """
    Gallery #welcome { height: 1; padding: 0 1; background: $panel; }
    Gallery #cards { height: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    Gallery #cards { layout: grid; grid-size: 1; grid-rows: auto; grid-gutter: 0 1; }
    Gallery.-large #cards, Gallery.-medium #cards { grid-size: 2; }
    Gallery .card {
        height: auto; border: round $panel; border-title-color: $text;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 0 1;
    }
    Gallery .card:focus-within { border: round $primary; }
    Gallery .problem { height: auto; color: $text-muted; text-style: italic; }
    Gallery Scenarios {
        height: auto; border: none; padding: 0; background: transparent;
    }
    Gallery Scenarios:focus { border: none; background-tint: transparent; }
    Gallery Scenarios:blur > .option-list--option-highlighted {
        background: transparent; text-style: none; color: $text;
    }
    Gallery #reading {
        height: 6; padding: 0 2; border-top: solid $panel; scrollbar-size-vertical: 1;
    }
    Gallery.-short #reading { display: none; }
    Gallery #about { height: auto; }
    Gallery.-medium #cards, Gallery.-large #cards { height: auto; max-height: 60%; }
    Gallery.-medium #reading, Gallery.-large #reading { height: 1fr; }
    """

    class Chosen(Message):
        """A pattern or scenario is to be opened."""

        def __init__(self, name: str) -> None:
            """Remember its ``name``."""
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        """Read the scenarios there are."""
        super().__init__()
        self._told = ""
        self._scenarios = _all_scenarios()

    def compose(self) -> ComposeResult:
        """Lay the gallery out."""
        yield Static(
            Content.assemble(
                ("mailrail", "bold $primary"),
                "  what happens if the consumer dies right there?",
            ),
            id="welcome",
        )
        with VerticalScroll(id="cards", can_focus=False):
            for number, (pattern, found) in enumerate(self._scenarios.items(), 1):
                yield Card(pattern, found, f"{number} of {len(self._scenarios)}")
        with VerticalScroll(id="reading", can_focus=False):
            yield Static("", id="about", markup=False)
        yield KeyBar(footer(GALLERY))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Begin at the first scenario that was made to be watched."""
        first = self.query(Scenarios).first()
        first.focus()
        first.highlighted = min(1, first.option_count - 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell more about the row under the cursor."""
        if event.option_list.has_focus:
            self._tell_about(event.option.id or "")

    def resized(self, size_class: str) -> None:
        """Tell as much as the new size has room for."""
        self._tell_about(self._told)

    def _tell_about(self, name: str) -> None:
        self._told = name
        if not name:
            return
        pattern, _, scenario = name.partition("/")
        story = catalog.pattern(pattern).story
        text = story.solution
        if scenario:
            found = self._scenarios[pattern][name]
            text = str(found) if isinstance(found, BadInput) else " ".join(found.about.split())
        roomy = self.has_class("-medium") or self.has_class("-large")
        self.query_one("#about", Static).update(_reading(text, story) if roomy else text or name)
        self.query_one("#reading").scroll_home(animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the row that was chosen by Enter or by the mouse."""
        event.stop()
        self.post_message(self.Chosen(event.option.id or ""))

    def _present(self) -> tuple[list[Scenarios], int]:
        lists = list(self.query(Scenarios))
        here = next((index for index, each in enumerate(lists) if each.has_focus), 0)
        return lists, here

    def action_open(self) -> None:
        """Open the row under the cursor."""
        lists, here = self._present()
        lists[here].action_select()

    def action_move(self, step: int) -> None:
        """Move the cursor one row, across cards."""
        lists, here = self._present()
        if not lists[here].walk(step):
            self._enter((here + step) % len(lists), step)

    def action_turn(self, step: int) -> None:
        """Move the cursor to the next card, or the one before."""
        lists, here = self._present()
        self._enter((here + step) % len(lists), 1)

    def _enter(self, index: int, step: int) -> None:
        chosen = list(self.query(Scenarios))[index]
        chosen.highlighted = None
        chosen.focus()
        chosen.walk(step)

    def action_leave(self) -> None:
        """Quit."""
        self.app.exit()

    def action_help(self) -> None:
        """Show every key."""

        async def run(action: str | None) -> None:
            if action:
                await self.run_action(action)

        self.app.push_screen(help_menu("Keys of the gallery", GALLERY), run)


def _reading(text: str, story: Story) -> Content:
    """Return what there is to read where there is room: the scenario, then the pattern."""
    parts: list[str | tuple[str, str]] = [text, "\n\n"] if text != story.solution else []
    parts += [("What it does  ", "bold $primary"), story.solution, "\n"]
    for title, lines in (
        ("Use it when", story.when),
        ("Not when", story.when_not),
        ("Often told, and not so", story.mistaught),
        ("Real brokers", story.brokers),
    ):
        parts += [(f"\n{title}\n", "bold $primary")]
        parts += [f"  · {line}\n" for line in lines]
    return Content.assemble(*parts)


def _all_scenarios() -> dict[str, dict[str, Scenario | BadInput]]:
    found: dict[str, dict[str, Scenario | BadInput]] = {}
    for pattern in catalog.MODULES:
        found[pattern] = {}
        for name in in_order(catalog.bundled(pattern)):
            try:
                found[pattern][name] = find(name)
            except BadInput as problem:
                found[pattern][name] = problem
    return found
