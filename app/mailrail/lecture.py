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
        answered: Whether the answer to the question on the screen is shown.
        once: Whether the next caption is a stop even though nothing is presented.
    """

    def __init__(self) -> None:
        self.on = False
        self.once = False
        self.loop = False
        self.answered = True

    def asked(self, text: str) -> None:
        """Take notice that a stop has come; a question hides its answer."""
        self.once = False
        self.answered = not (self.on and ANSWER in text)

    @property
    def stops_at_captions(self) -> bool:
        """Whether a caption is a stop now."""
        return self.on or self.once

    def reveal(self) -> bool:
        """Show the answer; False if there was none to show."""
        if self.answered:
            return False
        self.answered = True
        return True


def shown(text: str, *, answered: bool) -> str:
    """Return what of a caption is to be read."""
    question, _, answer = text.partition(ANSWER)
    if not answer:
        return text
    return f"{question.strip()}  {answer.strip()}" if answered else question.strip()
