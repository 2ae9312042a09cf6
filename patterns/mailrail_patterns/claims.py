"""Payloads that stay in a store while only a claim to them travels."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from .messages import Message
from .records import Outgoing

ENVELOPE = 300
"""Bytes of a message besides its payload: what a ticket weighs."""

TICKET = ("claim", "bytes", "digest", "visible", "inline")
"""The application properties a ticket consists of."""


class Answer(enum.Enum):
    """What the payload store says to a reader."""

    FOUND = "Found"
    NOT_FOUND = "PayloadNotFound"
    FORBIDDEN = "PayloadForbidden"
    UNAVAILABLE = "StoreUnavailable"


class Claim(msgspec.Struct, frozen=True):
    """What a sender knows of a payload, and what a ticket says of it.

    Attributes:
        token: Opaque, and not to be guessed: it tells nothing of what it claims.
        message: Id of the message the payload belongs to.
        size: Bytes.
        digest: Hash of the payload.
    """

    token: str
    message: str
    size: int
    digest: str


def ticket(message: Message, claim: Claim, visible: float, *, inline: bool = False) -> Message:
    """Return the message that travels instead of a payload.

    A claim it carried before, to what it was made from, is replaced.

    Args:
        message: The message with everything else it has to say.
        claim: What it claims.
        visible: From when every reader of the store finds the payload, in seconds.
        inline: The payload travels inside as well, and the message keeps its size.
    """
    headers = (
        *(pair for pair in message.headers if pair[0] not in TICKET),
        ("claim", claim.token), ("bytes", str(claim.size)),
        ("digest", claim.digest), ("visible", f"{visible:.6f}"),
        ("inline", "yes" if inline else ""),
    )  # fmt: skip
    return replace(message, size=message.size if inline else ENVELOPE, headers=headers)


def claim_of(message: Message) -> Claim | None:
    """Return what a message claims; None if there is nothing in the store for it."""
    token = message.header("claim")
    if not token:
        return None
    return Claim(token, message.id, int(message.header("bytes")), message.header("digest"))


class Stored(msgspec.Struct, frozen=True):
    """A payload as the store lists it.

    Attributes:
        token: What it is claimed with.
        size: Bytes.
        since: When it became durable, in seconds.
        visible: From when every reader finds it, in seconds: a store that is eventually
            consistent needs a while.
    """

    token: str
    size: int
    since: float
    visible: float


Tells = Callable[[Stored], Outgoing]
"""Makes, of a payload that is durable now, what the store sends to whom."""


class Fetched(msgspec.Struct, frozen=True):
    """What came of an attempt to read a payload.

    Attributes:
        answer: What the store said.
        digest: Hash of what was read; empty: nothing was.
    """

    answer: Answer
    digest: str = ""


class Payloads(Protocol):
    """A durable store for what is too large for the bus.

    While it is down a call comes back unanswered; nobody waits for it.
    """

    def claim(self, message: str, size: int) -> Claim:
        """Return a claim, its token drawn from this actor's own chance, to a payload.

        Args:
            message: Id of the message the payload belongs to.
            size: Its bytes.
        """
        ...

    def put(
        self,
        claim: Claim,
        *,
        tenant: str = "",
        ttl: float = 0.0,
        holders: Sequence[str] = (),
        tells: Tells | None = None,
    ) -> Awaitable[Stored | None]:
        """Make a payload durable; put again, what is there is left as it is.

        Args:
            claim: What it will be claimed with.
            tenant: Whose it is; nobody else is given it.
            ttl: Time to live in the store, in seconds; 0: for ever.
            holders: Who will need it, where references are counted.
            tells: What the store sends of it, and where to, in the same step: the payload is
                durable and its event is on its way, or neither.

        Returns:
            Its entry; None, and nothing is stored, if the store cannot be reached.
        """
        ...

    def get(
        self, claim: Claim, *, tenant: str = "", remove: bool = False, wait: bool = True
    ) -> Awaitable[Fetched]:
        """Read a payload.

        Args:
            claim: What it is claimed with.
            tenant: On whose behalf.
            remove: Delete it as it is read.
            wait: Wait for word that it is deleted.
        """
        ...

    def delete(self, claim: Claim | Stored, why: str, *, wait: bool = True) -> Awaitable[bool]:
        """Delete a payload; with ``wait``, answer whether it was there and now is gone."""
        ...

    def release(
        self, claim: Claim, holder: str, holders: Sequence[str], *, wait: bool = True
    ) -> Awaitable[None]:
        """Say that one of its holders needs a payload no longer; the last one's word deletes it.

        Args:
            claim: The payload.
            holder: Who needs it no longer; said twice, it counts once.
            holders: Everybody who may need it by now, besides those known when it was put.
            wait: Wait for the store's answer.
        """
        ...

    def stored(self) -> Awaitable[Sequence[Stored] | None]:
        """Return everything that is stored, the oldest first; None if it cannot be told."""
        ...
