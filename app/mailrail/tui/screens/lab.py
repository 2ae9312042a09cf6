"""The lab: one run, watched and worked on."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType

from mailrail.journey import journey
from mailrail_patterns.quantities import format_duration

from ..actions import LAB, bindings
from ..widgets.actors import Actors
from ..widgets.guarantees import Guarantees
from ..widgets.ledger import Ledger
from ..widgets.picture import Picture
from .actor_keys import ActorKeys
from .fault_keys import FaultKeys
from .jump import Jump, Target
from .letter_keys import LetterKeys
from .path import Path
from .run_keys import RunKeys
from .setting_keys import SettingKeys
from .stage import PANES
from .time_keys import TimeKeys
from .twin_keys import TwinKeys


class Lab(TimeKeys, ActorKeys, FaultKeys, SettingKeys, LetterKeys, TwinKeys, RunKeys):
    """One run on the screen; every key is in :data:`mailrail.tui.actions.LAB`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LAB, "lab")
    PLACE = "lab"
    AUTO_FOCUS = ""  # a list takes the arrow keys only once somebody has clicked it

    # --- the mouse ------------------------------------------------------------------------

    def on_actors_selected(self, message: Actors.Selected) -> None:
        """Select the actor that was clicked."""
        self.session.select(message.name)
        self.redraw()

    def on_picture_actor_chosen(self, message: Picture.ActorChosen) -> None:
        """Select the actor that was clicked."""
        self.session.select(message.name)
        self.redraw()

    def on_picture_message_chosen(self, message: Picture.MessageChosen) -> None:
        """Show the journey of the message that was clicked; choosing a step goes there."""

        def go(number: int | None) -> None:
            if number:
                self.session.seek_event(number)
                self.redraw()

        run = self.session.run
        found = journey(run.events, message.name)
        if found.steps:
            self.app.push_screen(Path(found, run.now), go)

    def on_ledger_selected(self, message: Ledger.Selected) -> None:
        """Go to the event that was clicked."""
        self.session.seek_event(message.n)
        self.redraw()

    def on_guarantees_chosen(self, message: Guarantees.Chosen) -> None:
        """Go to the event that first broke the guarantee."""
        for finding in self.session.run.findings():
            if finding.guarantee.name != message.name:
                continue
            if finding.first is not None and finding.first.event:
                self.session.seek_event(finding.first.event)
            self.session.tell(finding.first.what if finding.first else finding.guarantee.promise)
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click makes a pane the one that is maximised next."""
        for widget in (event.widget, *(event.widget.ancestors if event.widget else ())):
            if widget is not None and widget.id in PANES:
                self._active = widget.id

    # --- the screen -----------------------------------------------------------------------

    @property
    def picture_name(self) -> str:
        """The pattern and the instant."""
        run = self.session.run
        return f"mailrail-{run.pattern.name}-{format_duration(round(run.now, 3))}"

    def action_pane(self, name: str) -> None:
        """Show or hide a pane."""
        self.toggle_pane(name)

    def targets(self) -> list[Target]:
        """Return what can be gone to: the panes, then the actors and messages in the picture."""
        found = []
        for name in PANES:
            pane = self.query_one(f"#{name}")
            if pane.display and pane.region:
                found.append(Target(pane.region.x, pane.region.y, "pane", name))
        picture = self.query_one(Picture)
        seen: set[tuple[str, str]] = set()
        if picture.display:
            place = picture.content_region
            for zone in sorted(picture.zones, key=lambda zone: zone.kind):
                if zone.kind in ("actor", "message") and (zone.kind, zone.name) not in seen:
                    x, y = place.x + zone.x, place.y + zone.y
                    target = Target(x, y, zone.kind, zone.name).beside(found)
                    if target.x == x or zone.kind == "actor":
                        seen.add((zone.kind, zone.name))
                        found.append(target)
        return found

    def action_letters(self) -> None:
        """Put a letter on everything; go where the one that is pressed is."""

        def go(target: Target | None) -> None:
            if target is None:
                return
            if target.kind == "pane":
                self._active = target.name
                pane = self.query_one(f"#{target.name}")
                self.set_focus(pane if pane.focusable else None)
            elif target.kind == "actor":
                self.session.select(target.name)
            else:
                self.on_picture_message_chosen(Picture.MessageChosen(target.name))
            self.redraw()

        self.app.push_screen(Jump(self.targets()), go)

    def action_maximise(self) -> None:
        """Give one pane all the room, or give it back."""
        self.toggle_maximised()

    def action_step_out(self) -> None:
        """Give the arrow keys back to the actors, then the room back to the other panes."""
        if self.focused is not None:
            self.set_focus(None)
        elif self._maximised:
            self.toggle_maximised()

    def action_leave(self) -> None:
        """Go back to the gallery, or quit when there is none."""
        if self.has_way_back:
            self.dismiss()
        else:
            self.app.exit()
