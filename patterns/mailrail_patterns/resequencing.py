"""The resequencer: what comes before its turn is set aside until what is missing has come.

It stands between a consumer's receiver and its handler (Hohpe and Woolf, *Enterprise Integration
Patterns*: Resequencer) and goes by the numbers that the producer gave the messages of a group.
What it sets aside stays in the queue, deferred, to be fetched by name; which names, and whose
turn it is, is written in the row of the group. So both survive the consumer that did it, and
whoever has the lane next goes on from there.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Protocol, TypeVar

from msgspec.structs import replace

from .kernel.events import NOTED
from .port import Delivery, Message, Port, Reaction, Reader, Receiver, Row, Write
from .progress import PROGRESS, Progress
from .quantities import on_grid
from .queue_settings import Knob

TOO_LATE, BUFFER_FULL = "TooLate", "BufferFull"
"""Why a message is dead-lettered: nobody waited for it any more; nothing more is set aside."""

GIVEN_UP, MISSING = "given-up", "gap"
"""Codes of what is noted: that a number is waited for no longer; that one is missing."""


class Gap(enum.Enum):
    """What is done about a number that is missing for too long."""

    SKIP = "skip"
    ALERT = "alert"


GapTimeout = Annotated[float, Knob("how long a missing number is waited for; 0 = for ever", "s")]
GapPolicy = Annotated[
    Gap, Knob("a number missing for so long: go on without it, or raise an alert and wait")
]
GapBuffer = Annotated[int, Knob("messages of a group set aside at most", "messages", 1, 100_000)]


class SequenceSettings(Protocol):
    """The settings the resequencer obeys."""

    @property
    def by_number(self) -> bool:
        """Whether consumers go by the numbers of messages.

        Without a lock on the group nobody could tell a number that is missing from one that is
        in somebody else's hands.
        """
        ...

    @property
    def gap_timeout(self) -> float:
        """How long a missing number is waited for, in seconds; 0: for ever."""
        ...

    @property
    def gap_policy(self) -> Gap:
        """What is done then."""
        ...

    @property
    def gap_buffer(self) -> int:
        """Messages of a group that are set aside at most."""
        ...

    @property
    def lock(self) -> float:
        """Length of a lock, in seconds."""
        ...


S = TypeVar("S", bound=SequenceSettings)


class Resequencer:
    """Hands over the numbered messages of each group in the order of their numbers.

    A number that is missing for too long is given up, or an alert is raised, as the settings
    say; so is it when there is no room to set one more aside. What comes after it was given up
    is dead-lettered. What has no number passes, and so does what comes again.
    """

    def __init__(self, port: Port[S], receiver: Receiver) -> None:
        self._port = port
        self._receiver = receiver
        self._group = ""
        self._wake = 0.0
        self._watches = False

    async def next(self) -> Delivery | None:
        """Wait for the next message whose turn it is; None on a stop request."""
        clock = self._port.clock
        while True:
            for row in await self._to_be_looked_at():
                delivery = await self._released(row)
                if delivery is not None:
                    return delivery
            patience = max(0.0, self._wake - clock.now) if self._at_work else None
            delivery = await self._receiver.next(patience)
            if delivery is None:
                if self._port.stopping or patience is None or clock.now < self._wake:
                    return None
                continue
            delivery = await self._admitted(delivery)
            if delivery is not None:
                return delivery

    @property
    def _at_work(self) -> bool:
        """Whether there is something to see to; switched off, there is what was set aside."""
        return self._port.settings.by_number or self._watches

    async def _to_be_looked_at(self) -> Sequence[Row]:
        """Return the row of the group at hand; from time to time all, for who has died meanwhile.

        Whoever has set something aside may be dead before it fetches it. Its lane is free once
        the lock has run out, so that is how often all groups are looked at.
        """
        port = self._port
        if not self._at_work:
            return ()
        if port.clock.now >= self._wake:
            self._wake = port.clock.after(port.settings.lock)
            self._watches = False
            return await port.store.rows(PROGRESS)
        return (await port.store.read(PROGRESS, self._group),) if self._group else ()

    async def _released(self, row: Row) -> Delivery | None:
        """Fetch what was set aside and has its turn now, or is waited for no longer."""
        progress, settings = row.fields(Progress), self._port.settings
        if not progress.waiting:
            return None
        self._watches = True
        name, number = progress.first()
        gap = settings.by_number and number > progress.next
        if gap and not self._overdue(progress):
            return None
        if not await self._receiver.accept(row.key):
            return None  # who holds the lane sees to it
        if gap and await self._receiver.peek() is not None:
            return None  # nothing is missing as long as it may be in the lane
        if gap and settings.gap_policy is Gap.ALERT:
            await self._change(row.key, lambda now: replace(now, alerted=True))
            self._alert(row.key, progress)
            return None
        delivery = await self._receiver.deferred(name)
        left = await self._change(row.key, lambda now: now.without(name))
        if delivery is None:
            return await self._released(left)
        self._group = row.key
        if gap:
            await self._pass_over(row.key, number)
        return delivery

    def _overdue(self, progress: Progress) -> bool:
        """Say whether the number that a group waits for has been waited for long enough."""
        port, settings = self._port, self._port.settings
        if not settings.gap_timeout or progress.alerted:
            return False
        due = on_grid(progress.since + settings.gap_timeout)
        if port.clock.now < due:
            self._wake = min(self._wake, due)
            return False
        return True

    async def _admitted(self, delivery: Delivery) -> Delivery | None:
        """Return a message if it has its turn; set it aside if it has not."""
        message, name = delivery.message, delivery.name
        settings, number = self._port.settings, message.sequence
        self._group = message.group
        if not number or not settings.by_number:
            return delivery
        row = await self._port.store.read(PROGRESS, message.group)
        progress = row.fields(Progress)
        if number in progress.given_up:
            await delivery.reject(TOO_LATE)
            return None
        if number <= progress.next:
            return delivery
        full = name not in progress.waiting and len(progress.waiting) >= settings.gap_buffer
        if full and settings.gap_policy is Gap.ALERT:
            self._alert(message.group, progress)
            await delivery.reject(BUFFER_FULL)
        else:
            await self._set_aside(delivery, now=self._port.clock.now)
            if full:
                first = (await self._read(message.group)).first()
                await self._pass_over(message.group, first[1])
        return None

    async def _set_aside(self, delivery: Delivery, now: float) -> None:
        """Note that a message is set aside, then set it aside: a crash between loses nothing."""
        group, name, number = delivery.message.group, delivery.name, delivery.message.sequence
        self._watches = True
        await self._change(group, lambda before: before.aside(name, number, now))
        await delivery.defer()
        if name not in (await self._read(group)).waiting:  # who looked for it in between
            await self._change(group, lambda before: before.aside(name, number, now))

    async def _read(self, group: str) -> Progress:
        return (await self._port.store.read(PROGRESS, group)).fields(Progress)

    async def _pass_over(self, group: str, first: int) -> None:
        """Give up the numbers that are missing before the first that is there."""
        before = await self._read(group)
        row = await self._change(group, lambda now: now.passing_over(first))
        for number in row.fields(Progress).given_up[len(before.given_up) :]:
            what = f"{GIVEN_UP}: goes on without {number} of {group}"
            self._port.note(NOTED, group, what, float(number))

    def _alert(self, group: str, progress: Progress) -> None:
        count, number = len(progress.waiting), progress.next
        what = f"{MISSING}: waits in vain for number {number} of {group}: {count} set aside"
        self._port.note(NOTED, group, what, float(number))

    async def _change(self, group: str, change: Callable[[Progress], Progress]) -> Row:
        """Write the row of a group by compare and set; return it."""
        store = self._port.store
        while True:
            row = await store.read(PROGRESS, group)
            after = change(row.fields(Progress))
            if await store.write(
                PROGRESS, group, after, state=after.state, expected=row.version
            ):  # fmt: skip
                return await store.read(PROGRESS, group)


def in_sequence(port: Port[Any], queue: str) -> Resequencer:
    """Return a receiver on a queue, with a resequencer before it."""
    return Resequencer(port, port.broker.receiver(queue, port.settings.prefetch))


def advance(port: Port[Any], message: Message, own: Reader) -> Reaction:
    """Take a group one step further, in the transaction of what the step does."""
    row = own.row(PROGRESS, message.group)
    after = row.fields(Progress).applied(message, port.clock.now)
    return Reaction((Write(PROGRESS, message.group, after, after.state, row.version),))
