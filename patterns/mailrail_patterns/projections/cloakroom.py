"""The cloakroom as a picture needs it: every locker, and who points at it."""

from __future__ import annotations

from itertools import islice

import msgspec

from ..claims import ENVELOPE
from .lockers import Locker, Lockers

SHOWN = 128
"""Lockers that are listed."""


class LockerView(msgspec.Struct, frozen=True):
    """One locker.

    Attributes:
        number: Its number, from 1.
        message: The message its payload belongs to.
        size: Bytes.
        state: ``live orphan settled gone``.
        since: When it was filled, in seconds.
        until: When its payload lapses, in seconds; 0: never.
        tickets: Subscribers that still wait for it.
        dead: Dead letters that point to it.
        left: Holders that have not released it, where references are counted; below 0: nobody
            counts.
        owner: Who filled it.
        reader: Who read it last.
        why: Why it is empty; empty text: it is not.
        moved: When something last happened to it, in seconds.
        act: What that was: ``stored fetched released removed lapsed altered``.
        altered: Whether somebody has altered what is in it.
    """

    number: int
    message: str
    size: int
    state: str
    since: float
    until: float
    tickets: int
    dead: int
    left: int
    owner: str
    reader: str
    why: str
    moved: float
    act: str
    altered: bool


class RefusalView(msgspec.Struct, frozen=True):
    """A message or a payload that was turned away.

    Attributes:
        message: The message.
        actor: Who wanted to send or put it.
        why: The reason, in the field's terms.
        size: Bytes; 0: not told.
        at: When, in seconds.
        count: How many have been by then.
    """

    message: str
    actor: str
    why: str
    size: int
    at: float
    count: int


class Cloakroom(msgspec.Struct, frozen=True):
    """The store and the bus.

    Attributes:
        lockers: Those that are in use, and those emptied last that somebody still points to.
        emptied: The lockers emptied last, newest last.
        count: How many are in use.
        size: Bytes stored.
        bus: Bytes the bus has carried.
        spared: Bytes of payload it would have had to carry.
        numbers: The locker of each message that is listed, newest.
        heavy: Bytes of those messages on the bus that carry their payload.
        refusal: What was turned away last; None: nothing yet.
    """

    lockers: tuple[LockerView, ...]
    emptied: tuple[LockerView, ...]
    count: int
    size: int
    bus: int
    spared: int
    numbers: dict[str, int]
    heavy: dict[str, int]
    refusal: RefusalView | None


def cloakroom(lockers: Lockers, bus: int, spared: int, refusal: RefusalView | None) -> Cloakroom:
    """Return the frozen picture of the lockers."""
    dangling = set(lockers.dangling())
    full = list(islice(lockers.stored.values(), SHOWN))
    empty = [each for each in lockers.emptied if each.message in dangling]
    shown = sorted((*empty, *full), key=lambda each: each.number)
    everything = (*lockers.emptied, *full)
    copies = (copy for each in lockers.tickets.copies.values() for copy in each.values())
    return Cloakroom(
        tuple(_view(lockers, each) for each in shown),
        tuple(_view(lockers, each) for each in lockers.emptied),
        len(lockers.stored),
        lockers.size,
        bus,
        spared,
        {each.message: each.number for each in sorted(everything, key=lambda e: e.number)},
        {each.name: each.size for each in islice(copies, SHOWN) if each.size > ENVELOPE},
        refusal,
    )


def _view(lockers: Lockers, locker: Locker) -> LockerView:
    owed = lockers.tickets.owed(locker.message)
    dead = sum(1 for ticket in lockers.tickets.of(locker.message) if ticket.dead)
    return LockerView(
        locker.number, locker.message, locker.size, lockers.state(locker), locker.since,
        locker.until, len({ticket.queue for ticket in owed}), dead, locker.left, locker.owner,
        locker.reader, locker.why, locker.moved, locker.act, locker.altered,
    )  # fmt: skip
