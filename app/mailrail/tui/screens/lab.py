"""The lab: one run, watched and worked on."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from mailrail.journey import journey
from mailrail.notices import Way
from mailrail.selection import Kind, Selection, selection_of
from mailrail_patterns.quantities import format_duration

from ..actions import LAB, bindings
from ..widgets.guarantees import Guarantees
from ..widgets.ledger import Ledger
from ..widgets.metrics import Metrics
from ..widgets.picked import Picked
from .actor_keys import ActorKeys
from .fault_keys import FaultKeys
from .jump_keys import JumpKeys
from .letter_keys import LetterKeys
from .path import Path
from .run_keys import RunKeys
from .setting_keys import SettingKeys
from .time_keys import TimeKeys
from .twin_keys import TwinKeys


class Lab(TimeKeys, ActorKeys, FaultKeys, SettingKeys, LetterKeys, TwinKeys, RunKeys, JumpKeys):
    """One run on the screen; every key is in :data:`mailrail.tui.actions.LAB`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB, "lab")
    PLACE = "lab"
    AUTO_FOCUS = ""  # a list takes the arrow keys only once somebody has clicked it

    # --- the mouse ------------------------------------------------------------------------

    def on_picked(self, message: Picked) -> None:
        """Select what was picked; open it if it was selected already, or nothing else tells it."""
        selection = selection_of(message.kind, message.key)
        if selection is None:
            return
        again = selection == self.session.selection
        self.session.look_at(selection)
        if message.opens and (again or "inspector" not in self.visible_panes()):
            self._open(selection)
        self.redraw()

    def _open(self, selection: Selection) -> None:
        if selection.kind is Kind.EVENT:
            self.session.seek_event(int(selection.name))
        elif selection.kind in (Kind.MESSAGE, Kind.ROW):
            self._journey(selection.name)
        elif selection.kind is Kind.QUEUE and "inspector" not in self.visible_panes():
            self.toggle_pane("inspector")

    def _journey(self, name: str) -> bool:
        """Show the journey of a message; choosing a step goes there."""

        def go(number: int | None) -> None:
            if number:
                self.session.seek_event(number)
                self.redraw()

        run = self.session.run
        found = journey(run.events, name)
        if found.steps:
            self.app.push_screen(Path(found, run.now), go)
        return bool(found.steps)

    def on_ledger_selected(self, message: Ledger.Selected) -> None:
        """Go to the event that was clicked, and select it."""
        self.session.look_at(Selection(Kind.EVENT, str(message.n)))
        self.session.seek_event(message.n)
        self.redraw()

    def on_guarantees_chosen(self, message: Guarantees.Chosen) -> None:
        """Go to the event that first broke the guarantee, and select it."""
        for finding in self.session.run.findings():
            if finding.guarantee.name != message.name:
                continue
            if finding.first is not None and finding.first.event:
                self.session.look_at(Selection(Kind.EVENT, str(finding.first.event)))
                self.session.seek_event(finding.first.event)
            self.session.tell(finding.first.what if finding.first else finding.guarantee.promise)
        self.redraw()

    def on_metrics_asked(self, message: Metrics.Asked) -> None:
        """Tell what a metric is."""
        metric = message.metric
        value = f"{metric.value} {metric.unit}".rstrip()
        self.session.tell(f"{metric.name.replace('_', ' ')}, {value}: {metric.about}.")
        self.redraw()

    # --- the screen -----------------------------------------------------------------------

    @property
    def picture_name(self) -> str:
        """The pattern and the instant."""
        run = self.session.run
        return f"mailrail-{run.pattern.name}-{format_duration(round(run.now, 3))}"

    def action_journey(self) -> None:
        """Show the journey of what is selected: a message, that of an event, or that in work."""
        name = self._message()
        if not name or not self._journey(name):
            letters = Way("letters", "puts a letter on each")
            self.session.tell("Select a message first, by a click.", "warning", (letters,))
        self.redraw()

    def _message(self) -> str:
        """Return the message that the selection is, or is about; empty: none."""
        chosen, run = self.session.selection, self.session.run
        if chosen.kind in (Kind.MESSAGE, Kind.ROW):
            return chosen.name
        if chosen.kind is Kind.EVENT:
            number = int(chosen.name)
            return run.events[number - 1].message if number <= len(run.events) else ""
        if chosen.kind is Kind.ACTOR:
            fold = run.picture.actors.actors.get(chosen.name)
            return fold.working if fold else ""
        return ""

    def action_look_back(self) -> None:
        """Select what was selected before."""
        if not self.session.look_back():
            self.session.tell("Nothing else was selected before.")
        self.redraw()

    def action_leave(self) -> None:
        """Go back to the gallery, or quit when there is none."""
        if self.has_way_back:
            self.dismiss()
        else:
            self.app.exit()
