"""A participant's ledger: every local transaction of a saga done, undone or kept at most once.

What may still be undone is *pending*. The row of a saga is the participant's own memory: it
answers again what it has answered before, and a mark left by undoing what was never done (a
tombstone) refuses the command that comes too late.

Other sagas change its balance meanwhile, and the price. So a command says what to add, and does
not bring a balance to be written back; and what a saga has read is looked at again. A saga whose
value does not call for it (see :mod:`.worth`) neither waits for what is pending nor looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from .ledger_rows import DEARER, Balance, Entry, LedgerSettings, Shelf, at_price
from .log import PRICE, READ
from .port import Message, Outgoing, Port, Reaction, Reader, Row, Write
from .worth import amount_of, goes_quickly

DO, UNDO, KEEP = "do", "undo", "keep"
DONE, NO, FAILED, REFUSED, BUSY = "done", "declined", "failed", "refused", "busy"
"""What a participant answers."""

PENDING, KEPT, RETURNED, TOMBSTONE = "pending", "kept", "returned", "tombstone"
"""States of a saga's row.

A tombstone is the *version file* of a command and what undoes it: the undoing that came first is
recorded on the row, so the command, when it comes, is handled as if it had come before it. The
two of them together leave nothing, in whatever order they arrive; there is nothing else here
whose order of arrival matters.
"""
AGAIN = "again"
LEDGER, SHELF, ITEM = "ledger", "shelf", "item"
NOTHING: Final = Reaction(effect=False)
ANSWERS: Final = {PENDING: DONE, KEPT: DONE, NO: NO, FAILED: FAILED}
"""What is answered to a command that was handled before, by the state of its row."""


class Ledger:
    """One participant's table, a row for each saga.

    Args:
        table: Its table, a row for each saga; it is also the name of its balance.
        amount: What its step adds.
        revocable: Whether, as the settings stand, what was done may still be undone.
        shelf: Whether it hands out items of which there are so many.
        account: Whether a saga may read its balance and bring it back, changed.
        priced: The ledgers that go by the price, in the order in which a saga comes to them; all
            but the first can look whether it is still the one that the saga has read.
    """

    def __init__(
        self, table: str, amount: int, revocable: Callable[[Any], bool], *, shelf: bool = False,
        account: bool = False, priced: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.table = table
        self.amount = amount
        self.shelf = shelf
        self._account = account
        self._priced, self._rereads = table in priced, table in priced[1:]
        self._revocable = revocable

    def glance(self, port: Port[Any], message: Message, own: Reader) -> Reaction:
        """Say what needs no work: an answer given before, a refusal, or that it must wait."""
        settings: LedgerSettings = port.settings
        row = own.row(self.table, message.group)
        state = row.state
        match message.subject:
            case "read":
                return self._read(settings, message, own)
            case "do" if state in {RETURNED, TOMBSTONE}:
                note = f"tombstone: refuses {message.id}: it was undone before it came"
                return Reaction(sends=_answer(message, REFUSED), effect=False, note=note)
            case "do" if state and (settings.idempotent or state not in {PENDING, KEPT}):
                again = _answer(message, ANSWERS[state], AGAIN, told=_priced(row.fields(Entry)))
                return Reaction(sends=again, effect=False)
            case "do" if self._waits(settings, message) and not state:
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

    def _read(self, settings: LedgerSettings, message: Message, own: Reader) -> Reaction:
        """Tell the balance; with the semantic lock, not while another saga may undo its part."""
        rows = own.rows(self.table)
        pending = [row.key for row in rows if row.state == PENDING and row.key != message.group]
        name, whose, note = message.id, " and ".join(pending), ""
        if pending and settings.semantic_lock and not goes_quickly(message):
            note = f"pending: lets {name} wait: what {whose} booked may still be undone"
            again = _answer(message, BUSY, message.header("entry"))
            return Reaction(sends=again, effect=False, note=note)
        if pending:
            note = f"dirty-read: tells {name} a balance with what {whose} may still undo"
        known = ((READ, str(own.row(LEDGER, self.table).fields(Balance).balance)),)
        return Reaction(sends=_answer(message, DONE, told=known), effect=False, note=note)

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
        price = self._price(port, message)
        now, read = at_price(self.amount, price), at_price(self.amount, _read_price(message))
        note = ""
        if self._rereads and now != read:
            if settings.reread and not goes_quickly(message):
                why = f"{abs(read)} when it was read, {abs(now)} now"
                return self._declines(
                    message, row, f"price-changed: says no to {message.id}: {why}"
                )
            note = f"fuzzy-read: books {now:+d} where the price read was {abs(read)}: {message.id}"
        before = row.fields(Entry)
        entry = Entry(before.amount + now, before.back, price)
        state = PENDING if self._revocable(settings) else KEPT
        writes, lost = self._books(own, row, message, settings, entry, state)
        if self.shelf:
            version, shelf = self._shelf(own, settings)
            if shelf.free <= 0:
                dirty = "dirty-read: says sold out of an item that is only reserved:"
                note = dirty if shelf.reserved else "sold-out: has no item left:"
                return self._declines(message, row, f"{note} {message.id}")
            shelf = replace(shelf, free=shelf.free - 1, reserved=shelf.reserved + 1)
            writes.append(Write(SHELF, ITEM, shelf, expected=version))
        told = _priced(entry) if self._priced else ()
        return Reaction(tuple(writes), _answer(message, DONE, told=told), note=note or lost)

    def _declines(self, message: Message, row: Row, note: str) -> Reaction:
        write = Write(self.table, row.key, Entry(), NO, row.version)
        return Reaction((write,), _answer(message, NO), effect=False, note=note)

    def _undo(self, port: Port[Any], message: Message, own: Reader, row: Row) -> Reaction:
        settings: LedgerSettings = port.settings
        if row.state not in {PENDING, KEPT, RETURNED}:
            writes: tuple[Write, ...] = ()
            if settings.tombstones and not row.state:
                writes = tuple(self._books(own, row, message, settings, Entry(), TOMBSTONE)[0])
            note = f"null-compensation: finds nothing to undo for {message.id}"
            return Reaction(writes, _answer(message, DONE), effect=False, note=note)
        entry = row.fields(Entry)
        entry = replace(entry, back=entry.back - at_price(self.amount, entry.price))
        undone, lost = self._books(own, row, message, settings, entry, RETURNED)
        if self.shelf:
            version, shelf = self._shelf(own, settings)
            shelf = replace(shelf, free=shelf.free + 1, reserved=shelf.reserved - 1)
            undone.append(Write(SHELF, ITEM, shelf, expected=version))
        return Reaction(tuple(undone), _answer(message, DONE), note=lost)

    def _keep(self, port: Port[Any], message: Message, own: Reader, row: Row) -> Reaction:
        if row.state != PENDING:
            return Reaction(sends=_answer(message, DONE), effect=False)
        writes = [Write(self.table, row.key, row.fields(Entry), KEPT, row.version)]
        if self.shelf:
            version, shelf = self._shelf(own, port.settings)
            shelf = replace(shelf, reserved=shelf.reserved - 1, sold=shelf.sold + 1)
            writes.append(Write(SHELF, ITEM, shelf, expected=version))
        return Reaction(tuple(writes), _answer(message, DONE), effect=False)

    def _books(
        self, own: Reader, row: Row, message: Message, settings: LedgerSettings, entry: Entry,
        state: str,
    ) -> tuple[list[Write], str]:  # fmt: skip
        """Book on the saga's row and on the balance; say what others lose by it, if they do."""
        before, total = row.fields(Entry), own.row(LEDGER, self.table)
        was, now = before.amount + before.back, entry.amount + entry.back
        balance, note = total.fields(Balance).balance, ""
        read = message.header(READ) if self._account and not settings.commutative else ""
        if read and now != was:
            if balance != int(read) + was:
                note = (
                    f"lost-update: writes {int(read) + now:+d} over {balance:+d}, which it has "
                    f"not read: {message.id}"
                )
            balance = int(read) + now
        else:
            balance += now - was
        writes = [
            Write(self.table, row.key, entry, state, row.version),
            Write(LEDGER, self.table, Balance(balance), expected=total.version),
        ]
        return writes, note

    def _waits(self, settings: LedgerSettings, message: Message) -> bool:
        """Return whether a command waits for an item that may come back."""
        return self.shelf and settings.semantic_lock and not goes_quickly(message)

    def _price(self, port: Port[Any], message: Message) -> int | UnsetType:
        """Return the price of an order as it is now, where it is not the usual one."""
        if not self._priced:
            return UNSET
        amount = amount_of(message)
        if not port.suffers("price-change"):
            return amount
        return (abs(self.amount) if amount is UNSET else amount) + DEARER

    def _shelf(self, own: Reader, settings: LedgerSettings) -> tuple[int, Shelf]:
        row = own.row(SHELF, ITEM)
        return row.version, row.fields(Shelf) if row.version else Shelf(free=settings.items)


def _read_price(message: Message) -> int | UnsetType:
    text = message.header(PRICE)
    return int(text) if text else amount_of(message)


def _priced(entry: Entry) -> tuple[tuple[str, str], ...]:
    return () if entry.price is UNSET else ((PRICE, str(entry.price)),)


def _answer(
    message: Message, word: str, mark: str = "", told: tuple[tuple[str, str], ...] = ()
) -> tuple[Outgoing, ...]:
    """Answer a command; the id follows from the command's, and is another one each time it must.

    An answer given again is no copy of the first: whoever asked again has to hear it.
    """
    name = "-".join(filter(None, (message.id, word, mark)))
    reply = Message(name, group=message.group, subject=word, correlation=message.id, headers=told)
    return (Outgoing(message.reply_to, reply),)
