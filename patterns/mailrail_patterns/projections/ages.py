"""Which of many comings and goings has been there longest."""

from __future__ import annotations

import heapq


class Ages:
    """Members with the instant each counts from; answers the oldest in logarithmic time."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._since)

    def add(self, name: str, since: float) -> None:
        """Add a member that counts from ``since`` seconds."""
        self._since[name] = since
        heapq.heappush(self._heap, (since, name))
        if len(self._heap) > 2 * len(self._since) + 64:
            self._heap = [(t, n) for n, t in self._since.items()]
            heapq.heapify(self._heap)

    def discard(self, name: str) -> None:
        """Take a member away; harmless if it is none."""
        self._since.pop(name, None)

    def oldest(self) -> float | None:
        """Return the instant the oldest member counts from; None if there is none."""
        heap, since = self._heap, self._since
        while heap and since.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def copy(self) -> Ages:
        """Return an independent copy."""
        twin = Ages()
        twin._since = dict(self._since)
        twin._heap = list(self._heap)
        return twin
