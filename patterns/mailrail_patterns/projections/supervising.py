"""Metrics of a supervised state store: how long failures stay unseen, and what they cost."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from .. import orders
from ..kernel import events as kind
from ..kernel.events import Event
from ..orders import LATE, Lease, Order, Scan
from ..records import Row
from . import repairs
from .measures import Handler, Measure, Meter, Number, tidy
from .supervised import StoreFold, StoreView, is_tasks

ENDED = frozenset({orders.PROCESSED, orders.ERROR})
"""States in which nobody works on an order any more."""


class Supervising(Meter):
    """What became of the rows, how soon failures were noticed, and what came too late."""

    measures = (
        Measure("pending", "rows that wait to be claimed", "rows"),
        Measure("processing", "rows that are claimed", "rows"),
        Measure("processed", "rows that are done", "rows", -1),
        Measure("errors", "rows that were given up", "rows", 1),
        Measure("claims", "claims in all: attempts at an order"),
        Measure("attempts_mean", "claims an order took that is done", "", 1),
        Measure("failures", "claims that came to nothing and were counted", "", 1),
        Measure("early_steals", "claims taken away before their complete-by", "", 1),
        Measure("detection_lag_max", "longest an expired row waited to be noticed", "s", 1),
        Measure("detection_lag_mean", "mean of that", "s", 1),
        Measure("overdue", "rows past their complete-by that nobody has looked at", "rows", 1),
        Measure("overdue_longest", "how long the oldest of them has been", "s", 1),
        *repairs.MEASURES,
        Measure("task_wait_max", "longest a task waited for its agent", "s", 1),
        Measure("task_wait_mean", "mean of that", "s", 1),
        Measure("silent", "agents that went silent at a complete-by"),
        Measure("stale_replies", "replies and answers that came too late and were dropped"),
        Measure("absorbed", "charges the idempotency key kept from being made twice"),
        Measure("overcharged", "orders charged more than once", "orders", 1),
        Measure("alerts", "alerts raised", "", 1),
        Measure("scans", "scans of the state store"),
        Measure("rows_scanned", "rows looked at in all scans: what scanning costs", "rows"),
        Measure("lease_changes", "times another supervisor took the lead"),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._store = StoreFold()
        self._states = dict.fromkeys(
            (orders.PENDING, orders.PROCESSING, orders.PROCESSED, orders.ERROR), 0
        )
        self._counts = dict.fromkeys(
            ("claims", "failures", "early_steals", "silent", "stale_replies", "absorbed", "alerts",
             "scans", "rows_scanned", "lease_changes", "finished", "finished_claims"), 0,
        )  # fmt: skip
        self._lags: tuple[float, float, int] = (0.0, 0.0, 0)
        self._repairs = repairs.Repairs()
        self._waiting: dict[str, float] = {}
        self._waits: tuple[float, float, int] = (0.0, 0.0, 0)
        self._overcharged: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of rows, calls, notes and of who is down."""
        lives = (kind.SPAWNED, kind.RESTARTED, kind.RESUMED)
        ends = (
            kind.COMPLETED, kind.LOCK_EXPIRED, kind.LOCK_LOST, kind.EXPIRED, kind.DEAD_LETTERED,
            kind.SHELVED,
        )  # fmt: skip
        return {
            kind.STATE: self._written,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._store.working,
            kind.EFFECT_SKIPPED: self._absorbed,
            kind.NOTED: self._noted,
            kind.DROPPED: self._dropped,
            kind.CRASHED: self._fell,
            kind.PAUSED: self._fell,
            kind.STOPPED: self._fell,
            **dict.fromkeys(lives, self._rose),
            **dict.fromkeys(ends, self._store.finished),
        }

    def _rose(self, event: Event) -> None:
        self._repairs.rose(event)
        if event.kind != kind.RESUMED:
            self._store.began_life(event)

    def _fell(self, event: Event) -> None:
        self._repairs.fell(event)
        if event.kind != kind.PAUSED:
            self._store.died(event)

    def _sent(self, event: Event) -> None:
        if event.message.endswith("-alert"):
            self._counts["alerts"] += 1
        elif is_tasks(event.queue):
            self._waiting[event.message] = event.t
        elif event.message.endswith("-answer"):
            self._repairs.answered(event)

    def _dropped(self, event: Event) -> None:
        if event.text == "send lost":
            task = self._store.tasks.get(event.actor)
            self._repairs.dropped(event, task.attempt if task is not None else "")

    def _delivered(self, event: Event) -> None:
        if event.message in self._waiting and is_tasks(event.queue):
            wait = event.t - self._waiting.pop(event.message)
            total, longest, count = self._waits
            self._waits = total + wait, max(longest, wait), count + 1
        if event.queue == "calls" or is_tasks(event.queue):
            self._repairs.delivered(event, call=event.queue == "calls")
        self._store.delivered(event)

    def _absorbed(self, event: Event) -> None:
        self._counts["absorbed"] += 1

    def _noted(self, event: Event) -> None:
        code = event.text.partition(":")[0]
        if code in {"stale", "late-answer"}:
            self._counts["stale_replies"] += 1
        elif code == "silent":
            self._counts["silent"] += 1
        self._repairs.noted(event, code)
        self._store.noted(event)

    def _written(self, event: Event) -> None:
        row, why = Row(event.message, event.text), ""
        if event.queue == orders.TABLE:
            why = self._order(event, row.fields(Order))
        elif event.queue == orders.SCANS:
            self._counts["scans"] += 1
            self._counts["rows_scanned"] += row.fields(Scan).rows
        elif event.queue == orders.LEASES:
            holder = self._store.lease.holder
            self._counts["lease_changes"] += holder not in {"", row.fields(Lease).holder}
        elif event.queue == orders.CHARGES and row.fields(orders.Charge).times > 1:
            self._overcharged.add(event.message)
        self._store.written(event, why)

    def _order(self, event: Event, order: Order) -> str:
        """Count what a row came to; return what its claim was lost to, if it was."""
        before = self._store.rows.get(event.message)
        if before is not None:
            self._states[before.state] -= 1
        self._states[event.group] += 1
        if event.group == orders.PROCESSING:
            self._counts["claims"] += 1
            self._repairs.claimed(event, order)
        if before is None:
            return ""
        lost = order.failures > before.order.failures
        why = self._failed(event, before.order) if lost else ""
        if event.group in ENDED and event.group != before.state:
            self._repairs.ended(event, done=event.group == orders.PROCESSED)
        if event.group == orders.PROCESSED and before.state != orders.PROCESSED:
            self._counts["finished"] += 1
            self._counts["finished_claims"] += order.attempt
        return why

    def _failed(self, event: Event, old: Order) -> str:
        self._counts["failures"] += 1
        if not old.complete_by:
            return ""
        lag = event.t - old.complete_by
        if lag <= LATE:
            self._counts["early_steals"] += 1
        else:
            total, longest, count = self._lags
            self._lags = total + lag, max(longest, lag), count + 1
        return self._repairs.failed(event, old)

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        counts = self._counts
        ages = [
            now - row.order.complete_by
            for row in self._store.rows.values()
            if row.state == orders.PROCESSING and row.order.complete_by < now - LATE
        ]
        total, longest, seen = self._lags
        waits, longest_wait, tasks = self._waits
        values: dict[str, Number] = {
            "pending": self._states[orders.PENDING],
            "processing": self._states[orders.PROCESSING],
            "processed": self._states[orders.PROCESSED],
            "errors": self._states[orders.ERROR],
            "attempts_mean": repairs.mean(counts["finished_claims"], counts["finished"]),
            "detection_lag_max": tidy(longest) if seen else None,
            "detection_lag_mean": repairs.mean(total, seen),
            "task_wait_max": tidy(longest_wait) if tasks else None,
            "task_wait_mean": repairs.mean(waits, tasks),
            "overdue": len(ages),
            "overdue_longest": tidy(max(ages, default=0.0)),
            "overcharged": len(self._overcharged),
            **self._repairs.values(),
        }
        return {m.name: values.get(m.name, counts.get(m.name, 0)) for m in self.measures}

    def scene(self, now: float) -> StoreView:
        """Return the rows, calls, scans and the lease for the picture."""
        return self._store.view()

    def copy(self) -> Supervising:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._store = self._store.copy()
        twin._states, twin._counts = dict(self._states), dict(self._counts)
        twin._repairs, twin._waiting = self._repairs.copy(), dict(self._waiting)
        twin._overcharged = set(self._overcharged)
        return twin
