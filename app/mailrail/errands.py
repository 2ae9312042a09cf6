"""Work that may take longer than a frame: done in slices, told how far it is, given up at a key.

There is no thread: a slice is done by the frame timer, so that nothing else happens meanwhile and
the same keys at the same instants do the same, however fast the machine is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final, Generic, TypeVar

SLICE: Final = 500
"""Steps of the engine between two looks at the clock."""

T = TypeVar("T")


class Errand(Generic[T]):
    """One piece of such work.

    Attributes:
        what: What it is, as one tells it while it lasts: ``forking at 12 s``.
        share: How much of it is done, from 0 to 1.
        deed: Whether it does something to the run, so that it is missed if it is given up.
    """

    def __init__(
        self,
        what: str,
        work: Generator[float, None, T],
        then: Callable[[T], object],
        *,
        deed: bool = False,
    ) -> None:
        """Set out; nothing has been done yet.

        Args:
            what: What it is.
            work: Yields after each slice how much is done; closed, it leaves nothing half done.
            then: Is called with what came of it.
            deed: Whether it does something to the run.
        """
        self.what = what
        self.deed = deed
        self.share = 0.0
        self._work = work
        self._then = then

    @property
    def told(self) -> str:
        """What it is, and how far."""
        return f"{self.what}, {self.share:.0%}"

    def go_on(self, late: Callable[[], bool]) -> Callable[[], object] | None:
        """Do slices of it until it is ``late``.

        Returns:
            What is to be called now that it is done; None: it is not.

        Raises:
            BadInput: If it turns out that it cannot be done.
        """
        while True:
            try:
                self.share = next(self._work)
            except StopIteration as end:
                came: T = end.value
                return lambda: self._then(came)
            if late():
                return None

    def give_up(self) -> None:
        """Do no more of it; nothing half done is left of it."""
        self._work.close()
