"""When a producer sends what: phases, streams, and what one actor was given."""

from __future__ import annotations

import msgspec

from .quantities import Distribution


class Phase(msgspec.Struct, frozen=True):
    """One stretch of a producer's arrivals.

    Attributes:
        every: Time between two messages; a distribution, in seconds.
        lasts: How long the stretch is, in seconds; 0: until the count is reached or for ever.
    """

    every: Distribution
    lasts: float = 0.0


class Stream(msgspec.Struct, frozen=True):
    """One of several kinds of message that a single producer sends.

    Attributes:
        tag: What sets the kind apart, in the pattern's own terms (a priority).
        arrivals: Its phases, one after the other; none: as the settings say.
        count: Messages of the kind; 0: no end; None: as the settings say.
        start: When it begins, in seconds.
    """

    tag: str
    arrivals: tuple[Phase, ...] = ()
    count: int | None = None
    start: float = 0.0


class Options(msgspec.Struct, frozen=True):
    """What one actor was given when it was spawned; None: as the settings say.

    Attributes:
        arrivals: A producer's phases, one after the other.
        count: Messages a producer sends; None: no limit.
        start: When a producer begins, in seconds.
        streams: The kinds of message of a producer that sends several.
        service: A consumer's service time.
        given: What else its role takes, by name.
    """

    arrivals: tuple[Phase, ...] = ()
    count: int | None = None
    start: float = 0.0
    service: Distribution | None = None
    streams: tuple[Stream, ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return what was given under a name the role takes, or the default."""
        for key, value in self.given:
            if key == name:
                return value
        return default
