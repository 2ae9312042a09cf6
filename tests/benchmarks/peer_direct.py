"""A leasing queue that hands a message straight to who waits for one, on whatever kernel."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from .peer_events import Message
from .peer_model import LeaseQueue

Waiting = TypeVar("Waiting")


class DirectQueue(LeaseQueue, Generic[Waiting]):
    """Never are there both ready messages and waiting consumers.

    Attributes:
        ready: Messages nobody waits for.
        waiting: Consumers, as the kernel knows them, for whom there is no message.
    """

    ready: deque[Message]
    waiting: deque[Waiting]

    def put(self, message: Message) -> None:
        """Hand it over, or keep it at the tail."""
        if self.waiting:
            self.hand_over(message)
        else:
            self.ready.append(message)

    def put_back(self, message: Message) -> None:
        """Hand it over, or keep it at the head."""
        if self.waiting:
            self.hand_over(message)
        else:
            self.ready.appendleft(message)

    def hand_over(self, message: Message) -> None:
        """Give a message to the first that waits."""
        raise NotImplementedError
