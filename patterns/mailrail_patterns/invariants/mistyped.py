"""Filters with a typo in them: they are well formed, and ask for what nobody ever says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ..conditions import Content, Unfit, compile_content
from ..items import item_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..subjects import told, untold
from ..subscribed import headers_of, wish_of
from .matching import agrees
from .rules import Breach, Guarantee, Handler, Rule

MATCHES = Guarantee(
    "filter-matches", "Every subscription's filter matches something that is published.",
    source="A7 (2)", hope=True,
)  # fmt: skip


class Vain(msgspec.Struct):
    """A subscription whose filter has matched nothing yet.

    Attributes:
        filter: The subjects it matches.
        content: The headers it matches.
        condition: The same, ready to be asked; None: it matches any.
        heard: By whom it was published since, and what (the subject, and what the headers were
            that it looks at), each with the first event that said so.
        near: What these headers were where the subject matched.
        sure: Number of the event by which a publisher said something again; 0: none has.
        since: When that was, in seconds.
    """

    filter: str
    content: str
    condition: Content | None
    heard: dict[tuple[str, str, str], str]
    near: dict[str, None]
    sure: int = 0
    since: float = 0.0

    @property
    def told(self) -> str:
        """The filter, with what it asks of headers."""
        return told(self.filter, self.content)

    def seen(self, headers: Mapping[str, str]) -> str:
        """Return what the headers are that it looks at."""
        if self.condition is None:
            return ""
        return ", ".join(f"{n} = {headers[n]}" for n in self.condition.names if n in headers)

    def holds(self, headers: Mapping[str, str]) -> bool:
        """Say whether its condition holds; one that cannot be applied does not."""
        try:
            return self.condition is None or self.condition.holds(headers)
        except Unfit:
            return False


class Mistyped(Rule):
    """Reports, of subscriptions that get nothing, those whose filter is to blame.

    Publishers go through what they have to say over and over. Once one of them says something
    again, the filter has been held against all it says; until then the time of the filter may
    be still to come. No more can be known: a header may take any value, and that none ever will
    is written nowhere. Conditions that no value meets are refused before.
    """

    guarantees = (MATCHES,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._subjects: dict[str, None] = {}
        self._told: dict[tuple[str, str, str], str] = {}
        self._vain: dict[str, Vain] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of subscriptions, of what is published and of copies."""
        published = (kind.PUBLISHED, kind.UNROUTED)
        return {
            kind.SUBSCRIBED: self._subscribed,
            **dict.fromkeys(published, self._published),
            kind.SENT: self._copied,
        }

    def _subscribed(self, event: Event) -> None:
        wish, grammar = wish_of(event), self._settings().grammar
        known = self._vain.get(event.message)
        if known is not None and (known.filter, known.content) == (wish.filter, wish.content):
            return
        self._vain.pop(event.message, None)
        if wish.content:  # what its headers were before nobody may have looked at
            condition = compile_content(wish.content)
            self._vain[event.message] = Vain(wish.filter, wish.content, condition, {}, {})
        elif not any(agrees(wish.filter, each, grammar) for each in self._subjects):
            self._vain[event.message] = Vain(wish.filter, "", None, dict(self._told), {})

    def _published(self, event: Event) -> None:
        subject, inside = untold(event.text)
        self._subjects[subject] = None
        name = item_of(event.message)
        self._told.setdefault((event.actor, subject, ""), name)
        if not self._vain:
            return
        grammar, headers = self._settings().grammar, headers_of(inside)
        for queue, vain in list(self._vain.items()):
            about, seen = agrees(vain.filter, subject, grammar), vain.seen(headers)
            if about and vain.holds(headers):
                del self._vain[queue]
                continue
            if about:
                vain.near[seen or "without these headers"] = None
            here = event.actor, subject, seen
            if vain.heard.setdefault(here, name) != name and not vain.sure:
                vain.sure, vain.since = event.n, event.t

    def _copied(self, event: Event) -> None:
        """A condition that cannot be applied may be taken for one that holds."""
        if self._vain and event.text:
            self._vain.pop(event.queue, None)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report the filters that have matched nothing of all that was published."""
        return [
            Breach("filter-matches", vain.sure, vain.since, self._found(name, vain))
            for name, vain in self._vain.items() if vain.sure
        ]  # fmt: skip

    def _found(self, name: str, vain: Vain) -> str:
        what = f"{name} asks for {vain.told}, and published were only"
        if vain.near:
            return f"{what} {'; '.join(vain.near)} of {vain.filter}"
        return f"{what} {', '.join(self._subjects)}"
