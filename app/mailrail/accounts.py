"""How it came that a guarantee broke: the end of its chain of causes, and what had gone wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.kernel.events import Event

from .blame import gone_wrong
from .frames import Account, LedgerRow

CHAIN: Final = 6
"""Links of a causal chain that are told; the earlier ones are counted."""


class Accounts:
    """Gives an account of every first breach of one run, each worked out once."""

    def __init__(self, events: Sequence[Event], tell: Callable[[Event], LedgerRow | None]) -> None:
        """Start with no account given.

        Args:
            events: Every event of the run.
            tell: Tells an event; None for the few that are not worth a line.
        """
        self._events = events
        self._tell = tell
        self._given: dict[tuple[str, int], Account] = {}

    def of(self, findings: Iterable[Finding]) -> tuple[Account, ...]:
        """Return one account for each guarantee that broke."""
        return tuple(self._account(each) for each in findings if not each.holds)

    def _account(self, finding: Finding) -> Account:
        end = finding.because[-1] if finding.because else 0
        key = finding.guarantee.name, end
        account = self._given.get(key)
        if account is None:
            chain = finding.because[-CHAIN:]
            what = "" if finding.first is None else finding.first.what
            account = self._given[key] = Account(
                finding.guarantee.name,
                self._rows(chain),
                len(finding.because) - len(chain),
                self._rows(gone_wrong(self._events, finding.because, what)) if end else (),
            )
        return account

    def _rows(self, numbers: Iterable[int]) -> tuple[LedgerRow, ...]:
        events = (self._events[n - 1] for n in numbers)
        return tuple(row for row in map(self._tell, events) if row is not None)
