"""The rows of a state store: who works on an order, until when, and how often it went wrong."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from .records import Row

TABLE: Final = "orders"
"""Table: one row an order (or a refund), the only truth there is about it."""

LEASES: Final = "leases"
"""Table: who leads the supervisors, and until when."""

ALERTS: Final = "alerts"
"""Table: the alerts that have been raised, so that none is raised twice."""

SCANS: Final = "scans"
"""Table: each supervisor's latest scan; whoever asks who watches the watchers looks here."""

AGENTS: Final = "agents"
"""Table: the agents that have signed in, where schedulers pick them."""

CHARGES: Final = "charges"
"""Table of the remote service: what it has done to whom."""

LEADER: Final = "supervisor"
"""Row of the lease on being the leading supervisor."""

NO_TIME: Final = 0.0
"""Stands where there is no instant to be told."""

ANY_TIME: Final = -1.0
"""Stands for whatever time the service takes."""

LATE: Final = 5e-7
"""An instant this little after another is the same, in seconds: half a step of the time grid."""

PENDING: Final = "Pending"
PROCESSING: Final = "Processing"
PROCESSED: Final = "Processed"
ERROR: Final = "Error"
CHARGED: Final = "charged"
REFUNDED: Final = "refunded"

CHARGE: Final = "charge"
REFUND: Final = "refund"

DONE: Final = "done"
DECLINED: Final = "declined"
UNAVAILABLE: Final = "unavailable"
OUTCOME: Final = "outcome"
"""Header of an answer or a reply, and what may be in it."""

OPERATOR: Final = "operator"
"""Role of the person who is paged; nobody else may reopen an order in Error."""


class Remedy(enum.Enum):
    """What the supervisor does about a claim that came to nothing."""

    RETRY = "retry"
    WAIT = "wait"
    COMPENSATE = "compensate"
    OPERATOR = "operator"


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of the state store.

    Attributes:
        order: The order it is about; a refund is a row of its own.
        task: What the remote service is to do: ``charge`` or ``refund``.
        locked_by: The scheduler that has claimed it; empty: nobody.
        complete_by: When its claim ends, in seconds.
        failures: Claims that came to nothing.
        attempt: Number of the latest claim; with the row's key the attempt's id.
        due: When it may be claimed, in seconds.
        work: Service time it needs, in seconds; below 0: whatever the service takes.
        poison: The service refuses it, every time.
        agent: Whom the latest claim was given to; empty: whoever was free.
        tried: Whom the claims before it were given to and came to nothing, since all that are
            there have been asked.
    """

    order: str = ""
    task: str = CHARGE
    locked_by: str = ""
    complete_by: float = NO_TIME
    failures: int = 0
    attempt: int = 0
    due: float = NO_TIME
    work: float = ANY_TIME
    poison: bool = False
    agent: str = ""
    tried: tuple[str, ...] = ()


class Lease(msgspec.Struct, frozen=True):
    """Who leads, and until when.

    Attributes:
        holder: The leading supervisor.
        until: When the lease ends unless it is renewed, in seconds.
    """

    holder: str = ""
    until: float = 0.0


class Scan(msgspec.Struct, frozen=True):
    """One scan of the state store.

    Attributes:
        rows: How many rows were looked at.
        expired: How many of them were past their complete-by.
    """

    rows: int = 0
    expired: int = 0


class Charge(msgspec.Struct, frozen=True):
    """What the remote service did to one order.

    Attributes:
        times: How often it charged; more than once is money taken twice.
    """

    times: int = 0


def last_deadline(rows: Callable[[str], Sequence[Row]]) -> float:
    """Return until when something is still to come by the rows alone, in seconds.

    A claim ends, whoever is alive; then whoever leads looks at it, or whoever can lead once the
    lease of a dead one is over. A row that was given back may be claimed when it is due.

    Args:
        rows: Returns the rows of a table.
    """
    last = NO_TIME
    lease = max((each.fields(Lease).until for each in rows(LEASES)), default=NO_TIME)
    for row in rows(TABLE):
        if row.state == PROCESSING:
            last = max(last, row.fields(Order).complete_by, lease)
        elif row.state == PENDING:
            last = max(last, row.fields(Order).due)
    return last


def attempt_id(key: str, attempt: int) -> str:
    """Return the id of an attempt: the row's key and the number of its claim."""
    return f"{key}-{attempt}"


def attempt_of(name: str) -> tuple[str, int]:
    """Return row and number of the attempt a message is of, told from its name alone.

    Names are the attempt's id and perhaps a word behind it: ``m01-2``, ``m01-2-reply~2``.
    """
    parts = name.partition("~")[0].split("-")
    for index in range(len(parts) - 1, 0, -1):
        if parts[index].isdecimal():
            return "-".join(parts[:index]), int(parts[index])
    return name, 0
