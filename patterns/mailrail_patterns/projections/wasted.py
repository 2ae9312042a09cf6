"""Work on what nobody waits for any more: how much of it there was, and for whom."""

from __future__ import annotations

import msgspec

from .measures import tidy


class Stint(msgspec.Struct, frozen=True):
    """One stretch of work on a request.

    Attributes:
        request: The request.
        begun: When it began, in seconds.
        ends: When it is done if nothing happens to it, in seconds.
    """

    request: str
    begun: float
    ends: float


class Wasted:
    """Seconds of work after the requester had given up, whether it had begun before or not."""

    def __init__(self) -> None:
        self._given_up: dict[str, float] = {}
        self._under_way: dict[str, Stint] = {}
        self._seconds = 0.0
        self._stints = 0

    def give_up(self, request: str, now: float) -> None:
        """Take notice that nobody waits for a request any more."""
        self._given_up[request] = now

    def begin(self, actor: str, request: str, now: float, seconds: float) -> None:
        """Take notice that somebody works on a request; what it did before is over."""
        self.end(actor, now)
        if seconds > 0:
            self._under_way[actor] = Stint(request, now, now + seconds)

    def end(self, actor: str, now: float) -> None:
        """Take notice that somebody works no longer, be it that it has died."""
        stint = self._under_way.pop(actor, None)
        if stint is not None:
            lost = self._lost(stint, now)
            self._seconds += lost
            self._stints += lost > 0

    def _lost(self, stint: Stint, now: float) -> float:
        since = self._given_up.get(stint.request)
        if since is None:
            return 0.0
        return max(0.0, min(now, stint.ends) - max(stint.begun, since))

    def total(self, now: float) -> tuple[float, int]:
        """Return the seconds wasted by ``now``, and over how many stretches of work."""
        running = [self._lost(stint, now) for stint in self._under_way.values()]
        stints = self._stints + sum(1 for lost in running if lost > 0)
        return tidy(self._seconds + sum(running)), stints

    def copy(self) -> Wasted:
        """Return an independent copy."""
        twin = Wasted()
        twin._given_up, twin._under_way = dict(self._given_up), dict(self._under_way)
        twin._seconds, twin._stints = self._seconds, self._stints
        return twin
