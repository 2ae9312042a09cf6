"""What a rule is: it watches events and reports the breach of a guarantee at the event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ..kernel.events import Event


class Guarantee(msgspec.Struct, frozen=True):
    """Something a pattern or the engine promises.

    Attributes:
        name: As it is typed in expectations: lower case, hyphens.
        promise: The promise, in one sentence.
        universal: True if it holds in every pattern; False if it is the pattern's own.
        source: Where the rule is from: U1 to U10, or the pattern's invariant.
        hope: True for what users hope for and a fault, or a switch, takes away; False for what
            holds whatever happens while the safeguards are on.
    """

    name: str
    promise: str
    universal: bool = False
    source: str = ""
    hope: bool = False


class Breach(msgspec.Struct, frozen=True):
    """One breach of one guarantee.

    Attributes:
        guarantee: Name of the guarantee.
        event: Number of the event that broke it; 0 for a breach found only at the end.
        time: When, in seconds.
        what: What was found, in the field's terms.
    """

    guarantee: str
    event: int
    time: float
    what: str


Handler = Callable[[Event], None]
Report = Callable[[str, Event, str], None]


class Rule:
    """Watches events and calls :meth:`breach` at the one that breaks a guarantee.

    A rule sees nothing but events, so it judges a loaded event file as it judges a live run.
    """

    guarantees: Sequence[Guarantee] = ()

    def __init__(self) -> None:
        self._report: Report | None = None

    def attach(self, report: Report) -> None:
        """Send breaches to ``report`` from now on."""
        self._report = report

    def watches(self) -> dict[str, Handler]:
        """Return the kinds of event the rule wants, each with its handler."""
        return {}

    def asleep(self) -> bool:
        """Say whether nothing it judges can break as the settings stand.

        A rule that is asleep is told nothing. It is asked again whenever a setting is changed;
        once awake it stays so, and is told first of all that it has missed.
        """
        return False

    def breach(self, guarantee: str, event: Event, what: str) -> None:
        """Report a breach at ``event``."""
        if self._report is not None:
            self._report(guarantee, event, what)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Return the breaches that show only at the end.

        Args:
            now: The last instant, in seconds.
            quiet: True if nothing but routine will ever happen again, whatever time passes.
        """
        return ()
