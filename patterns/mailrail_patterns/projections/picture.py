"""All the folds of a run at one event, and how to get to any other event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..kernel import events as kind
from ..kernel.events import Event
from ..views import View
from .actors import ActorsFold
from .measures import Handler, Meter, Number
from .metrics import CommonMeter
from .queues import QueuesFold
from .series import SeriesFold
from .tables import TablesFold

KEYFRAME = 4096
"""Events between two keyframes at the least."""

KEYFRAMES = 64
"""Keyframes kept at the most; when there are more, every second one is dropped."""


class Picture:
    """The state of everything after the first ``position`` events."""

    def __init__(self, own: Meter, step: float, settings: Sequence[tuple[str, str]]) -> None:
        self.position = 0
        self.queues = QueuesFold()
        self.actors = ActorsFold()
        self.tables = TablesFold()
        self.common = CommonMeter(self.queues)
        self.own = own
        self.series = SeriesFold(self.queues, step)
        self.settings = dict(settings)
        self.caption = ""
        self.caption_at = 0.0
        self._handlers: dict[str, tuple[Handler, ...]] = {}
        self._collect()

    def _collect(self) -> None:
        own: dict[str, Handler] = {
            kind.CHANGED: self._changed,
            kind.SAID: self._said,
            kind.WAITED: self._said,
        }
        groups: list[dict[str, Handler]] = [
            self.queues.handlers(),
            self.actors.handlers(),
            self.tables.handlers(),
            self.common.handlers(),
            self.own.handlers(),
            self.series.handlers(),
            own,
        ]
        self._handlers = {
            name: tuple(group[name] for group in groups if name in group) for name in kind.KINDS
        }

    def _changed(self, event: Event) -> None:
        self.settings[event.message] = event.text

    def _said(self, event: Event) -> None:
        self.caption, self.caption_at = event.text, event.t

    def feed(self, events: Sequence[Event], upto: int) -> None:
        """Fold the events from ``position`` up to number ``upto``."""
        handlers, before = self._handlers, self.series.before
        for index in range(self.position, upto):
            event = events[index]
            before(event.t)
            for handler in handlers[event.kind]:
                handler(event)
        self.position = max(self.position, upto)

    @property
    def size(self) -> int:
        """Messages and rows kept, which is what a copy costs."""
        return self.queues.size + self.tables.size

    def metrics(self, now: float) -> dict[str, Number]:
        """Return every metric as of ``now`` seconds: the common ones, then the pattern's own."""
        return {**self.common.values(now), **self.own.values(now)}

    def view(self, now: float) -> View:
        """Return the frozen picture as of ``now`` seconds."""
        self.series.before(now)
        return View(
            now=now,
            event=self.position,
            queues=tuple(queue.view(now) for queue in self.queues.queues.values()),
            actors=tuple(actor.view(now) for actor in self.actors.actors.values()),
            series=self.series.view(now),
            faults=tuple(self.actors.faults.values()),
            settings=tuple(self.settings.items()),
            caption=self.caption,
            caption_at=self.caption_at,
            tables=self.tables.views(),
            armed=self.actors.arms.views(),
            scene=self.own.scene(now),
        )

    def copy(self) -> Picture:
        """Return an independent copy."""
        twin = Picture.__new__(Picture)
        twin.position = self.position
        twin.queues = self.queues.copy()
        twin.actors = self.actors.copy()
        twin.tables = self.tables.copy()
        twin.common = self.common.copy_onto(twin.queues)
        twin.own = self.own.copy()
        twin.series = self.series.copy_onto(twin.queues)
        twin.settings = dict(self.settings)
        twin.caption, twin.caption_at = self.caption, self.caption_at
        twin._collect()
        return twin


class Album:
    """Pictures of one journal at any event, made cheap by keyframes.

    A keyframe is taken after so many events that its cost, which grows with the number of
    messages alive, stays in proportion to the work of folding.
    """

    def __init__(self, events: Sequence[Event], blank: Callable[[], Picture]) -> None:
        self._events = events
        self._blank = blank
        self._current = blank()
        self._keyframes: list[Picture] = []
        self._spacing = KEYFRAME

    def at(self, position: int) -> Picture:
        """Return the picture after the first ``position`` events; read it, do not feed it."""
        nearest = None
        for keyframe in self._keyframes:
            if keyframe.position <= position:
                nearest = keyframe
        if position < self._current.position:
            self._current = self._blank() if nearest is None else nearest.copy()
        elif nearest is not None and nearest.position > self._current.position:
            self._current = nearest.copy()
        current = self._current
        while current.position < position:
            last = self._keyframes[-1].position if self._keyframes else 0
            due = max(last, 0) + max(self._spacing, current.size)
            if current.position < last:
                due = position
            current.feed(self._events, min(position, max(due, current.position + 1)))
            if current.position >= due and current.position > last:
                self._keep(current)
        return current

    def _keep(self, picture: Picture) -> None:
        self._keyframes.append(picture.copy())
        if len(self._keyframes) > KEYFRAMES:
            self._keyframes = self._keyframes[1::2]
            self._spacing *= 2
