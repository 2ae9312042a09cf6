"""ASCII instead of signs, on everything that is drawn, whoever draws it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from .widgets.glyphs import PLAIN


class PlainSigns(LineFilter):
    """Puts one character of ASCII in the place of each sign."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with the same styles and other signs."""
        return [
            segment
            if segment.text.isascii()
            else segment._replace(text=segment.text.translate(PLAIN))
            for segment in segments
        ]
