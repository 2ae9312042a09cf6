"""The base of every widget that moves: rows are composed, compared, and only changed ones drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mailrail.frames import LabFrame

from ..actions import Act
from ..theming import Inks
from .paper import Paper, Zone
from .piece import Piece, pieces


class Canvas(Widget):
    """Draws one frozen frame; nothing is drawn where nothing has changed.

    A subclass says in :meth:`paint` what a frame looks like at a size. It never refreshes.
    """

    DEFAULT_CSS = """
    Canvas { width: 1fr; }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.frame: LabFrame | None = None
        self._paper = Paper(0, 0)
        self._strips: dict[int, Strip] = {}
        self._pieces: list[Piece] = []
        self._inks = Inks({})
        self._seen: object = None

    # --- for subclasses -------------------------------------------------------------------

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Return the frame drawn at a size in cells."""
        raise NotImplementedError

    def drawn(self, width: int, height: int) -> Paper | None:
        """Return what is to be seen now; None as long as there is nothing to draw."""
        return None if self.frame is None else self.paint(self.frame, width, height)

    def inputs(self, frame: LabFrame) -> object:
        """Return what of a frame the drawing depends on; equal inputs are not painted again."""
        return None

    def take(self, kind: str, name: str) -> None:
        """Do what a click on one of the places does: nothing, unless a subclass says what."""

    @property
    def reached(self) -> tuple[Zone, ...]:
        """The places that jump mode leads to."""
        return self.zones

    @property
    def screen_acts(self) -> tuple[Act, ...]:
        """What can be done on the screen it is on, with the keys as chosen."""
        acts: tuple[Act, ...] = getattr(self.screen, "acts", ())
        return acts

    # --- for screens ----------------------------------------------------------------------

    def show(self, frame: LabFrame) -> None:
        """Draw a frame; rows that look as before are left alone."""
        inputs = self.inputs(frame)
        same = inputs is not None and inputs == self._seen and self._paper.height > 0
        self.frame, self._seen = frame, inputs
        if not same:
            self.redraw()

    def redraw(self) -> None:
        """Paint the present frame again and refresh the rows that have changed."""
        width, height = self.content_size
        paper = self.drawn(width, height) if width and height else None
        if paper is None:
            return
        before, self._paper = self._paper, paper
        if (before.width, before.height) != (width, height):
            self._strips.clear()
            self.refresh()
            return
        changes = paper.changes(before)
        for y, _, _ in changes:
            self._strips.pop(y, None)
        if changes:
            self.refresh(*(Region(x, y, end - x, 1) for y, x, end in changes))

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The clickable places, in cells of the content."""
        return tuple(self._paper.zones)

    def zone_at(self, x: int, y: int) -> Zone | None:
        """Return the clickable place at a cell of the content, if there is one."""
        return self._paper.zone_at(x, y)

    # --- for Textual ----------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return what is seen of the rows, with border and padding."""
        self._pieces = pieces(super().render_lines(crop), self._pieces)
        return [*self._pieces]

    def render_line(self, y: int) -> Strip:
        """Return one row, made of the theme's colours."""
        width = self.content_size.width
        base = self.visual_style.rich_style
        if self._inks.variables is not self.app.theme_variables or base != self._inks.base:
            self._inks = Inks(self.app.theme_variables, base)
            self._strips.clear()
        strip = self._strips.get(y)
        if strip is None:
            if y >= self._paper.height:
                return Strip.blank(width, base)
            strip = self._strips[y] = _strip(self._paper, y, self._inks, width)
        return strip

    def on_click(self, event: events.Click) -> None:
        """Take what was clicked."""
        offset = event.get_content_offset(self)
        zone = None if offset is None else self.zone_at(offset.x, offset.y)
        if zone is not None:
            self.take(zone.kind, zone.name)

    def on_resize(self, event: events.Resize) -> None:
        """Compose anew for the new size."""
        self.redraw()

    def on_show(self, event: events.Show) -> None:
        """Catch up with what was shown while hidden."""
        self.redraw()


def _strip(paper: Paper, y: int, inks: Inks, width: int) -> Strip:
    segments = [Segment(text, inks[ink]) for text, ink in paper.line(y)]
    if paper.even and paper.width == width:
        return Strip(segments, width)  # known: no character has to be measured
    return Strip(segments).adjust_cell_length(width, inks.base)
