"""Filters with a typo in them: they are well formed, and ask for what nobody ever says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..subjects import untold
from .matching import agrees
from .rules import Breach, Guarantee, Handler, Rule

MATCHES = Guarantee(
    "filter-matches", "Every subscription's filter matches something that is published.",
    source="A7 (2)", hope=True,
)  # fmt: skip


class Vain(msgspec.Struct):
    """A subscription whose filter has matched no subject yet.

    Attributes:
        filter: The filter.
        heard: The subjects published so far.
        sure: Number of the event by which one of them came again after it began; 0: none has.
        since: When that was, in seconds.
    """

    filter: str
    heard: set[str]
    sure: int = 0
    since: float = 0.0


class Mistyped(Rule):
    """Reports, of subscriptions that get nothing, those whose filter is to blame.

    Publishers go through their subjects over and over. Once a subject comes again, the filter
    has been held against what there is; until then its time may be still to come.
    """

    guarantees = (MATCHES,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._subjects: dict[str, None] = {}
        self._vain: dict[str, Vain] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of subscriptions and of what is published."""
        published = (kind.PUBLISHED, kind.UNROUTED)
        return {kind.SUBSCRIBED: self._subscribed, **dict.fromkeys(published, self._published)}

    def _subscribed(self, event: Event) -> None:
        pattern, _ = untold(event.text)
        known = self._vain.get(event.message)
        if known is not None and known.filter == pattern:
            return
        self._vain.pop(event.message, None)
        if not any(agrees(pattern, each, self._settings().grammar) for each in self._subjects):
            self._vain[event.message] = Vain(pattern, set(self._subjects))

    def _published(self, event: Event) -> None:
        subject, _ = untold(event.text)
        self._subjects[subject] = None
        if not self._vain:
            return
        grammar = self._settings().grammar
        for name, vain in list(self._vain.items()):
            if agrees(vain.filter, subject, grammar):
                del self._vain[name]
            elif subject in vain.heard and not vain.sure:
                vain.sure, vain.since = event.n, event.t
            vain.heard.add(subject)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report the filters that have matched nothing of all that was published."""
        said = ", ".join(self._subjects)
        return [
            Breach("filter-matches", vain.sure, vain.since,
                   f"{name} asks for {vain.filter}, and published were only {said}")
            for name, vain in self._vain.items() if vain.sure
        ]  # fmt: skip
