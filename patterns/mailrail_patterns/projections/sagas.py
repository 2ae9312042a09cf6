"""Metrics of sagas: how they end, how long the world is inconsistent, what saved it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..ledger_gaps import Gaps
from ..ledger_rows import Balance, Entry, Shelf
from ..ledgers import LEDGER, PENDING, SHELF
from ..log import (
    COMMITTED,
    COMPENSATED,
    COMPENSATING,
    COMPLETED,
    LOG,
    NEEDS_HUMAN,
    OPEN,
    Saga,
    taken_apart,
)
from ..worth import QUICK, worth_of
from .measures import Handler, Measure, Meter, Number, tidy
from .saga_scene import LogMark, SagaScene
from .samples import Sampled, Samples
from .tracking import Tracked, begun, marked, moved_on

SHOWN: Final = 24
"""Sagas the picture is given."""
TAIL: Final = 24
"""Entries of the log it is given."""
CODES: Final = {
    "dirty-read": "dirty_reads",
    "lost-update": "lost_updates",
    "fuzzy-read": "fuzzy_reads",
    "price-changed": "rereads_refused",
    "null-compensation": "null_compensations",
    "tombstone": "late_commands_refused",
    "late": "late_answers",
    "forgotten": "forgotten_answers",
    "stale-timer": "stale_timeouts",
    "second-start": "second_starts",
    "pending": "waits_for_pending",
}
"""Which count each note adds to."""
READS: Final = frozenset({"dirty_reads", "fuzzy_reads"})
"""What an order of little value may do."""


class SagaMeter(Meter):
    """Sagas by state, their times, and what the safeguards caught."""

    measures = (
        Measure("started", "sagas begun", "sagas"),
        Measure("running", "sagas under way", "sagas"),
        Measure("completed_sagas", "sagas that did everything", "sagas", -1),
        Measure("compensated", "sagas that were undone", "sagas"),
        Measure("needs_human", "sagas that a human has to look at", "sagas", 1),
        Measure("compensation_rate", "share of ended sagas that were undone"),
        Measure("compensation_max", "longest time it took to undo a saga", "s", 1),
        Measure("step_p50", "median time from intent to answer of a step", "s", 1),
        Measure("step_p95", "95th percentile of that time", "s", 1),
        Measure("retries_after_pivot", "steps past the pivot tried again", "", 1),
        Measure("inconsistent_for", "time ledgers were ahead of their saga's end", "s", 1),
        Measure("pending_locks", "ledger rows that may still be undone", "rows"),
        Measure("pending_age", "age of the oldest of them", "s", 1),
        Measure("left_held", "ledger rows a saga left behind that did not complete", "rows", 1),
        Measure("dirty_reads", "decisions on what was only pending", "", 1),
        Measure("lost_updates", "balances written over what others had added", "", 1),
        Measure("unaccounted", "what balances are wrong by, over all ledgers", "", 1),
        Measure("fuzzy_reads", "steps that found another price than an earlier one", "", 1),
        Measure("accepted", "dirty and fuzzy reads of orders whose value calls for no care"),
        Measure("turnover", "what the completed sagas were worth when ordered", "EUR", -1),
        Measure("rereads_refused", "steps refused because what had been read was not so any more"),
        Measure("waits_for_pending", "times a command had to wait for what was pending"),
        Measure("null_compensations", "times there was nothing to undo"),
        Measure("late_commands_refused", "commands refused by a tombstone"),
        Measure("late_answers", "answers nobody waited for any more"),
        Measure("forgotten_answers", "answers whose saga died with a memory", "", 1),
        Measure("stale_timeouts", "timeouts that found the answer had come"),
        Measure("second_starts", "starts that found their saga begun"),
        Measure("dedup_hits", "messages the inbox kept from a second effect"),
        Measure("recovery_time", "longest from an orchestrator's crash to the next entry", "s", 1),
        Measure("last_end_at", "when a saga last ended", "s"),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._sagas: dict[str, Tracked] = {}
        self._tally: dict[str, int] = {}
        self._turnover = 0
        self._counts = dict.fromkeys(
            (*CODES.values(), "accepted", "dedup_hits", "retries_after_pivot"), 0
        )
        self._held: dict[tuple[str, str], int] = {}
        self._pending: dict[tuple[str, str], float] = {}
        self._first: dict[str, float] = {}
        self._log: tuple[LogMark, ...] = ()
        self._entries = 0
        self._steps = Samples()
        self._asked = 0
        self._undone_in = self._inconsistent = 0.0
        self._crashed: float | None = None
        self._recovery: float | None = None
        self._ended: float | None = None
        self._shelf = Shelf()
        self._gaps = Gaps()
        self._fuzzy: tuple[str, ...] = ()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of rows, notes and crashes."""
        return {
            kind.STATE: self._written,
            kind.NOTED: self._noted,
            kind.EFFECT_SKIPPED: self._skipped,
            kind.ABANDONED: self._abandoned,
            kind.CRASHED: self._died,
        }

    def _written(self, event: Event) -> None:
        if event.queue == LOG:
            self._logged(event)
        elif event.queue == SHELF:
            self._shelf = msgspec.json.decode(event.text, type=Shelf)
        elif event.queue == LEDGER:
            balance = msgspec.json.decode(event.text, type=Balance).balance
            self._gaps.balance(event.message, balance)
        else:
            self._booked(event)

    def _logged(self, event: Event) -> None:
        saga, key, t = msgspec.json.decode(event.text, type=Saga), event.message, event.t
        for text in saga.entry.split(", "):
            self._entries += 1
            self._log = (*self._log[1 - TAIL :], LogMark(self._entries, t, key, text))
        if self._crashed is not None:
            took = t - self._crashed
            self._recovery = took if self._recovery is None else max(self._recovery, took)
            self._crashed = None
        before = self._sagas.get(key)
        if before is None or saga.entry.startswith("start"):
            before = begun(saga, t)
        else:
            self._tally[before.state] -= 1
        now = moved_on(before, saga, event.group, t)
        self._sagas[key] = now
        self._tally[event.group] = self._tally.get(event.group, 0) + 1
        for name, since in before.awaited.items():
            if name not in saga.awaited and "-" not in name:
                self._steps.append(t - since)
        self._asked += sum(1 for name in now.awaited.keys() - before.awaited if "-" not in name)
        if event.group == COMMITTED and saga.asked > before.saga.asked:
            self._counts["retries_after_pivot"] += len(saga.awaited)
        if event.group not in OPEN:
            self._ends(key, before, event)

    def _ends(self, key: str, before: Tracked, event: Event) -> None:
        self._ended = event.t
        if event.group == COMPLETED:
            self._turnover += worth_of(before.saga.amount)
        if event.group == COMPENSATED and before.state == COMPENSATING:
            self._undone_in = max(self._undone_in, event.t - before.turned)
        if key in self._first:
            self._inconsistent += event.t - self._first.pop(key)

    def _booked(self, event: Event) -> None:
        entry, key = msgspec.json.decode(event.text, type=Entry), event.message
        place = (event.queue, key)
        self._gaps.book(*place, entry.amount + entry.back)
        if entry.amount + entry.back:
            self._held[place] = entry.amount + entry.back
            tracked = self._sagas.get(key)
            if tracked is None or tracked.state in OPEN:
                self._first.setdefault(key, event.t)
        else:
            self._held.pop(place, None)
        if event.group == PENDING:
            self._pending.setdefault(place, event.t)
        else:
            self._pending.pop(place, None)

    def _noted(self, event: Event) -> None:
        name = CODES.get(event.text.partition(":")[0])
        if name is None:
            return
        self._counts[name] += 1
        reader = self._sagas.get(taken_apart(event.message)[0]) if name in READS else None
        if reader is not None and reader.saga.way == QUICK:
            self._counts["accepted"] += 1
        if name == "fuzzy_reads":
            self._fuzzy = (*self._fuzzy[1 - SHOWN :], event.message)

    def _skipped(self, event: Event) -> None:
        self._counts["dedup_hits"] += 1

    def _abandoned(self, event: Event) -> None:
        key, name = taken_apart(event.message)
        tracked = self._sagas.get(key)
        if tracked is not None and tracked.state == COMMITTED and name in tracked.saga.awaited:
            self._counts["retries_after_pivot"] += 1

    def _died(self, event: Event) -> None:
        if event.actor.startswith("orchestrator") and self._crashed is None:
            self._crashed = event.t

    def _left(self) -> int:
        ended = {COMPENSATED, NEEDS_HUMAN, "Abandoned"}
        return sum(
            1 for _, key in self._held if key in self._sagas and self._sagas[key].state in ended
        )

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        tally = {state: number for state, number in self._tally.items() if number}
        ended = sum(number for state, number in tally.items() if state not in OPEN)
        undone = tally.get(COMPENSATED, 0)
        open_for = sum(now - since for since in self._first.values())
        oldest = min(self._pending.values(), default=None)
        values: dict[str, Number] = {
            "started": len(self._sagas),
            "running": len(self._sagas) - ended,
            "completed_sagas": tally.get(COMPLETED, 0),
            "compensated": undone,
            "needs_human": tally.get(NEEDS_HUMAN, 0),
            "compensation_rate": tidy(undone / ended) if ended else None,
            "compensation_max": tidy(self._undone_in),
            "step_p50": self._steps.percentile(0.50),
            "step_p95": self._steps.percentile(0.95),
            "inconsistent_for": tidy(self._inconsistent + open_for),
            "pending_locks": len(self._pending),
            "pending_age": None if oldest is None else tidy(now - oldest),
            "left_held": self._left(),
            "turnover": self._turnover,
            "unaccounted": sum(abs(missing) for missing in self._gaps.missing.values()),
            "recovery_time": None if self._recovery is None else tidy(self._recovery),
            "last_end_at": self._ended,
            **self._counts,
        }
        return {measure.name: values[measure.name] for measure in self.measures}

    def sampled(self) -> Iterable[Sampled]:
        """Return how long steps took: one for each that was asked for and is awaited no more."""
        awaited = sum("-" not in name for each in self._sagas.values() for name in each.awaited)
        return (Sampled("step", self._steps.length, self._asked - awaited, "steps that ended"),)

    def scene(self, now: float) -> SagaScene:
        """Return the latest sagas, step by step, and the tail of the log."""
        keys = list(self._sagas)
        settings = self._settings()
        shown = tuple(marked(key, self._sagas[key], settings) for key in keys[-SHOWN:])
        shelf = (self._shelf.free, self._shelf.reserved, self._shelf.sold)
        tally = tuple((state, number) for state, number in self._tally.items() if number)
        missing = tuple((table, by) for table, by in self._gaps.missing.items() if by)
        hidden = len(keys) - len(shown)
        return SagaScene(shown, hidden, self._log, shelf, tally, missing, self._fuzzy)

    def copy(self) -> SagaMeter:
        """Return an independent copy."""
        twin = copy.copy(self)
        for name in ("_sagas", "_tally", "_counts", "_held", "_pending", "_first"):
            setattr(twin, name, dict(getattr(self, name)))
        twin._steps = self._steps.copy()
        twin._gaps = self._gaps.copy()
        return twin


__all__ = ["SagaMeter"]
