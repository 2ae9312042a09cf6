"""What an API that issues tickets answers, from the call and the rows as they are."""

from __future__ import annotations

from typing import Any

from .exchanges import answer_to
from .kernel.events import NOTED
from .port import Message, Port, Row
from .tickets import SUCCEEDED, TERMINAL, Ticket


def gets_lost(port: Port[Any], answer: Message) -> bool:
    """Say whether an answer gets lost on its way; whether it does, its sender will not know."""
    if not port.strikes("lose-response", answer.conversation):
        return False
    port.note(NOTED, answer.id, f"lost-response: answers {answer.id}; it gets lost")
    return True


def respond(
    call: Message, status: Row, result: Row, *, now: float, retention: float, retry_after: float
) -> Message:
    """Return the answer to a call.

    Args:
        call: The call.
        status: The status resource it is about; of version 0 if there is none.
        result: The result; of version 0 if there is none.
        now: The present instant, in seconds.
        retention: How long status and result are kept after the end, in seconds; 0: for ever.
        retry_after: What a client is asked to wait before it polls, in seconds.
    """
    ticket = status.key
    method, path = call.header("method"), call.header("path")
    wait = ("retry-after", f"{retry_after:g}")
    state = ("state", status.state)
    if method == "POST" and call.header("invalid"):
        return answer_to(call, 400)
    if method == "POST" and status.version:
        return answer_to(call, 202, ticket, (("location", f"/st/{ticket}"), wait))
    if method == "POST":
        return answer_to(call, 200 if result.version else 503, ticket, (wait,))
    if not status.version:
        return answer_to(call, 404, ticket)
    if retention and status.state in TERMINAL and now > status.fields(Ticket).ended + retention:
        return answer_to(call, 410, ticket)
    if path.startswith("/res/"):
        return answer_to(call, 200 if result.version else 404, ticket)
    if method == "DELETE":
        return answer_to(call, 200 if status.state == "Cancelled" else 409, ticket, (state,))
    if status.state == SUCCEEDED:
        return answer_to(call, 303, ticket, (("location", f"/res/{ticket}"),))
    return answer_to(call, 200, ticket, (state, wait))
