"""A drawn line that nobody has to look for once it has been drawn over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.strip import Strip


class Piece(Strip):
    """A line that does not remember that it is the whole of itself.

    Textual cuts every line where widgets lie over each other, and each line remembers its parts.
    One that nothing lies over has a single part, itself: it then refers to itself, and only the
    garbage collector finds it again. At fifteen frames a second that is some thirty thousand
    objects, and every second or two a frame waits until all of them have been looked through.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the parts between cuts, as `Strip.divide`; the line itself if it is the only one.

        Args:
            cuts: Where each part ends, in cells from the left.
        """
        ends = list(cuts)
        return [self] if ends == [self.cell_length] else super().divide(ends)
