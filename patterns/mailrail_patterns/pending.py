"""Faults that wait for their next occurrence, and how often each of them will still strike."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .kernel import events as kind
from .kernel.journal import Journal


class Waiting(msgspec.Struct):
    """A fault that waits.

    Attributes:
        n: Number of the event with which it began to.
        left: How often it will still strike.
    """

    n: int
    left: int


class Pending:
    """What was injected and has not happened yet, by fault and by what it is for.

    Attributes:
        waiting: What waits; the hot path looks at this alone, which is empty as a rule.
    """

    def __init__(self, journal: Journal) -> None:
        self.waiting: dict[tuple[str, str], Waiting] = {}
        self._emit = journal.emit

    def add(self, fault: str, target: str, times: int, n: int) -> None:
        """Let a fault strike so many times (more) that what it is for occurs.

        Args:
            fault: The fault.
            target: The actor or message it is for; empty: the next one.
            times: How often.
            n: Number of the event that tells of it.
        """
        self.waiting.setdefault((fault, target), Waiting(n, 0)).left += times

    def holds(self, faults: Iterable[str]) -> bool:
        """Say whether any of these faults waits."""
        return bool(self.waiting) and any(fault in faults for fault, _ in self.waiting)

    def strike(
        self, fault: str, targets: Iterable[str], actor: str, message: str, cause: int
    ) -> int:
        """Let a fault strike if it waits for this, and tell so.

        Args:
            fault: The fault.
            targets: What it may be for, here and now; the first for which one waits counts.
            actor: Whom it strikes.
            message: The message concerned; may be empty.
            cause: Number of the event that led there.

        Returns:
            The number of the event that tells of it; 0: none waits.
        """
        for target in targets:
            found = self.waiting.get((fault, target))
            if found is not None:
                found.left -= 1
                if not found.left:
                    del self.waiting[fault, target]
                return self._emit(
                    kind.STRUCK, actor, message=fault, cause=cause, token=found.n,
                    value=float(found.left), group=message,
                )  # fmt: skip
        return 0

    def drop(self, fault: str, target: str) -> bool:
        """Take back what waits of a fault for a target, empty: for any; say whether some did."""
        found = [each for each in self.waiting if each[0] == fault and target in ("", each[1])]
        for each in found:
            del self.waiting[each]
        return bool(found)
