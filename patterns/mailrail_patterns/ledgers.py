"""A participant's ledger: every local transaction of a saga done, undone or kept at most once.

What may still be undone is *pending*. The row of a saga is the participant's own memory: it
answers again what it has answered before, and a mark left by undoing what was never done (a
tombstone) refuses the command that comes too late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec
from msgspec.structs import replace

from .port import Message, Outgoing, Port, Reaction, Reader, Row, Write

DO, UNDO, KEEP = "do", "undo", "keep"
DONE, NO, FAILED, REFUSED, BUSY = "done", "declined", "failed", "refused", "busy"
"""What a participant answers."""

PENDING, KEPT, RETURNED, TOMBSTONE = "pending", "kept", "returned", "tombstone"
AGAIN = "again"
LEDGER, SHELF, ITEM = "ledger", "shelf", "item"
NOTHING: Final = Reaction(effect=False)
ANSWERS: Final = {PENDING: DONE, KEPT: DONE, NO: NO, FAILED: FAILED}
"""What is answered to a command that was handled before, by the state of its row."""


class Entry(msgspec.Struct, frozen=True):
    """What a saga has done to one ledger: what its step added, and what undoing it added."""

    amount: int = 0
    back: int = 0


class Balance(msgspec.Struct, frozen=True):
    """What all sagas together have done to one ledger."""

    balance: int = 0


class Shelf(msgspec.Struct, frozen=True):
    """Where the items are."""

    free: int = 0
    reserved: int = 0
    sold: int = 0


class LedgerSettings(Protocol):
    """The settings a ledger obeys."""

    @property
    def idempotent(self) -> bool:
        """Answer again what was handled before, without effect."""
        ...

    @property
    def tombstones(self) -> bool:
        """Leave a mark when there is nothing to undo."""
        ...

    @property
    def semantic_lock(self) -> bool:
        """Do not decide on what is pending."""
        ...

    @property
    def items(self) -> int:
        """Items on the shelf at the start."""
        ...


class Ledger:
    """One participant's table, a row for each saga.

    Args:
        table: Its table, a row for each saga; it is also the name of its balance.
        amount: What its step adds.
        revocable: Whether, as the settings stand, what was done may still be undone.
        shelf: Whether it hands out items of which there are so many.
    """

    def __init__(
        self, table: str, amount: int, revocable: Callable[[Any], bool], *, shelf: bool = False
    ) -> None:
        self.table = table
        self.amount = amount
        self.shelf = shelf
        self._revocable = revocable

    def glance(self, port: Port[Any], message: Message, own: Reader) -> Reaction:
        """Say what needs no work: an answer given before, a refusal, or that it must wait."""
        settings: LedgerSettings = port.settings
        state = own.row(self.table, message.group).state
        match message.subject:
            case "do" if state in {RETURNED, TOMBSTONE}:
                note = f"tombstone: refuses {message.id}: it was undone before it came"
                return Reaction(sends=_answer(message, REFUSED), effect=False, note=note)
            case "do" if state and (settings.idempotent or state not in {PENDING, KEPT}):
                return Reaction(sends=_answer(message, ANSWERS[state], AGAIN), effect=False)
            case "do" if self.shelf and settings.semantic_lock and not state:
                shelf = self._shelf(own, settings)[1]
                if not shelf.free and shelf.reserved:
                    note = f"pending: lets {message.id} wait: the last item may still come back"
                    return Reaction(
                        sends=_answer(message, BUSY, message.header("entry")),
                        effect=False,
                        note=note,
                    )
            case "undo" if settings.idempotent and state in {RETURNED, TOMBSTONE}:
                return Reaction(sends=_answer(message, DONE, AGAIN), effect=False)
            case "keep" if settings.idempotent and state == KEPT:
                return Reaction(sends=_answer(message, DONE, AGAIN), effect=False)
        return NOTHING

    def react(self, port: Port[Any], message: Message, own: Reader) -> Reaction:
        """Carry out one command in one local transaction: all of it or nothing."""
        known = self.glance(port, message, own)
        if known.sends:
            return known
        row = own.row(self.table, message.group)
        act = {DO: self._do, UNDO: self._undo, KEEP: self._keep}[message.subject]
        reaction = act(port, message, own, row)
        if port.strikes("lose-reply", message.id):
            note = f"reply-lost: loses its answer to {message.id} on the way"
            return replace(reaction, sends=(), note=reaction.note or note)
        if port.strikes("duplicate-reply", message.id):
            return replace(reaction, sends=reaction.sends * 2)
        return reaction

    def gives_up(self, port: Port[Any], message: Message, own: Reader) -> Reaction:
        """Say that it cannot be done; so that it stays so, a step not done is marked."""
        row = own.row(self.table, message.group)
        writes: tuple[Write, ...] = ()
        if message.subject == DO and not row.state:
            writes = (Write(self.table, row.key, Entry(), FAILED, row.version),)
        note = f"gives-up: gives up on {message.id}"
        return Reaction(writes, _answer(message, FAILED), effect=False, note=note)

    # --- the three commands ---------------------------------------------------------------

    def _do(self, port: Port[Any], message: Message, own: Reader, row: Row) -> Reaction:
        settings: LedgerSettings = port.settings
        if port.strikes("decline", message.id):
            return self._declines(message, row, f"declined: says no to {message.id}")
        writes = self._entry(own, row, self.amount, 0, settings)
        if self.shelf:
            version, shelf = self._shelf(own, settings)
            if shelf.free <= 0:
                dirty = "dirty-read: says sold out of an item that is only reserved:"
                note = dirty if shelf.reserved else "sold-out: has no item left:"
                return self._declines(message, row, f"{note} {message.id}")
            shelf = replace(shelf, free=shelf.free - 1, reserved=shelf.reserved + 1)
            writes.append(Write(SHELF, ITEM, shelf, expected=version))
        return Reaction(tuple(writes), _answer(message, DONE))

    def _declines(self, message: Message, row: Row, note: str) -> Reaction:
        write = Write(self.table, row.key, Entry(), NO, row.version)
        return Reaction((write,), _answer(message, NO), effect=False, note=note)

    def _undo(self, port: Port[Any], message: Message, own: Reader, row: Row) -> Reaction:
        settings: LedgerSettings = port.settings
        if row.state not in {PENDING, KEPT, RETURNED}:
            writes: tuple[Write, ...] = ()
            if settings.tombstones and not row.state:
                books = self._entry(own, row, 0, 0, settings)
                writes = (replace(books[0], state=TOMBSTONE), books[1])
            note = f"null-compensation: finds nothing to undo for {message.id}"
            return Reaction(writes, _answer(message, DONE), effect=False, note=note)
        undone = self._entry(own, row, 0, -self.amount, settings)
        if self.shelf:
            version, shelf = self._shelf(own, settings)
            shelf = replace(shelf, free=shelf.free + 1, reserved=shelf.reserved - 1)
            undone.append(Write(SHELF, ITEM, shelf, expected=version))
        return Reaction(tuple(undone), _answer(message, DONE))

    def _keep(self, port: Port[Any], message: Message, own: Reader, row: Row) -> Reaction:
        if row.state != PENDING:
            return Reaction(sends=_answer(message, DONE), effect=False)
        writes = [Write(self.table, row.key, row.fields(Entry), KEPT, row.version)]
        if self.shelf:
            version, shelf = self._shelf(own, port.settings)
            shelf = replace(shelf, reserved=shelf.reserved - 1, sold=shelf.sold + 1)
            writes.append(Write(SHELF, ITEM, shelf, expected=version))
        return Reaction(tuple(writes), _answer(message, DONE), effect=False)

    def _entry(self, own: Reader, row: Row, amount: int, back: int, settings: Any) -> list[Write]:
        """Book on the saga's row and on the balance."""
        before, total = row.fields(Entry), own.row(LEDGER, self.table)
        entry = Entry(before.amount + amount, before.back + back)
        state = RETURNED if back else PENDING if self._revocable(settings) else KEPT
        balance = Balance(total.fields(Balance).balance + amount + back)
        return [
            Write(self.table, row.key, entry, state, row.version),
            Write(LEDGER, self.table, balance, expected=total.version),
        ]

    def _shelf(self, own: Reader, settings: LedgerSettings) -> tuple[int, Shelf]:
        row = own.row(SHELF, ITEM)
        return row.version, row.fields(Shelf) if row.version else Shelf(free=settings.items)


def _answer(message: Message, word: str, mark: str = "") -> tuple[Outgoing, ...]:
    """Answer a command; the id follows from the command's, and is another one each time it must.

    An answer given again is no copy of the first: whoever asked again has to hear it.
    """
    name = "-".join(filter(None, (message.id, word, mark)))
    reply = Message(name, group=message.group, subject=word, correlation=message.id)
    return (Outgoing(message.reply_to, reply),)
