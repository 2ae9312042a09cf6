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

    Attributes:
        line: The line it was made of.
    """

    __slots__ = ("line",)

    def __init__(self, line: Strip) -> None:
        """Take over the segments of a line."""
        super().__init__(line, line.cell_length)
        self.line = line

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the parts between cuts, as `Strip.divide`; the line itself if it is the only one.

        Args:
            cuts: Where each part ends, in cells from the left.
        """
        ends = list(cuts)
        return [self] if ends == [self.cell_length] else super().divide(ends)


def pieces(lines: Sequence[Strip], before: Sequence[Piece]) -> list[Piece]:
    """Return a piece for each line, and for a line that is as ``before`` the same piece."""
    if len(lines) != len(before):
        return [Piece(line) for line in lines]
    return [
        piece if piece.line is line else Piece(line)
        for line, piece in zip(lines, before, strict=True)
    ]
