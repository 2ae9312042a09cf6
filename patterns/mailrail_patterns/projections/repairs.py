"""Why claims came to nothing, and how long it took until what they were for was done.

The supervisor does not know why, and need not. Whoever looks at the journal can tell: of all that
can befall a claim, what befell it first.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Iterator
from typing import Final

import msgspec

from ..actor_names import role_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..orders import LATE, Order, attempt_id, attempt_of
from .measures import Measure, Number, tidy

PARTS: Final = frozenset({"remote", "agent", "scheduler"})
"""Roles without which a claim comes to nothing."""


class Cause(enum.Enum):
    """What a claim was lost to."""

    CRASH = "crash"
    HANG = "hang"
    CUT_OFF = "cut_off"
    LOST = "lost"
    SLOW = "slow"
    STEAL = "steal"
    OTHER = "other"


TOLD: Final = {
    Cause.CRASH: "a crash",
    Cause.HANG: "a hang",
    Cause.CUT_OFF: "a scheduler cut off from the agents",
    Cause.LOST: "a lost message",
    Cause.SLOW: "a call that took too long",
    Cause.STEAL: "a clock that runs ahead",
    Cause.OTHER: "all else",
}
"""What each of them is in words."""

MEASURES: Final = (
    Measure("recovery_max", "longest from an order's first expiry to its end", "s", 1),
    Measure("recovery_mean", "mean of that, of orders that are done", "s", 1),
    *(
        Measure(f"mttr_{cause.value}", f"mean time to repair what was lost to {told}", "s", 1)
        for cause, told in TOLD.items()
    ),
)  # fmt: skip


class Claim(msgspec.Struct, frozen=True):
    """A claim that is not over.

    Attributes:
        name: The attempt.
        began: When it began, in seconds.
        owner: The scheduler that made it.
        agent: Who is at it; empty: nobody yet.
        called: Whether the remote has a call for it.
        answered: Whether the remote has answered one.
        cause: What has befallen it first; None: nothing.
    """

    name: str
    began: float
    owner: str
    agent: str = ""
    called: bool = False
    answered: bool = False
    cause: Cause | None = None


class Loss(msgspec.Struct, frozen=True):
    """The first claim of an order that came to nothing.

    Attributes:
        began: When it began, in seconds.
        expired: When it was over, in seconds.
        cause: What it was lost to.
    """

    began: float
    expired: float
    cause: Cause


class Repairs:
    """Folds what befalls claims into times to repair, by what the claims were lost to."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}
        self._losses: dict[str, Loss] = {}
        self._up: dict[str, None] = {}
        self._down: dict[str, Cause] = {}
        self._repaired = dict.fromkeys(Cause, (0.0, 0))
        self._longest: float | None = None
        self._recovered = (0.0, 0)

    # --- what befalls a claim -------------------------------------------------------------

    def fell(self, event: Event) -> None:
        """Take somebody who died, hangs, or has left."""
        self._up.pop(event.actor, None)
        if role_of(event.actor) not in PARTS or event.kind == kind.STOPPED:
            return
        cause = Cause.HANG if event.kind == kind.PAUSED else Cause.CRASH
        self._down[event.actor] = cause
        for key, claim in self._claims.items():
            if claim.cause is None and self._needs(claim, event.actor):
                self._claims[key] = msgspec.structs.replace(claim, cause=cause)

    def rose(self, event: Event) -> None:
        """Take somebody who is there, or there again."""
        self._down.pop(event.actor, None)
        self._up[event.actor] = None

    def claimed(self, event: Event, order: Order) -> None:
        """Take a claim that begins; some begin with somebody down whom they need."""
        name = attempt_id(event.message, order.attempt)
        claim = Claim(name, event.t, event.actor, order.agent)
        down = (cause for actor, cause in self._down.items() if self._needs(claim, actor))
        self._claims[event.message] = msgspec.structs.replace(claim, cause=next(down, None))

    def delivered(self, event: Event, *, call: bool) -> None:
        """Take a task in an agent's hands, or a call in the remote's."""
        for key, claim in self._of(event.group):
            held = {"called": True} if call else {"agent": event.actor}
            self._claims[key] = msgspec.structs.replace(claim, **held)

    def answered(self, event: Event) -> None:
        """Take an answer of the remote."""
        for key, claim in self._of(event.group):
            self._claims[key] = msgspec.structs.replace(claim, answered=True)

    def dropped(self, event: Event, attempt: str) -> None:
        """Take a message that was lost.

        Args:
            event: The loss.
            attempt: What its sender was at; empty: nothing, so that its name has to tell.
        """
        self._befalls(attempt or attempt_id(*attempt_of(event.message)), Cause.LOST)

    def noted(self, event: Event, code: str) -> None:
        """Take notice of a scheduler that does not reach its agents."""
        if code == "cut-off":
            self._befalls(event.message, Cause.CUT_OFF)

    def _befalls(self, attempt: str, cause: Cause) -> None:
        for key, claim in self._of(attempt):
            if claim.cause is None:
                self._claims[key] = msgspec.structs.replace(claim, cause=cause)

    def _of(self, attempt: str) -> Iterator[tuple[str, Claim]]:
        """Yield the claim of an attempt, with its row, while it is not over."""
        key = attempt_of(attempt)[0]
        claim = self._claims.get(key)
        if claim is not None and claim.name == attempt:
            yield key, claim

    def _needs(self, claim: Claim, actor: str) -> bool:
        """Say whether a claim comes to nothing without somebody who has gone down."""
        role = role_of(actor)
        if role == "agent" and not claim.agent:
            return not any(role_of(name) == role for name in self._up)
        return role == "remote" or actor in {claim.owner, claim.agent}

    # --- what becomes of the order ----------------------------------------------------------

    def failed(self, event: Event, old: Order) -> str:
        """Take a claim that was counted as one that came to nothing; return what it was lost to."""
        claim = self._claims.pop(event.message, None)
        if claim is None:
            return ""
        cause = _why(claim, event.t < old.complete_by - LATE)
        self._losses.setdefault(event.message, Loss(claim.began, old.complete_by, cause))
        return TOLD[cause]

    def ended(self, event: Event, *, done: bool) -> None:
        """Take an order that is done, or given up."""
        self._claims.pop(event.message, None)
        loss = self._losses.get(event.message)
        if loss is None:
            return
        self._longest = max(self._longest or 0.0, event.t - loss.expired)
        if done:
            del self._losses[event.message]
            self._recovered = _added(self._recovered, event.t - loss.expired)
            self._repaired[loss.cause] = _added(self._repaired[loss.cause], event.t - loss.began)

    def values(self) -> dict[str, Number]:
        """Return the metrics."""
        return {
            "recovery_max": None if self._longest is None else tidy(self._longest),
            "recovery_mean": mean(*self._recovered),
            **{f"mttr_{cause.value}": mean(*self._repaired[cause]) for cause in Cause},
        }

    def copy(self) -> Repairs:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._claims, twin._losses = dict(self._claims), dict(self._losses)
        twin._up, twin._down = dict(self._up), dict(self._down)
        twin._repaired = dict(self._repaired)
        return twin


def mean(total: float, count: int) -> float | None:
    """Return the mean of so many values; None of none."""
    return tidy(total / count) if count else None


def _added(so_far: tuple[float, int], value: float) -> tuple[float, int]:
    total, count = so_far
    return total + value, count + 1


def _why(claim: Claim, early: bool) -> Cause:
    if early:
        return Cause.STEAL
    if claim.cause is None:
        return Cause.SLOW if claim.called and not claim.answered else Cause.OTHER
    return claim.cause
