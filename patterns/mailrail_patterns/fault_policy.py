"""What a filter does with an item it cannot handle: bury it, hand it on as it came, or halt.

It decides at the last attempt, as the settings count them. A filter that halts gives the item
back, takes nothing more and leaves: what waits stays in the pipes, which are durable, and whoever
restarts it goes on from there.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from .kernel.events import HALTED, PASSED_THROUGH
from .messages import Mode, QueueSpec
from .names import BadInput
from .port import Delivery, Message, Port, Reaction, Reader, Source
from .retries import EXHAUSTED, GivesBack, RetrySettings, attempts

UNFILTERED = "unfiltered"
"""The header that names the filters an item was handed on by as it came, commas between."""


class OnFault(enum.Enum):
    """What becomes of an item whose filter has failed as often as it may."""

    DEAD_LETTER = "dead-letter"
    PASS_THROUGH = "pass-through"
    FAIL = "fail"


class FaultSettings(RetrySettings, Protocol):
    """The settings that say what a filter does with what it cannot handle."""

    @property
    def on_fault(self) -> OnFault:
        """What it does."""
        ...

    @property
    def max_deliveries(self) -> int:
        """Deliveries an item may have; 0: no limit."""
        ...

    @property
    def mode(self) -> Mode:
        """Whether items are received under a lock."""
        ...


F = TypeVar("F", bound=FaultSettings)


def check_faults(settings: FaultSettings) -> None:
    """Refuse a policy that could never apply, or could not keep what it is for.

    Raises:
        BadInput: Names the setting, the reason and what to do.
    """
    if settings.on_fault is OnFault.DEAD_LETTER:
        return
    if _last_attempt(settings) == sys.maxsize:
        raise BadInput("on_fault: a filter that may try for ever never decides; set max_deliveries")
    if settings.on_fault is OnFault.FAIL and settings.mode is Mode.RECEIVE_AND_DELETE:
        raise BadInput(
            "on_fault: what is deleted on receipt cannot stay in its pipe; set mode=peek-lock"
        )


def _last_attempt(settings: FaultSettings) -> int:
    """Return the delivery at which a filter decides."""
    limits = (attempts(settings), settings.max_deliveries)
    return min((limit for limit in limits if limit), default=sys.maxsize)


def passes_at(settings: FaultSettings) -> int:
    """Return the delivery from which an item that fails is handed on as it came."""
    passes = settings.on_fault is OnFault.PASS_THROUGH
    return _last_attempt(settings) if passes else sys.maxsize


def holds_on(settings: FaultSettings, spec: QueueSpec) -> QueueSpec:
    """Return a pipe as the policy needs it: without a limit where it is for the filters to decide.

    Otherwise the broker would take the item out that somebody has to look at, or bury what has
    been handed on already by a filter that died before it could say so.
    """
    decides = settings.on_fault is not OnFault.DEAD_LETTER
    return replace(spec, max_deliveries=0) if decides else spec


def hands_on(
    stage: str, react: Callable[[Port[F], Message, Reader], Reaction]
) -> Callable[[Port[F], Message, Reader], Reaction]:
    """Return what a filter does with an item it gives up: what it does with a result, marked.

    What the next filters get is sound for all this one knows. The name says, as it always does,
    by which filters the item has been, so that it goes on to the next.
    """

    def pass_through(port: Port[F], message: Message, own: Reader) -> Reaction:
        skipped = ",".join(filter(None, (message.header(UNFILTERED), stage)))
        kept = tuple(each for each in message.headers if each[0] != UNFILTERED)
        marked = replace(message, poison=False, headers=(*kept, (UNFILTERED, skipped)))
        reaction = react(port, marked, own)
        if not reaction.sends:
            return reaction
        what = f"{PASSED_THROUGH}: gives {message.id} up and hands it on as it came"
        return replace(reaction, note=what)

    return pass_through


class Breaker:
    """Stands between a filter and its pipe, and lets nothing more through once it is open.

    Args:
        source: Where items come from: a receiver, or what stands before one.
    """

    def __init__(self, source: Source) -> None:
        self._open = False
        self._source = source

    async def next(self) -> Delivery | None:
        """Wait for the next item; None on a stop request, and once it is open."""
        return None if self._open else await self._source.next()

    async def settle(self, port: Port[Any], delivery: Delivery) -> bool:
        """Settle an item whose last attempt has failed and that is not handed on.

        If its filter is to halt, it opens; the last filter of all has nobody to hand it on to, and
        dead-letters it.

        Returns:
            False, and nothing is settled: the broker decides, or another attempt is left.
        """
        settings = port.settings
        decides = settings.on_fault is not OnFault.DEAD_LETTER
        if not decides or delivery.count < _last_attempt(settings):
            return False
        if settings.on_fault is OnFault.PASS_THROUGH:
            await delivery.reject(EXHAUSTED)
            return True
        self._open = True
        port.note(HALTED, delivery.message.id, f"failed {delivery.count} times")
        await delivery.abandon(failed=settings.gives_back is GivesBack.REJECT)
        return True
