"""Durable state: the store, and the world outside that handlers change."""

from __future__ import annotations


class InMemoryStore:
    """A durable table. It survives every crash of a participant."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Return the value, or None."""
        return self.rows.get(key)

    async def put(self, key: str, value: str) -> None:
        """Insert or replace."""
        self.rows[key] = value

    async def put_if_absent(self, key: str, value: str) -> bool:
        """Insert under a unique constraint; False if the key was there."""
        if key in self.rows:
            return False
        self.rows[key] = value
        return True


class Outside:
    """What handlers did to the world, and the inbox markers committed with it.

    A marker is written in the transaction of the effect, under a unique constraint on the
    message id (insert if absent, never check then set), and is kept for the whole run.

    Attributes:
        inbox: Message ids whose effect was applied with a marker.
    """

    def __init__(self) -> None:
        self.inbox: set[str] = set()

    def apply(self, message: str, *, once: bool) -> bool:
        """Apply the effect of a message; with ``once``, only if there is no marker."""
        if once:
            if message in self.inbox:
                return False
            self.inbox.add(message)
        return True
