"""The append-only record of a run, and its digest."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import msgspec

from .events import Event

LINES: Final = 1024
"""Events that are encoded at a time for the digest."""

Watcher = Callable[[Event], None]


class Journal:
    """Events in the order in which they happened.

    Watchers are called with each event of the kinds they asked for, at once: a violated
    guarantee is found at the event that breaks it, not at the next frame.

    Attributes:
        events: Those that are kept: all of them, unless some have been forgotten.
        now: The present instant, in seconds.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._last = 0
        self.now = 0.0
        self._watchers: defaultdict[str, list[Watcher]] = defaultdict(list)
        self._hash = hashlib.sha256()
        self._hashed = 0
        self._encoder = msgspec.json.Encoder()

    def watch(self, kind: str, watcher: Watcher) -> None:
        """Call ``watcher`` with every later event of ``kind``."""
        self._watchers[kind].append(watcher)

    def emit(
        self,
        kind: str,
        actor: str = "",
        queue: str = "",
        message: str = "",
        delivery: int = 0,
        cause: int = 0,
        token: int = 0,
        until: float = 0.0,
        value: float = 0.0,
        text: str = "",
        group: str = "",
        conversation: str = "",
        size: int = 0,
        sequence: int = 0,
    ) -> int:
        """Append an event at the present instant and return its number."""
        self._last = n = self._last + 1
        event = Event(
            n, self.now, kind, actor, queue, message, delivery, cause,
            token, until, value, text, group, conversation, size, sequence,
        )  # fmt: skip
        self.events.append(event)
        for watcher in self._watchers[kind]:
            watcher(event)
        return n

    def forget(self) -> None:
        """Drop the events so far; later ones are numbered as if they were still there.

        Only for a run that nobody looks back in: there is no digest of it.
        """
        self.events.clear()

    def digest(self, upto: int | None = None) -> str:
        """Return the SHA-256 over the canonical encoding of the first ``upto`` events, as hex.

        The encoding is one JSON object a line, fields in declaration order, defaults omitted.
        Hashing the whole journal again and again costs only what has been added since.
        """
        end = len(self.events)
        if upto is not None and upto < end:
            part = hashlib.sha256()
            self._feed(part, 0, upto)
            return part.hexdigest()
        self._feed(self._hash, self._hashed, end)
        self._hashed = end
        return self._hash.hexdigest()

    def _feed(self, digest: hashlib._Hash, start: int, end: int) -> None:
        """Encode a good many lines at a time: there may be a hundred thousand."""
        encode, events = self._encoder.encode_lines, self.events
        for index in range(start, end, LINES):
            digest.update(encode(events[index : min(index + LINES, end)]))
