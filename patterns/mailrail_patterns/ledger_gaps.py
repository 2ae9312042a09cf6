"""How far the balance of a ledger is from what its sagas have booked on it."""

from __future__ import annotations


class Gaps:
    """Adds up what is booked, ledger by ledger, beside the balances that participants write."""

    def __init__(self) -> None:
        self._net: dict[tuple[str, str], int] = {}
        self._booked: dict[str, int] = {}
        self.missing: dict[str, int] = {}
        """What the balance of each ledger is wrong by."""

    def book(self, table: str, key: str, net: int) -> None:
        """Take down what a saga has on a ledger now, all in all."""
        before = self._net.get((table, key), 0)
        self._net[table, key] = net
        self._booked[table] = self._booked.get(table, 0) + net - before

    def balance(self, table: str, balance: int) -> bool:
        """Take down the balance of a ledger; True if it is wrong by something else than before.

        It comes after what was booked in the same transaction.
        """
        missing = balance - self._booked.get(table, 0)
        moved = missing != self.missing.get(table, 0)
        self.missing[table] = missing
        return moved and missing != 0

    def copy(self) -> Gaps:
        """Return an independent copy."""
        twin = Gaps()
        twin._net, twin._booked = dict(self._net), dict(self._booked)
        twin.missing = dict(self.missing)
        return twin
