"""The live picture of a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual import events
from textual.message import Message

from mailrail.frames import LabFrame

from .canvas import Canvas
from .choreography import paint_choreography
from .cloakroom import paint_cloakroom
from .consuming import paint_consuming
from .conveyor import paint_conveyor
from .fanout import paint_fanout
from .leveling import paint_leveling
from .paper import Paper
from .plot import Peaks
from .polls import paint_polls
from .priorities import paint_priorities
from .saga import paint_saga

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
    "saga": paint_saga,
}
"""Who draws which pattern; a pattern that is not named here is drawn as a queue."""


class Picture(Canvas):
    """Producers, queue and consumers of a pattern, with every message where it is."""

    DEFAULT_CSS = """
    Picture { height: 1fr; padding: 0 1; }
    """

    class ActorChosen(Message):
        """A person clicked an actor.

        Attributes:
            name: Its name.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class MessageChosen(Message):
        """A person clicked a message.

        Attributes:
            name: Its name.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

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

    def on_click(self, event: events.Click) -> None:
        """Tell which actor or message was clicked."""
        offset = event.get_content_offset(self)
        zone = None if offset is None else self.zone_at(offset.x, offset.y)
        if zone is None:
            return
        if zone.kind == "actor":
            self.post_message(self.ActorChosen(zone.name))
        elif zone.kind == "message":
            self.post_message(self.MessageChosen(zone.name))
