"""The gallery: a card for each pattern in the order of learning, each with a picture that runs."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from mailrail import memory
from mailrail.discovery import matching
from mailrail.exhibition import Exhibition
from mailrail.notices import Notice, Way
from mailrail_patterns import catalog
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

from ..actions import GALLERY, bindings, footer
from ..hints import sentences
from ..keymap import acts_at
from ..keys import KeyBar
from ..widgets.card import Card
from ..widgets.paper import columns
from .sized import Sized

FPS: Final = 10
"""Beats a second; the card under the cursor is drawn at each, the others take turns."""

TURN: Final = 2
"""Other cards drawn at a beat."""

BROAD: Final = 39
"""Columns a card needs at least where there are several in a row."""

TALLEST: Final = 18
"""Rows of a card at the most where there are several."""

ALONE: Final = 30
"""Rows of the only card that is left by a search, at the most."""

GREETINGS: Final = (
    "New here? {open} opens a pattern. In it {play_pause} lets time pass, {crash} kills somebody,\n"
    "{back} goes back in time to do something else. Everywhere {help} tells every key.",
    "New here? {open} opens, {play_pause} plays,\n"
    "{crash} kills, {back} goes back, {help} tells all.",
)
"""What a stranger is told, in two lines: at length, and for a narrow terminal; with the keys."""

MOTTO: Final = "what happens if the consumer dies right there?"


class Gallery(Sized):
    """Where everything starts."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(GALLERY, "gallery")
    PLACE = "gallery"
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Gallery #welcome { height: 1; padding: 0 1; background: $panel; color: $legible-line; }
    Gallery #greeting { height: 2; padding: 0 1; color: $text-accent; display: none; }
    Gallery #greeting.-new { display: block; }
    Gallery.-tiny #greeting.-new { display: none; }
    Gallery #searching { display: none; height: 1; background: $surface; }
    Gallery #searching.-open { display: block; }
    Gallery #search { width: 1fr; height: 1; border: none; padding: 0 1; }
    Gallery #found { width: auto; padding: 0 1; color: $text-muted; }
    Gallery #nothing { display: none; padding: 1 2; color: $text-muted; }
    Gallery #nothing.-shown { display: block; }
    Gallery #cards { height: 1fr; scrollbar-size-vertical: 1; }
    Gallery #cards { layout: grid; grid-size: 1; grid-rows: 7; grid-gutter: 0 0; }
    """

    class Picked(Message):
        """A pattern's shelf is to be shown.

        Attributes:
            pattern: The pattern.
            scenario: What the cursor is to stand on; empty: the pattern's own choice.
            opens: Whether that is to be opened at once.
        """

        def __init__(self, pattern: str, scenario: str = "", *, opens: bool = False) -> None:
            super().__init__()
            self.pattern = pattern
            self.scenario = scenario
            self.opens = opens

    def __init__(self) -> None:
        """Nothing is played yet."""
        super().__init__()
        self._here = next(iter(catalog.MODULES))
        self._columns = 1
        self._timer: Timer | None = None
        self._turn = 0
        self._exhibition: Exhibition | None = None
        self._last = memory.recall()
        self._all = [
            _card(name, f"{number} of {len(catalog.MODULES)}")
            for number, name in enumerate(catalog.MODULES, 1)
        ]

    def compose(self) -> ComposeResult:
        """Lay the gallery out."""
        yield Static("", id="welcome")
        yield Static("", id="greeting", markup=False)
        with Horizontal(id="searching"):
            yield Input(placeholder="name, problem or fault: lost, order, slow …", id="search")
            yield Static("", id="found", markup=False)
        with VerticalScroll(id="cards", can_focus=False):
            yield from self._all
        told = Notice("No pattern speaks of that.", ways=(Way("step_out", "shows all of them"),))
        yield Static(sentences(told, self.acts), id="nothing", markup=False)
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Begin at the first pattern, and greet who has never been here."""
        still = self.app.animation_level == "none"
        self._exhibition = Exhibition(moving=not still)
        self._timer = self.set_interval(1 / FPS, self._beat)
        if not self._last.greeted:
            self.query_one("#greeting").add_class("-new")
            memory.greeted()
        self._go(self._here)

    def on_screen_suspend(self) -> None:
        """Nothing runs where nobody looks; who has been greeted has been greeted."""
        self.query_one("#greeting").remove_class("-new")
        if self._timer is not None:
            self._timer.pause()

    def on_screen_resume(self) -> None:
        """Run on, and tell what was opened last."""
        self._last = memory.recall()
        self._welcome()
        if self._timer is not None:
            self._timer.resume()

    def _welcome(self) -> None:
        """Write the first line, and what a stranger is told, as far as there is room."""
        room = self.size.width - 2
        keys = {act.action: act.key for act in (*acts_at(self, "lab"), *self.acts)}
        greetings = (greeting.format(**keys) for greeting in GREETINGS)
        greeting = next((g for g in greetings if max(map(columns, g.split("\n"))) <= room), "")
        self.query_one("#greeting", Static).update(greeting)
        parts: list[str | tuple[str, str]] = [("mailrail", "bold $legible-title")]
        room -= len("mailrail")
        opened = self._last.opened
        last = f"   {keys['again']} opens again: {opened[0]}" if opened else ""
        if columns(last) > room:
            last = ""
        if columns(last) + len(MOTTO) + 2 <= room:
            parts.append(f"  {MOTTO}")
        parts.append((last, "$text-muted"))
        self.query_one("#welcome", Static).update(Content.assemble(*parts))

    # --- pictures -------------------------------------------------------------------------

    def _cards(self) -> list[Card]:
        return [card for card in self._all if card.display]

    def _beat(self) -> None:
        """Draw the card under the cursor, and some of the others in turn."""
        exhibition, cards = self._exhibition, self._cards()
        if exhibition is None or not cards or self.has_class("-tiny"):
            return
        seen = self.query_one("#cards").region
        others = [c for c in cards if c.pattern != self._here and c.region.overlaps(seen)]
        turns = max(1, -(-len(others) // TURN))
        self._turn = (self._turn + 1) % turns
        for card in others[self._turn * TURN : (self._turn + 1) * TURN]:
            card.show(exhibition.frame(card.pattern, turns / FPS))
        for card in cards:
            if card.pattern == self._here:
                card.show(exhibition.frame(card.pattern, 1 / FPS))

    def resized(self, size_class: str) -> None:
        """Put as many cards into a row as there is room for, as high as there is room for."""
        self._arrange(self.size.height)
        self._welcome()

    def _arrange(self, height: int) -> None:
        cards = self.query_one("#cards")
        count = max(1, len(self._cards()))
        search = self.query_one("#searching").has_class("-open")
        rows = -(-count // max(1, self.size.width // BROAD))
        self._columns = -(-count // rows)  # no more than so many rows need: they are filled alike
        cards.styles.grid_size_columns = self._columns
        high = TALLEST if count > 1 else ALONE
        cards.styles.grid_rows = f"{min(high, max(7, (height - 2 - search) // rows))}"
        self.call_after_refresh(self._reveal)

    # --- the cursor -----------------------------------------------------------------------

    def _go(self, pattern: str) -> None:
        self._here = pattern
        for card in self._all:
            card.set_class(card.pattern == pattern, "-here")
        self._reveal()

    def _reveal(self) -> None:
        for card in self._cards():
            if card.pattern == self._here:
                self.query_one("#cards").scroll_to_widget(card, animate=False)

    def _step(self, by: int) -> None:
        names = [card.pattern for card in self._cards()]
        if names:
            at = names.index(self._here) if self._here in names else 0
            self._go(names[min(max(at + by, 0), len(names) - 1)])

    def action_move(self, step: int) -> None:
        """Go a row down or up."""
        self._step(step * self._columns)

    def action_edge(self, way: int) -> None:
        """Go to the first card, or to the last."""
        self._step(way * len(self._cards()))

    def action_turn(self, step: int) -> None:
        """Go to the next card, or the one before."""
        self._step(step)

    def on_card_pointed(self, message: Card.Pointed) -> None:
        """Go to the card that was clicked; open it if the cursor was there already."""
        if message.pattern == self._here:
            self.action_open()
        self._go(message.pattern)

    # --- what a person does ---------------------------------------------------------------

    def action_open(self) -> None:
        """Show the scenarios of the pattern under the cursor."""
        if self._cards():
            self.post_message(self.Picked(self._here))

    def action_again(self) -> None:
        """Open what was opened last; behind it lies the shelf it was taken from."""
        for name in self._last.opened:
            try:
                self.post_message(self.Picked(find(name).pattern, name, opens=True))
            except BadInput:
                continue  # a file that is gone
            return
        self.notify("Nothing has been opened yet.")

    def action_search(self) -> None:
        """Look for a pattern by its name, its problem or its faults."""
        self.query_one("#searching").add_class("-open")
        self.set_focus(self.query_one("#search", Input))  # at once: what is typed next is for it

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        found, where = matching(event.value)
        told = f"{len(found)} of {len(catalog.MODULES)}, by {where}" if event.value.strip() else ""
        self.query_one("#found", Static).update(told if found else "")
        for card in self._all:
            card.display = card.pattern in found
        self.query_one("#nothing").set_class(not found, "-shown")
        self._arrange(self.size.height)
        if found:
            self._go(found[0] if event.value.strip() else self._here)

    @on(Input.Submitted, "#search")
    def _settled(self) -> None:
        self.set_focus(None)
        if len(self._cards()) == 1:
            self.action_open()

    def action_step_out(self) -> None:
        """Show all cards again."""
        search = self.query_one("#search", Input)
        search.value = ""
        self.query_one("#searching").remove_class("-open")
        self.set_focus(None)

    def action_leave(self) -> None:
        """Quit."""
        self.app.exit()


def _card(name: str, place: str) -> Card:
    pattern = catalog.pattern(name)
    return Card(name, pattern.title, pattern.story, place)
