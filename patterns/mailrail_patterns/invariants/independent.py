"""What a service decides, it decides by itself: from the message it holds and its own row.

Nobody can see a process think. But whoever looks at anything else (another service's rows, the
clock, its own memory) sooner or later decides otherwise on the same event with the same row, and
that stands in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..actor_names import role_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage, Told
from ..observer import OBSERVER, WATCH
from ..shop import OWNS
from .rules import Guarantee, Handler, Rule

INDEPENDENT = Guarantee(
    "decides-by-itself",
    "A service's outputs depend on the event it holds and its own row alone: it writes nobody "
    "else's rows, and nothing without an event; the same event and row, the same outputs.",
    source="A3 (1)",
)

ONLOOKERS = Guarantee(
    "onlookers-change-nothing",
    "A passive subscriber (loyalty, observer) tells and commands nobody, writes its own rows and "
    "makes nobody wait: without it every other event would be the same.",
    source="A3 (1)",
)

PASSIVE = {"loyalty": "points", OBSERVER: WATCH}
"""Who only listens, and the table of each."""

NAMES = tuple(f"{role}-" for role in PASSIVE)
"""How the names of their actors begin."""

REFUSED = frozenset({"Declined", "Rejected", "Failed"})
"""Rows of a step that was refused: whether it is to be stands in the order, not in the journal."""

SERVICES = frozenset(OWNS.values()) - {"loyalty"}
"""The services judged. Loyalty goes by the version of an event, which the journal does not tell."""

Row = tuple[str, str]
"""State and value of a row."""


class Decision:
    """What one actor makes of one message, in the making.

    Attributes:
        about: The order.
        heard: What it hears: an event's subject, or a command's name.
        row: Its own row of the order when it decided; None: it has not yet.
        outputs: The rows it wrote and the events it told.
        whole: Whether all it told has arrived and its lock has held, as far as is known.
    """

    __slots__ = ("about", "heard", "outputs", "row", "whole")

    def __init__(self, told: Told) -> None:
        self.about = told.root
        self.heard = told.subject or told.id.removeprefix(told.root) or "command"
        self.row: Row | None = None
        self.outputs: set[str] = set()
        self.whole = True


class Independence(Rule):
    """Compares what services make of the same event with the same row.

    What is not settled in one go (a crash, a lost lock, something lost on the way) is no
    decision to compare with: what was sent again may have been told before. A change of the
    settings is a new version of a service, and begins anew.
    """

    guarantees = (INDEPENDENT,)

    def __init__(self, settings: Callable[[], Any], lineage: Lineage) -> None:
        """Judge; ``lineage`` is fed by somebody who hears of every event before this rule."""
        super().__init__()
        self._settings = settings
        self._lineage = lineage
        self._at: dict[str, Decision] = {}
        self._rows: dict[tuple[str, str], Row] = {}
        self._made: dict[tuple[str, str, Row], tuple[frozenset[str], str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of what is begun, decided, told and settled."""
        gone = (
            kind.ABANDONED, kind.CRASHED, kind.DEAD_LETTERED, kind.SHELVED, kind.EFFECT_SKIPPED,
        )  # fmt: skip
        return {
            kind.WORKING: self._begins,
            **dict.fromkeys(gone, self._gone),
            **dict.fromkeys((kind.DROPPED, kind.REJECTED, kind.LOCK_LOST), self._spoilt),
            kind.STATE: self._writes,
            kind.NOTED: self._decides,
            **dict.fromkeys((kind.PUBLISHED, kind.UNROUTED), self._tells),
            kind.COMPLETED: self._settled,
            kind.CHANGED: self._changed,
        }

    def _begins(self, event: Event) -> None:
        told = self._lineage.handling.get(event.actor)
        if told is not None and event.queue in SERVICES:
            self._at[event.actor] = Decision(told)

    def _gone(self, event: Event) -> None:
        self._at.pop(event.actor, None)

    def _spoilt(self, event: Event) -> None:
        """What follows is still its doing, and is nothing to compare with."""
        decision = self._at.get(event.actor)
        if decision is not None:
            decision.whole = False

    def _changed(self, event: Event) -> None:
        self._made.clear()

    def _writes(self, event: Event) -> None:
        owner = OWNS.get(event.queue)
        if owner is None:
            return
        decision = self._at.get(event.actor)
        if role_of(event.actor) != owner:
            what = f"{event.actor} writes {event.queue} {event.message}, which is {owner}'s"
            self.breach("decides-by-itself", event, what)
        elif decision is None and owner in SERVICES:
            what = f"{event.actor} writes {event.queue} {event.message} and holds no message"
            self.breach("decides-by-itself", event, what)
        key = owner, event.message
        if decision is not None:
            if decision.row is None:
                decision.row = self._rows.get(key, ("", ""))
            decision.outputs.add(f"{event.queue} {event.group}")
        self._rows[key] = event.group, event.text

    def _decides(self, event: Event) -> None:
        decision = self._at.get(event.actor)
        if decision is not None and decision.row is None:
            decision.row = self._rows.get((event.queue, decision.about), ("", ""))

    def _tells(self, event: Event) -> None:
        decision = self._at.get(event.actor)
        if decision is not None:
            decision.outputs.add(event.text)

    def _settled(self, event: Event) -> None:
        decision = self._at.pop(event.actor, None)
        if decision is None or not decision.whole or not self._settings().choreographed:
            return
        row, outputs = decision.row, frozenset(decision.outputs)
        if row is None or any(each.rpartition(" ")[2] in REFUSED for each in outputs):
            return
        key = event.queue, decision.heard, row
        before, whom = self._made.setdefault(key, (outputs, decision.about))
        if before != outputs:
            what = (
                f"{event.queue} makes {_listed(outputs)} of {decision.heard} for {decision.about}, "
                f"and made {_listed(before)} of it for {whom}, with the same row"
            )
            self.breach("decides-by-itself", event, what)


class Passivity(Rule):
    """Follows what passive subscribers leave behind for others to trip over."""

    guarantees = (ONLOOKERS,)

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything one actor can do to another."""
        return {
            **dict.fromkeys((kind.SENT, kind.PUBLISHED, kind.UNROUTED), self._sends),
            kind.STATE: self._writes,
            kind.BLOCKED: self._blocks,
        }

    def _sends(self, event: Event) -> None:
        if not event.actor.startswith(NAMES):
            return
        if event.kind != kind.SENT or event.queue != role_of(event.actor):
            what = f"{event.actor} sends {event.message} to {event.queue}"
            self.breach("onlookers-change-nothing", event, what)

    def _writes(self, event: Event) -> None:
        if not event.actor.startswith(NAMES):
            return
        if event.queue != PASSIVE.get(role_of(event.actor), event.queue):
            what = f"{event.actor} writes {event.queue} {event.message}"
            self.breach("onlookers-change-nothing", event, what)

    def _blocks(self, event: Event) -> None:
        if event.queue in PASSIVE:
            what = f"{event.actor} waits until {event.queue} has room"
            self.breach("onlookers-change-nothing", event, what)


def _listed(outputs: frozenset[str]) -> str:
    return ", ".join(sorted(outputs)) or "nothing"
