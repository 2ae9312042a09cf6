"""The picture as something to walk through: from each thing to the nearest that way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType

from mailrail.frames import LabFrame

from ..actions import Act, bindings
from ..keymap import acts_at
from ..pane_actions import WALK
from .glyphs import POINTER
from .paper import Paper, Zone
from .picked import Picked
from .picture import Picture

ROW = 3
"""Columns that a row is worth: letters are higher than they are wide."""


def nearest(zones: Iterable[Zone], here: Zone, right: int, down: int) -> Zone:
    """Return the place that is nearest to the right, to the left, above or below.

    Args:
        zones: All places.
        here: Where the walk stands; answered if nothing lies that way.
        right: 1 to the right, -1 to the left, else 0.
        down: 1 down, -1 up, else 0.
    """

    def far(zone: Zone) -> tuple[float, int, int]:
        rows, columns = abs(zone.y - here.y), abs(zone.x - here.x)
        if right:
            return columns + 2 * ROW * rows, zone.y, zone.x
        gap = max(0, zone.x - here.end + 1, here.x - zone.end + 1)
        return ROW * rows + gap + columns / 100, zone.y, zone.x

    ahead = [
        zone for zone in zones
        if (zone.kind, zone.name) != (here.kind, here.name)
        and (zone.x - here.x) * right + (zone.y - here.y) * down > 0
    ]  # fmt: skip
    return min(ahead, key=far, default=here)


class Walk(Picture, can_focus=True):
    """The picture with a cursor, which selects whatever it comes to.

    It has the keys only once somebody has jumped there: a click leaves them to time and actors.
    """

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(WALK, "picture")
    PLACES: ClassVar[tuple[str, ...]] = ("picture",)

    here: Zone | None = None

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the keys do here, as a person has chosen them."""
        return acts_at(self, *self.PLACES)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the picture, and the cursor where there is one."""
        paper = super().paint(frame, width, height)
        if self.screen.focused is self:
            self.here = self._found(frame, paper.zones)
            if self.here is not None:
                if paper.blank(self.here.x - 1, self.here.y):
                    paper.put(self.here.x - 1, self.here.y, POINTER, "note+bold")
                paper.tint(self.here.x, self.here.y, self.here.end, "on-note+bold")
        return paper

    def _found(self, frame: LabFrame, zones: list[Zone]) -> Zone | None:
        """Return where the cursor is now: on what it was on, on what is selected, at the start."""
        chosen = frame.selection
        wanted = [] if self.here is None else [(self.here.kind, self.here.name)]
        wanted += [(chosen.kind.value, chosen.key), (chosen.kind.value, chosen.name)]
        for each in wanted:
            for zone in zones:
                if (zone.kind, zone.name) == each:
                    return zone
        return min(zones, default=None)

    def action_walk(self, right: int, down: int) -> None:
        """Go to what is nearest that way, and select it."""
        if self.here is not None:
            self.here = nearest(self.zones, self.here, right, down)
            self.post_message(Picked(self.here.kind, self.here.name))
            self.redraw()

    def action_choose(self) -> None:
        """Open what the cursor is on."""
        if self.here is not None:
            self.take(self.here.kind, self.here.name)

    def on_focus(self) -> None:
        """Begin at what is selected."""
        self.here = None
        self.redraw()

    def on_blur(self) -> None:
        """Take the cursor away."""
        self.redraw()
