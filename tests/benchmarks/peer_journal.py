"""The journal every leasing peer keeps, judged as it grows."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from .peer_events import Clock, JournalEvent
from .peer_judge import Judge

DIGEST_CHUNK = 8192


class PeerResult(NamedTuple):
    """What one run produced.

    Attributes:
        events: How many events the journal holds.
        completed: How many messages were completed.
        violations: How many judgements failed.
    """

    events: int
    completed: int
    violations: int


class Journal:
    """Every event of a run, judged as it is appended."""

    __slots__ = ("clock", "events", "judge", "n")

    def __init__(self, clock: Clock) -> None:
        """Open an empty journal; ``clock`` gives the time of each event."""
        self.clock = clock
        self.events: list[JournalEvent] = []
        self.judge = Judge()
        self.n = 0

    def record(
        self,
        kind: str,
        actor: str,
        queue: str,
        message: int,
        delivery: int,
        cause: int,
        unfinished: int,
        until: float = 0.0,
        conversation: int = 0,
    ) -> int:
        """Append one event, judge it and return its number.

        Args:
            kind: What happened.
            actor: Who did it.
            queue: The queue it happened on.
            message: The message it happened to.
            delivery: Which delivery of the message, or 0 before the first.
            cause: The number of the event before it in its chain, or 0.
            unfinished: How many messages the queue has that are not finished.
            until: When a lease ends, in seconds.
            conversation: The conversation of a message that is sent.
        """
        n = self.n = self.n + 1
        event = JournalEvent(
            n, self.clock.now, kind, actor, queue, message, delivery, cause, until, conversation
        )
        self.events.append(event)
        self.judge.observe(event, unfinished)
        return n

    def result(self) -> PeerResult:
        """Sum the run up."""
        return PeerResult(
            events=len(self.events),
            completed=sum(ledger.completed for ledger in self.judge.ledgers.values()),
            violations=len(self.judge.closing()),
        )

    def digest(self) -> str:
        """Return the SHA-256 of the journal as JSON lines, in hexadecimal."""
        encode = msgspec.json.Encoder().encode_lines
        digest = hashlib.sha256()
        for start in range(0, len(self.events), DIGEST_CHUNK):
            digest.update(encode(self.events[start : start + DIGEST_CHUNK]))
        return digest.hexdigest()
