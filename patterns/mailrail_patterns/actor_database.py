"""The shared database, as one process sees it."""

from __future__ import annotations

from .broker.database import Database
from .broker.receiver import InMemoryDelivery
from .kernel.events import CONTENDED
from .kernel.journal import Journal
from .kernel.process import Process
from .port import Delivery


class ActorDatabase:
    """Connects on behalf of one process; implements :class:`~mailrail_patterns.port.Database`."""

    __slots__ = ("_database", "_journal", "_process")

    def __init__(self, process: Process, database: Database, journal: Journal) -> None:
        self._process = process
        self._database = database
        self._journal = journal

    @property
    def shared(self) -> bool:
        """Whether there is one that could be short of connections."""
        return self._database.limit > 0 or self._database.down

    async def connect(self, delivery: Delivery) -> None:
        """Wait for a connection; whoever has to says so."""
        database, process = self._database, self._process
        if database.full():
            held: InMemoryDelivery = delivery  # type: ignore[assignment]
            self._journal.emit(
                CONTENDED, process.name, held.queue, held.name, held.count, process.cause,
                held.token, 0.0, database.queue + 1, group=held.message.group,
            )  # fmt: skip
        await database.enter(process)

    def close(self) -> None:
        """Give the connection back."""
        self._database.leave(self._process)
