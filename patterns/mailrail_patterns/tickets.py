"""The durable rows of a request that is worked on in the background."""

from __future__ import annotations

from typing import Final

import msgspec

from .messages import Message

STATUS: Final = "status"
RESULTS: Final = "results"
CHARGES: Final = "charges"
"""The tables: status resources, results, and what was taken from whom, by job."""

ACCEPTED: Final = "Accepted"
RUNNING: Final = "Running"
SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"
CANCELLED: Final = "Cancelled"
"""The states of a status resource."""

TERMINAL: Final = frozenset({SUCCEEDED, FAILED, CANCELLED})

RESERVED: Final = "Reserved"
CHARGED: Final = "Charged"
RELEASED: Final = "Released"
"""The states of a charge: set aside when the work begins, taken when it is done, or given back."""

JOB: Final = "-job"


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True):
    """A status resource.

    Attributes:
        request: The request it was issued for.
        key: The key that came with the request, heeded or not.
        post: The call that made it.
        attempt: Which attempt at the job is the latest; 0: none yet.
        ended: When it came to its end, in seconds; 0: it has not.
        error: What went wrong.
    """

    request: str
    key: str = ""
    post: str = ""
    attempt: int = 0
    ended: float = 0.0
    error: str = ""


class Charge(msgspec.Struct, frozen=True):
    """Money set aside or taken for one job; ``request`` and ``key`` say on whose behalf."""

    request: str
    key: str


class Result(msgspec.Struct, frozen=True):
    """What came of a job, kept for whoever asked."""

    request: str


def job_name(ticket: str) -> str:
    """Return the id of the job of a ticket."""
    return f"{ticket}{JOB}"


def ticket_of(job: str) -> str:
    """Return the ticket of a job by the job's name in its queue; empty if it is none."""
    bare = job.partition("~")[0]
    return bare.removesuffix(JOB) if bare.endswith(JOB) else ""


def key_of(request: Message) -> str:
    """Return the idempotency key of a request: its header, or one made from its id."""
    return request.header("key") or f"k{request.id.removeprefix('m')}"
