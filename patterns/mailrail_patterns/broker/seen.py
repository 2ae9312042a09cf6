"""Which names a queue has accepted, and when: what duplicate detection goes by."""

from __future__ import annotations

from ..retention import lapsed


class Seen:
    """The names a queue has accepted; whatever comes again has a name of its own."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._copies: dict[str, int] = {}

    def within(self, window: float, name: str, now: float) -> bool:
        """Say whether a name was accepted within the window; it counts from the acceptance.

        Args:
            window: Length of the window, in seconds; 0: nothing is detected.
            name: The message's name.
            now: The present instant, in seconds.
        """
        since = self._since.get(name) if window else None
        return since is not None and not lapsed(since, window, now)

    def enter(self, name: str, now: float) -> str:
        """Remember that a name has been accepted, and return that of its entry in the queue."""
        known = name in self._since
        self._since[name] = now
        if not known:
            return name
        copies = self._copies[name] = self._copies.get(name, 1) + 1
        return f"{name}~{copies}"
