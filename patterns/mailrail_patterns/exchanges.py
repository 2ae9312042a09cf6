"""Calls and their answers as messages: what each is named, and what its name tells.

A call is named after the request it belongs to, its verb and its number: ``m01-post``,
``m01-poll3``. An answer is named after its call and its status: ``m01-poll3-303``. So whoever
reads events knows what belongs to what.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from .messages import Message

POST: Final = "post"
POLL: Final = "poll"
RESULT: Final = "result"
CANCEL: Final = "cancel"
REPLY: Final = "reply"
"""The verbs; a reply answers a request that travels through a queue of its own."""

MALFORMED: Final = 400
IMPOSSIBLE: Final = 422
BROKEN: Final = 500
"""What a reply says instead of a result: the request makes no sense, cannot be fulfilled, or its
handler has failed for the last time."""

_NAME = re.compile(
    r"(?P<request>.+?)(?:-life\d+)?-(?P<verb>post|poll|result|cancel|reply)(?P<number>\d*)"
    r"(?:-(?P<status>\d{3}))?(?:~\d+)?"
)


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """What the name of a call or of an answer tells.

    Attributes:
        request: The request it belongs to, as its client numbered it.
        verb: ``post poll result cancel reply``.
        call: The call itself; for an answer, the one it answers.
        status: The status of an answer, such as 202; 0: a call, or a reply without one.
        copy: Whether the queue had accepted a message of this name before.
    """

    request: str
    verb: str
    call: str
    status: int = 0
    copy: bool = False


def call_name(request: str, verb: str, number: int = 1, life: int = 1) -> str:
    """Return the name of a call.

    Args:
        request: The request it belongs to.
        verb: What it asks for.
        number: Which of its kind it is, from 1; the first of all but polls has none in its name.
        life: How often its sender has begun anew with the request, from 1.
    """
    again = f"-life{life}" if life > 1 else ""
    which = f"{number}" if number > 1 or verb == POLL else ""
    return f"{request}{again}-{verb}{which}"


def exchange_of(name: str) -> Exchange | None:
    """Return what a message's name tells; None if it is neither a call nor an answer."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    bare, _, copy = name.partition("~")
    status = found["status"]
    verb = found["verb"]
    call = bare.removesuffix(f"-{status}") if status else bare
    if verb == REPLY:
        call = found["request"]
    return Exchange(found["request"], verb, call, int(status or 0), bool(copy))


def answer_to(
    call: Message, status: int, ticket: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Message:
    """Return the answer to a call, as a message to its sender."""
    return Message(
        f"{call.id}-{status}", conversation=call.conversation, group=ticket, correlation=call.id,
        headers=(("status", f"{status}"), *headers),
    )  # fmt: skip


def reply_to(request: Message, status: int = 0) -> Message:
    """Return the reply to a request, as a message to its sender.

    Args:
        request: The request.
        status: Why there is no result; 0: there is one.
    """
    told = f"-{status}" if status else ""
    return Message(
        f"{request.id}-{REPLY}{told}", conversation=request.conversation, correlation=request.id,
        headers=(("status", f"{status}"),) if status else (),
    )  # fmt: skip
