"""Presenting a scenario: it stops at every caption, and a question keeps its answer to itself."""

from __future__ import annotations

from typing import Final

ANSWER: Final = "||"
"""What separates a question from its answer in the text of a caption or a break."""


class Lecture:
    """How a session is presented.

    Attributes:
        on: Whether it is: a large picture, and a stop at every caption.
        loop: Whether it begins anew at its end.
        once: Whether the next caption is a stop even though nothing is presented.
    """

    def __init__(self) -> None:
        self.on = False
        self.once = False
        self.loop = False
        self._revealed: tuple[float, str] | None = None

    @property
    def stops_at_captions(self) -> bool:
        """Whether a caption is a stop now."""
        return self.on or self.once

    def answered(self, at: float, text: str) -> bool:
        """Return whether nothing of a caption is hidden.

        Args:
            at: When the caption came, in seconds.
            text: Its text, with the answer if it is a question.
        """
        return ANSWER not in text or self._revealed == (at, text)

    def reveal(self, at: float, text: str) -> bool:
        """Show the answer; False if there was none to show."""
        if self.answered(at, text):
            return False
        self._revealed = at, text
        return True

    def went_to(self, time: float) -> None:
        """Take notice that the playhead was moved: what is asked again is answered again."""
        if self._revealed is not None and time <= self._revealed[0]:
            self._revealed = None


def shown(text: str, *, answered: bool) -> str:
    """Return what of a caption is to be read."""
    question, _, answer = text.partition(ANSWER)
    if not answer:
        return text
    return f"{question.strip()}  {answer.strip()}" if answered else question.strip()
