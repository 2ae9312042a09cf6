"""The settings that the shared handler obeys: service time, locks, and the safeguards."""

from __future__ import annotations

from typing import Protocol

from .quantities import Distribution
from .retries import RetrySettings


class HandlerSettings(RetrySettings, Protocol):
    """The settings the shared handler obeys."""

    @property
    def idempotent(self) -> bool:
        """Look in the inbox first; mark it in the transaction of the effect."""
        ...

    @property
    def renewal(self) -> bool:
        """Renew the lock while working, well before it runs out."""
        ...

    @property
    def lock(self) -> float:
        """Length of a lock, in seconds."""
        ...

    @property
    def prefetch(self) -> int:
        """Messages held at a time."""
        ...

    @property
    def service(self) -> Distribution:
        """Service time, in seconds."""
        ...
