"""The state store as a table: who has claimed what, until when, and how often it went wrong."""

from __future__ import annotations

from typing import Final, NamedTuple

from mailrail_patterns import orders
from mailrail_patterns.projections.supervised import OrderView

from . import bars, figures, glyphs
from .paper import Paper

STATES: Final[dict[str, tuple[str, str]]] = {
    orders.PENDING: ("○", "ready"),
    orders.PROCESSING: ("●", "held"),
    orders.PROCESSED: (glyphs.DONE, "done"),
    orders.ERROR: (glyphs.DEAD, "dead"),
}
"""Sign and ink of a row's state."""

FULL: Final = 68
"""Columns from which the table has all its columns."""

BAR: Final = 8
"""Columns of a countdown."""


class Rules(NamedTuple):
    """What of the settings the table depends on.

    Attributes:
        claim: How long a claim lasts, in seconds.
        period: Time between two scans, in seconds.
        allowed: Failures until an order is given up.
    """

    claim: float
    period: float
    allowed: int


class Spots(NamedTuple):
    """Where the columns of the table begin.

    Attributes:
        state: The state word.
        owner: Who has claimed it.
        until: The complete-by and its countdown.
        failures: The failures.
        end: The column after the table.
    """

    state: int
    owner: int
    until: int
    failures: int
    end: int


def spots(width: int) -> Spots:
    """Lay the columns out; what room there is beyond the least goes to the countdown."""
    spare = max(0, min(width - 78, 24))
    state = 12 if width >= FULL + 6 else 8
    owner = state + 14
    until = owner + 13 + spare // 4
    return Spots(state, owner, until, width - 10, width)


def overdue(row: OrderView, now: float) -> float:
    """Return for how long a claim has been over without anybody having looked, in seconds."""
    if row.state != orders.PROCESSING:
        return 0.0
    return max(0.0, now - row.order.complete_by)


def chosen(rows: tuple[OrderView, ...], room: int, now: float) -> list[OrderView]:
    """Return the rows there is room for: what is not finished first, then what changed last."""

    def rank(row: OrderView) -> tuple[int, float]:
        if overdue(row, now):
            return 0, row.order.complete_by
        if row.state in {orders.PENDING, orders.PROCESSING}:
            return 1, row.since
        return 2, -row.since

    kept = {row.key for row in sorted(rows, key=rank)[: max(0, room)]}
    return [row for row in rows if row.key in kept]


def draw_head(paper: Paper, y: int, at: Spots, count: int) -> None:
    """Draw the names of the columns."""
    paper.put(1, y, "STORE", "text+bold")
    paper.fit(at.state, y, "state", at.owner - at.state - 1, "faint")
    paper.fit(at.owner, y, "locked by", at.until - at.owner - 1, "faint")
    paper.fit(at.until, y, "complete by", at.failures - at.until - 1, "faint")
    paper.fit(at.failures, y, "failures", at.end - at.failures, "faint")
    if count:
        paper.fit(7, y, figures.count(count), at.state - 8, "faint")


def draw_row(
    paper: Paper,
    y: int,
    row: OrderView,
    at: Spots,
    rules: Rules,
    now: float,
    *,
    owners: int,
    chosen: bool,
) -> None:
    """Draw one row; with more than one owner something has gone wrong."""
    late = overdue(row, now)
    sign, ink = STATES.get(row.state, ("?", "faint"))
    quiet = row.state == orders.PROCESSED
    paper.fit(1, y, row.key, at.state - 2, "selected+bold" if chosen else _tone(quiet))
    paper.fit(at.state, y, f"{sign} {row.state}", at.owner - at.state - 1,
              "broken+bold" if late else f"{ink}+bold" if not quiet else ink)  # fmt: skip
    wrong, owner = owners > 1, row.order.locked_by
    paper.fit(at.owner, y, f"{glyphs.WARN if wrong else ''}{owner or '–'}", at.until - at.owner - 1,
              "broken+bold" if wrong else "text" if owner else "faint")  # fmt: skip
    _draw_until(paper, y, row, at, rules, now)
    _draw_failures(paper, y, row, at, rules)
    paper.zone(y, 0, at.end, "row", f"{orders.TABLE}/{row.key}")


def _tone(quiet: bool) -> str:
    return "faint" if quiet else "text+bold"


def _draw_until(paper: Paper, y: int, row: OrderView, at: Spots, rules: Rules, now: float) -> None:
    x, order = at.until, row.order
    room = at.failures - x - 1
    late = overdue(row, now)
    if row.state == orders.PENDING:
        back = f"given back at {figures.clock(row.seen)}" if row.seen >= 0 else "waits"
        if order.due > now:
            back = f"claimable in {figures.left(order.due - now)}"
        paper.fit(x, y, back, room, "warn" if row.seen >= 0 else "faint")
        return
    if row.state != orders.PROCESSING:
        what = "done" if row.state == orders.PROCESSED else "given up"
        tries = f", attempt {order.attempt}" if order.attempt > 1 else ""
        text = f"{what} at {figures.clock(row.since)}{tries}"
        paper.fit(x, y, text, room, "faint" if row.state == orders.PROCESSED else "dead")
        return
    x = paper.put(x, y, f"{figures.clock(order.complete_by)} ", "broken+bold" if late else "text")
    bar = min(BAR + max(0, room - 30), room - (x - at.until) - 7)
    if late:
        word = f"expired {figures.brief(late)}"
        bar = min(bar, room - (x - at.until) - len(word) - 1)
        if bar >= 3:
            bars.grow(paper, x, y, bar, late / rules.period if rules.period else 1.0, "broken")
            x += bar + 1
        paper.fit(x, y, word, at.failures - x - 1, "broken+bold")
        return
    left = order.complete_by - now
    if bar >= 3:
        bars.drain(paper, x, y, bar, left / rules.claim if rules.claim else 0.0, "held")
        x += bar + 1
    paper.fit(x, y, figures.left(left), at.failures - x - 1)


def _draw_failures(paper: Paper, y: int, row: OrderView, at: Spots, rules: Rules) -> None:
    failures, room = row.order.failures, at.end - at.failures
    if rules.allowed <= 3:
        marks = "✗" * min(failures, rules.allowed) + "·" * max(0, rules.allowed - failures)
        x = paper.fit(at.failures, y, marks, room, "warn+bold" if failures else "lane") + 1
    else:
        x = at.failures
    ink = "dead+bold" if row.state == orders.ERROR else "warn+bold" if failures else "faint"
    paper.fit(x, y, f"{failures}/{rules.allowed}", at.end - x, ink)
