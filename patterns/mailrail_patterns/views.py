"""Frozen pictures of a run at one instant: all a view is given to draw."""

from __future__ import annotations

import msgspec


class MessageView(msgspec.Struct, frozen=True, gc=False):
    """One message.

    Attributes:
        name: Its name in the queue.
        stage: ``scheduled ready locked deferred dead shelved``.
        delivery: The delivery count.
        since: When it was accepted, in seconds.
        until: When its lock ends or it becomes due, in seconds; 0: neither.
        owner: Who holds its lock.
        reason: Why it is dead, put away or gone.
        moved: When it last changed its place, in seconds (for motion).
        came_from: Where it was before that: the name of who held it, or the stage it was in,
            or ``producer``.
        sender: Who sent it.
        group: Its session, partition or priority class.
        waited: How long it had been ready when it was last delivered, in seconds.
        rank: What the queue's rule of comparison made of it, the least next; 0: there is none.
    """

    name: str
    stage: str
    delivery: int
    since: float
    until: float = 0.0
    owner: str = ""
    reason: str = ""
    moved: float = 0.0
    came_from: str = ""
    sender: str = ""
    waited: float = 0.0
    group: str = ""
    rank: float = 0.0


class GroupView(msgspec.Struct, frozen=True, gc=False):
    """The ready messages of one group of a queue.

    Attributes:
        name: The session, partition or priority class.
        depth: How many are ready.
        ready: The first of them, next of the group to be delivered first.
        age: Age of the oldest of them, in seconds.
    """

    name: str
    depth: int
    ready: tuple[MessageView, ...]
    age: float


class QueueView(msgspec.Struct, frozen=True, gc=False):
    """One queue. Lists are cut to what can be shown; counts are exact.

    Attributes:
        name: The queue's name.
        lock: Length of a lock, in seconds.
        limit: Maximum deliveries; 0: none.
        capacity: Ready messages it holds; None: unbounded.
        depth: Messages ready.
        ready: The first of them, next to be delivered first.
        locked: Messages under a lock, in order of delivery.
        scheduled: How many are scheduled.
        deferred: How many are deferred.
        dead_count: How many are dead.
        dead: The latest dead letters, newest last.
        shelved_count: How many stay and are delivered no more.
        shelved: The latest of them, newest last.
        dropped_count: How many the broker has dropped at the limit, or at a consumer's word.
        dropped: The latest of them, newest last.
        expired: How many outlived their time to live, and lie in no dead-letter queue.
        at_limit: What becomes of a message at the limit: ``dead-letter drop stay archive``.
        counts: What counts against the limit: ``receipts returns failures``.
        renewable: Whether a lock on it can be renewed.
        later: The first of those that are scheduled, due next first.
        completed: How many were completed.
        age: Age of the oldest ready message, in seconds.
        gone: Messages that have just left, newest last (for motion).
        groups: The ready messages by group, for those that have one; as many groups as can be
            shown, in the order in which they began to wait.
    """

    name: str
    lock: float
    limit: int
    capacity: int | None
    depth: int
    ready: tuple[MessageView, ...]
    locked: tuple[MessageView, ...]
    scheduled: int
    deferred: int
    dead_count: int
    dead: tuple[MessageView, ...]
    completed: int
    age: float
    gone: tuple[MessageView, ...] = ()
    groups: tuple[GroupView, ...] = ()
    shelved_count: int = 0
    shelved: tuple[MessageView, ...] = ()
    dropped_count: int = 0
    dropped: tuple[MessageView, ...] = ()
    expired: int = 0
    at_limit: str = "dead-letter"
    counts: str = "receipts"
    renewable: bool = True
    later: tuple[MessageView, ...] = ()


class ActorView(msgspec.Struct, frozen=True, gc=False):
    """One actor.

    Attributes:
        name: Its name.
        role: The part it plays.
        kind: ``producer`` or ``consumer``.
        state: ``idle working blocked paused crashed halted stopping stopped``.
        incarnation: 1 for its first life.
        message: The message it works on; empty: none.
        delivery: That message's delivery count.
        began: When it began the work, in seconds.
        takes: How long the work takes, in seconds.
        until: When its lock on the message ends, in seconds; 0: no lock (any more).
        held: Messages it holds in all, the one it works on included.
        done: Messages it completed.
        sent: Messages it sent; one that it published is one, however many copies there are.
        since: When it last changed state, in seconds.
        busy: Seconds it has spent working so far.
        lived: Seconds it has lived so far: not those it was dead, or has been gone.
        slow: Factor on its service time.
        armed: The crash point it will die at; empty: none.
        group: The group of the message it works on; empty: it has none.
    """

    name: str
    role: str
    kind: str
    state: str
    incarnation: int
    message: str
    delivery: int
    began: float
    takes: float
    until: float
    held: int
    done: int
    sent: int
    since: float
    busy: float
    lived: float
    slow: float
    armed: str
    group: str = ""


class SeriesView(msgspec.Struct, frozen=True, gc=False):
    """Measurements at fixed steps of virtual time, from 0.

    Attributes:
        step: Seconds between two samples.
        depth: Ready messages at the end of each step.
        age: Age of the oldest ready message then, in seconds.
        arrived: Messages accepted during each step.
        served: Messages completed during each step.
        deepest: Most messages that were ready in any one queue at the end of a step.
    """

    step: float
    depth: tuple[int, ...]
    age: tuple[float, ...]
    arrived: tuple[int, ...]
    served: tuple[int, ...]
    deepest: int = 0


class MarkView(msgspec.Struct, frozen=True, gc=False):
    """Something worth finding on the timeline.

    Attributes:
        n: Number of the event.
        t: When, in seconds.
        kind: ``fault heal command violation caption dead``.
        text: What it is.
    """

    n: int
    t: float
    kind: str
    text: str


class RowView(msgspec.Struct, frozen=True, gc=False):
    """One durable row.

    Attributes:
        key: Its key.
        state: Its state word; may be empty.
        value: Its value, a flat JSON object; may be empty.
        version: How often it has been written.
        since: When it was last written, in seconds.
        writer: Who wrote it last.
    """

    key: str
    state: str
    value: str
    version: int
    since: float
    writer: str


class TableView(msgspec.Struct, frozen=True, gc=False):
    """One durable table; the rows written last are shown, in order of insertion.

    Attributes:
        name: Its name.
        count: How many rows it has.
        rows: Those that are shown.
    """

    name: str
    count: int
    rows: tuple[RowView, ...]


class FaultView(msgspec.Struct, frozen=True, gc=False):
    """A fault that is on.

    Attributes:
        name: The fault.
        target: What it applies to; empty: all.
        amount: Its amount as it was given.
        since: When it was injected, in seconds.
        role: Whose fault it is alone, where it sticks to a message; empty: everybody's.
    """

    name: str
    target: str
    amount: str
    since: float
    role: str = ""


class ArmedView(msgspec.Struct, frozen=True):
    """What waits for somebody to pass a crash point.

    Attributes:
        name: The fault, or ``crash``.
        target: What it is for; empty: all, or the next one; ``any``: whoever passes.
        passer: Whose passage it waits for; empty: the first one's.
        point: The crash point: ``K5 before-ack``.
        since: When it was armed, in seconds.
    """

    name: str
    target: str
    passer: str
    point: str
    since: float


class PendingView(msgspec.Struct, frozen=True):
    """A fault that waits for its next occurrence.

    Attributes:
        name: The fault.
        target: What it is for; empty: the next one.
        left: How often it will still strike.
        since: When it was injected, in seconds.
    """

    name: str
    target: str
    left: int
    since: float


class View(msgspec.Struct, frozen=True):
    """The whole picture at one instant.

    Attributes:
        now: The instant shown, in seconds.
        event: Number of the last event shown; 0: none yet.
        queues: The queues, in order of declaration.
        actors: The actors, in order of first appearance; the departed included.
        series: Depth, age and rates over time.
        faults: Faults that are on.
        settings: Every setting as text, as of this instant.
        caption: The latest caption.
        caption_at: When it was said, in seconds.
        tables: The durable tables, in order of first mention.
        armed: What waits for somebody to pass a crash point.
        pending: Faults that wait for their next occurrence.
        poison: Messages that the scenario makes poison and that nobody has healed, each after the
            fault it is made so by: ``poison``, or ``poison-one`` if for one role.
        scene: What else the pattern's own picture needs, in a shape of its own; None: nothing.
    """

    now: float
    event: int
    queues: tuple[QueueView, ...]
    actors: tuple[ActorView, ...]
    series: SeriesView
    faults: tuple[FaultView, ...]
    settings: tuple[tuple[str, str], ...]
    caption: str
    caption_at: float
    tables: tuple[TableView, ...] = ()
    armed: tuple[ArmedView, ...] = ()
    pending: tuple[PendingView, ...] = ()
    poison: tuple[tuple[str, str], ...] = ()
    scene: object = None
