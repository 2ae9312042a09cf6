"""The settings of a run as they stood at any of its events."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any


class Eras:
    """What the settings were, event by event: a picture of the past is drawn with those of then.

    A fold asks for them with :meth:`settings` while an event is folded, and while its numbers
    are read; who feeds or reads a fold says at which event with :meth:`look_at`.
    """

    def __init__(self, settings: Any) -> None:
        """Begin with the settings at the start of the run."""
        self._since = [0]
        self._settings = [settings]
        self._looked_at = settings

    def change(self, number: int, settings: Any) -> None:
        """Note that the settings are others from the event of that number on."""
        if settings is not self._settings[-1]:
            self._since.append(number)
            self._settings.append(settings)

    def look_at(self, number: int) -> None:
        """Go by the settings as they stood after the event of that number; 0: at the start."""
        self._looked_at = self._settings[bisect_right(self._since, number) - 1]

    def settings(self) -> Any:
        """Return the settings as they stood at the event that is looked at."""
        return self._looked_at
