"""The live picture of a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailrail.frames import LabFrame

from .canvas import Canvas
from .choreography import paint_choreography
from .cloakroom import paint_cloakroom
from .consuming import paint_consuming
from .conveyor import paint_conveyor
from .convoy import paint_convoy
from .fanout import paint_fanout
from .leveling import paint_leveling
from .paper import Paper
from .picked import Picked
from .plot import Peaks
from .polls import paint_polls
from .priorities import paint_priorities
from .saga import paint_saga
from .supervising import paint_supervising

Painter = Callable[[LabFrame, int, int, Peaks], Paper]

PAINTERS: Final[dict[str, Painter]] = {
    "claim-check": paint_cloakroom,
    "asynchronous-request-reply": paint_polls,
    "choreography": paint_choreography,
    "competing-consumers": paint_consuming,
    "pipes-and-filters": paint_conveyor,
    "priority-queue": paint_priorities,
    "publisher-subscriber": paint_fanout,
    "queue-based-load-leveling": paint_leveling,
    "scheduler-agent-supervisor": paint_supervising,
    "sequential-convoy": paint_convoy,
    "saga": paint_saga,
}
"""Who draws which pattern; a pattern that is not named here is drawn as a queue."""


class Picture(Canvas):
    """Producers, queue and consumers of a pattern, with every message where it is."""

    DEFAULT_CSS = """
    Picture { height: 1fr; padding: 0 1; }
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._peaks = Peaks()

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the pattern's picture."""
        painter = PAINTERS.get(frame.pattern, paint_consuming)
        return painter(frame, width, height, self._peaks)

    def take(self, kind: str, name: str) -> None:
        """Tell what was chosen."""
        self.post_message(Picked(kind, name, opens=True))
