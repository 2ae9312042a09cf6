"""What a session does that takes its time: one errand at a time, and what is held off meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mailrail_patterns.names import BadInput

from .errands import Errand
from .notices import Notice, Tone, Way

BUDGET: Final = 0.025
"""Wall-clock seconds the engine may take in one frame."""

PATIENCE: Final = 0.2
"""Wall-clock seconds that pass before anybody is told that something takes its time."""

GIVING_UP: Final = Way("step_out", "gives it up")


class Working:
    """The part of a session that does what takes its time, one errand at a time.

    Whatever else moves the playhead or replaces the run takes the errand's place; whatever is
    done to the run, or needs it to stand still, is held off by :meth:`hold_off`.

    Attributes:
        clock: Wall-clock seconds.
        errand: What takes its time: a far seek, a fork, a search; None: nothing.
        notices: What the person has not been told yet; the screen takes them out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.clock = clock
        self.errand: Errand[Any] | None = None
        self.notices: list[Notice] = []

    def tell(self, text: str, tone: Tone = "information", ways: tuple[Way, ...] = ()) -> None:
        """Leave something to be told to the person."""
        self.notices.append(Notice(text, tone, ways))

    def attempt(self, deed: Callable[[], object]) -> bool:
        """Do something; what is wrong with it is told, not raised, and what can be done about it.

        Returns:
            Whether nothing was wrong with it.
        """
        try:
            deed()
        except BadInput as problem:
            held_off = self.errand is not None
            self.tell(str(problem), "error", (GIVING_UP,) if held_off else ())
            return False
        return True

    @property
    def underway(self) -> str:
        """What the person waits for, and how far it is, as it is told; empty: nothing."""
        return "" if self.errand is None else self.errand.told

    def hold_off(self) -> None:
        """Refuse what must not be done while something takes its time.

        Raises:
            BadInput: If something does.
        """
        if self.errand is not None:
            raise BadInput(f"not while it takes its time: {self.errand.told}")

    def set_out(self, errand: Errand[Any], patience: float = PATIENCE) -> None:
        """Do something that may take its time, at once if it does not; another is given up.

        Args:
            errand: What is to be done.
            patience: Wall-clock seconds in which it is done without anybody being told of it.

        Raises:
            BadInput: If it turns out at once that it cannot be done.
        """
        self._drop()
        self.errand = errand
        self._go_on(patience)

    def go_on_with(self, errand: Errand[Any]) -> None:
        """Do what follows from an errand that is done, in the time that is left of the frame."""
        self.errand = errand

    def give_up(self) -> bool:
        """Give up what takes its time; False if nothing does."""
        errand, self.errand = self.errand, None
        if errand is None:
            return False
        errand.give_up()
        self.tell(f"Given up: {errand.told}.")
        return True

    def _go_on(self, budget: float) -> None:
        deadline = self.clock() + budget
        while (errand := self.errand) is not None:
            try:
                done = errand.go_on(lambda: self.clock() >= deadline)
            except BadInput:
                self.errand = None
                raise
            if done is None:
                return
            self.errand = None
            done()

    def _drop(self) -> None:
        """Make way for what is done instead; a deed that comes to nothing is told all the same."""
        if self.errand is not None and self.errand.deed:
            self.give_up()
        elif self.errand is not None:
            self.errand.give_up()
            self.errand = None
