"""What the picture of a supervised state store needs: rows, calls under way, scans, the lease."""

from __future__ import annotations

import copy

import msgspec

from .. import orders
from ..kernel.events import Event
from ..orders import Lease, Order, Scan, attempt_id
from ..records import Row

SHOWN = 60
"""Rows of the state store that are given to a view: those not finished, then the latest."""

REMEMBERED = 24
"""Moments of a row, and scans, that are remembered."""

LATEST = 12
"""Things that have just happened and are remembered for motion."""


def is_tasks(queue: str) -> bool:
    """Return whether agents take their tasks from a queue: the shared one, or one's own."""
    return queue == "tasks" or queue.startswith("tasks-")


class Moment(msgspec.Struct, frozen=True):
    """What a row came to, once.

    Attributes:
        t: When, in seconds.
        state: Its state from then on.
        end: When the claim that began then ends, in seconds; 0: none did.
        lost_to: What its claim was lost to, if one was; no row of the store says that.
    """

    t: float
    state: str
    end: float = 0.0
    lost_to: str = ""


class OrderView(msgspec.Struct, frozen=True):
    """One row of the state store.

    Attributes:
        key: Its key.
        state: Its state word.
        order: Its fields.
        since: When it came to its state, in seconds.
        writer: Who wrote it last.
        claimed: When its present claim began, in seconds; 0: it has none.
        seen: When a supervisor last gave it back or up, in seconds; below 0: never.
        past: What it has come to so far, oldest first.
    """

    key: str
    state: str
    order: Order
    since: float
    writer: str
    claimed: float = 0.0
    seen: float = -1.0
    past: tuple[Moment, ...] = ()


class CallView(msgspec.Struct, frozen=True):
    """A call a remote has taken.

    Attributes:
        name: The call.
        attempt: The attempt it is for.
        by: The remote that has it.
        taken: When it took it, in seconds.
        began: When work on it began, in seconds; below 0: not yet.
        takes: How long it takes, in seconds.
    """

    name: str
    attempt: str
    by: str
    taken: float
    began: float = -1.0
    takes: float = 0.0


class TaskView(msgspec.Struct, frozen=True):
    """What an agent is at.

    Attributes:
        attempt: The attempt.
        since: Since when, in seconds.
        until: The complete-by of its claim, in seconds.
        silent: When it went silent, in seconds; below 0: it has not.
    """

    attempt: str
    since: float
    until: float
    silent: float = -1.0


class WatchView(msgspec.Struct, frozen=True):
    """One supervisor.

    Attributes:
        name: Its name.
        alive: When its life, or its latest scan, began, in seconds.
        scanned: When it last scanned, in seconds; below 0: never.
        rows: How many rows it looked at.
        expired: How many of them had expired.
    """

    name: str
    alive: float
    scanned: float = -1.0
    rows: int = 0
    expired: int = 0


class NoteView(msgspec.Struct, frozen=True):
    """Something an actor took notice of.

    Attributes:
        t: When, in seconds.
        code: ``silent stale late-answer cut-off benched``.
        actor: Who.
        attempt: The attempt concerned.
    """

    t: float
    code: str
    actor: str
    attempt: str


class StoreView(msgspec.Struct, frozen=True):
    """The state store and those around it.

    Attributes:
        rows: The rows, in order of insertion.
        count: How many there are in all.
        calls: Calls that remotes have taken and not finished, oldest first.
        tasks: What each agent is at, by its name.
        watchers: The supervisors.
        lease: Who leads, and until when.
        charges: How often each order has been charged, latest last.
        notes: What was noted last, newest last.
        scans: When the store was scanned last, newest last, in seconds.
        claims: For each scheduler the rows it takes for its own, with the attempt of each.
    """

    rows: tuple[OrderView, ...]
    count: int
    calls: tuple[CallView, ...]
    tasks: dict[str, TaskView]
    watchers: tuple[WatchView, ...]
    lease: Lease
    charges: tuple[tuple[str, int, str], ...]
    notes: tuple[NoteView, ...]
    scans: tuple[float, ...] = ()
    claims: dict[str, dict[str, str]] = {}


class StoreFold:
    """Folds events into a :class:`StoreView`."""

    def __init__(self) -> None:
        self.rows: dict[str, OrderView] = {}
        self.calls: dict[str, CallView] = {}
        self.tasks: dict[str, TaskView] = {}
        self.ends: dict[str, float] = {}
        self.watchers: dict[str, WatchView] = {}
        self.lease = Lease()
        self.charges: dict[str, tuple[str, int, str]] = {}
        self.notes: tuple[NoteView, ...] = ()
        self.scans: tuple[float, ...] = ()
        self.claims: dict[tuple[str, str], str] = {}

    def written(self, event: Event, lost_to: str = "") -> None:
        """Take a row that was written, and what its claim was lost to, if one was."""
        row = Row(event.message, event.text)
        if event.queue == orders.LEASES:
            self.lease = row.fields(Lease)
        elif event.queue == orders.CHARGES:
            times = row.fields(orders.Charge).times
            self.charges.pop(event.message, None)
            self.charges[event.message] = event.message, times, event.group
        elif event.queue == orders.SCANS:
            scan = row.fields(Scan)
            self.scans = (*self.scans, event.t)[-REMEMBERED:]
            self.watchers[event.actor] = WatchView(
                event.actor, event.t, event.t, scan.rows, scan.expired
            )
        elif event.queue == orders.TABLE:
            self._order(event, row.fields(Order), lost_to)

    def _order(self, event: Event, order: Order, lost_to: str) -> None:
        before = self.rows.get(event.message)
        seen = -1.0 if before is None else before.seen
        if event.actor in self.watchers:
            seen = event.t
        claimed = event.t if event.group == orders.PROCESSING else 0.0
        past = () if before is None else before.past
        end = order.complete_by if event.group == orders.PROCESSING else 0.0
        moment = Moment(event.t, event.group, end, lost_to)
        self.rows[event.message] = OrderView(
            event.message,
            event.group,
            order,
            event.t,
            event.actor,
            claimed,
            seen,
            (*past, moment)[-REMEMBERED:],
        )
        if claimed:
            name = attempt_id(event.message, order.attempt)
            self.ends[name] = order.complete_by
            self.claims[event.actor, event.message] = name
        else:
            self.claims = {of: name for of, name in self.claims.items() if of[1] != event.message}

    def began_life(self, event: Event) -> None:
        """Take an actor that starts, or starts again."""
        if event.text.startswith("supervisor "):
            old = self.watchers.get(event.actor, WatchView(event.actor, event.t))
            self.watchers[event.actor] = msgspec.structs.replace(old, alive=event.t)
        self.tasks.pop(event.actor, None)

    def died(self, event: Event) -> None:
        """Take an actor that died: what it had in its hands is gone."""
        self.tasks.pop(event.actor, None)
        self.calls = {name: call for name, call in self.calls.items() if call.by != event.actor}

    def delivered(self, event: Event) -> None:
        """Take a message in somebody's hands."""
        if event.queue == "calls":
            self.calls[event.message] = CallView(event.message, event.group, event.actor, event.t)
        elif is_tasks(event.queue):
            until = self.ends.get(event.group, 0.0)
            self.tasks[event.actor] = TaskView(event.group, event.t, until)

    def working(self, event: Event) -> None:
        """Take the beginning of a call's work."""
        call = self.calls.get(event.message)
        if call is not None:
            self.calls[event.message] = msgspec.structs.replace(
                call, began=event.t, takes=event.value
            )

    def finished(self, event: Event) -> None:
        """Take the end of a call or a task."""
        if event.queue == "calls":
            self.calls.pop(event.message, None)
        elif is_tasks(event.queue):
            task = self.tasks.get(event.actor)
            if task is not None and task.silent < 0:
                del self.tasks[event.actor]

    def noted(self, event: Event) -> None:
        """Take what an actor noticed."""
        code = event.text.partition(":")[0]
        note = NoteView(event.t, code, event.actor, event.message)
        self.notes = (*self.notes, note)[-LATEST:]
        task = self.tasks.get(event.actor)
        if code == "silent" and task is not None:
            self.tasks[event.actor] = msgspec.structs.replace(task, silent=event.t)

    def view(self) -> StoreView:
        """Return the frozen picture."""
        rows = list(self.rows.values())
        if len(rows) > SHOWN:
            done = [row for row in rows if row.state in {orders.PROCESSED, orders.ERROR}]
            dropped = {row.key for row in done[: len(rows) - SHOWN]}
            rows = [row for row in rows if row.key not in dropped][:SHOWN]
        return StoreView(
            tuple(rows), len(self.rows), tuple(self.calls.values()), dict(self.tasks),
            tuple(self.watchers.values()), self.lease, tuple(self.charges.values())[-SHOWN:],
            self.notes, self.scans, self._claims(),
        )  # fmt: skip

    def _claims(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for (actor, key), name in self.claims.items():
            found.setdefault(actor, {})[key] = name
        return found

    def copy(self) -> StoreFold:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.rows, twin.calls, twin.tasks = dict(self.rows), dict(self.calls), dict(self.tasks)
        twin.ends, twin.watchers = dict(self.ends), dict(self.watchers)
        twin.charges, twin.claims = dict(self.charges), dict(self.claims)
        return twin
