"""All the folds of a run at one event, and how to get to any other event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..kernel import events as kind
from ..kernel.events import Event
from ..views import View
from .actors import ActorsFold
from .eras import Eras
from .measures import Handler, Meter, Number
from .metrics import CommonMeter
from .queues import QueuesFold
from .samples import Sampled
from .series import SeriesFold
from .tables import TablesFold


class Picture:
    """The state of everything after the first ``position`` events."""

    def __init__(
        self,
        own: Meter,
        step: float,
        eras: Eras,
        settings: Sequence[tuple[str, str]],
        poison: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.position = 0
        self.queues = QueuesFold()
        self.actors = ActorsFold(poison)
        self.tables = TablesFold()
        self.common = CommonMeter(self.queues)
        self.own = own
        self.series = SeriesFold(self.queues, step)
        self.settings = dict(settings)
        self._eras = eras
        self.caption = ""
        self.caption_at = 0.0
        self._handlers: dict[str, tuple[Handler, ...]] = {}
        self._collect()

    def _collect(self) -> None:
        own: dict[str, Handler] = {
            kind.SAID: self._said,
            kind.WAITED: self._said,
        }
        groups: list[dict[str, Handler]] = [
            {kind.CHANGED: self._changed},
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
        """Go on by the new settings; all that is folded after this asks for them."""
        self.settings[event.message] = event.text
        self._eras.look_at(event.n)

    def _said(self, event: Event) -> None:
        self.caption, self.caption_at = event.text, event.t

    def feed(self, events: Sequence[Event], upto: int) -> None:
        """Fold the events from ``position`` up to number ``upto``."""
        handlers, before = self._handlers, self.series.before
        self._eras.look_at(self.position)
        for index in range(self.position, upto):
            event = events[index]
            before(event.t)
            for handler in handlers[event.kind]:
                handler(event)
        self.position = max(self.position, upto)

    @property
    def size(self) -> int:
        """Steps a copy costs: one for whatever is not shared with it, about."""
        own = 0 if self.own.slim else self.queues.depth
        return self.queues.size + self.tables.size + len(self.actors.actors) + own

    def metrics(self, now: float) -> dict[str, Number]:
        """Return every metric as of ``now`` seconds: the common ones, then the pattern's own."""
        self._eras.look_at(self.position)
        return {**self.common.values(now), **self.own.values(now)}

    def sampled(self) -> Iterable[Sampled]:
        """Return each distribution behind a percentile: the common ones, then the pattern's."""
        return (*self.common.sampled(), *self.own.sampled())

    def view(self, now: float) -> View:
        """Return the frozen picture as of ``now`` seconds."""
        self._eras.look_at(self.position)
        return View(
            now=now,
            event=self.position,
            queues=tuple(queue.view(now) for queue in self.queues.queues.values()),
            actors=tuple(actor.view(now) for actor in self.actors.actors.values()),
            series=self.series.view(now),
            faults=self.actors.faults.views(),
            settings=tuple(self.settings.items()),
            caption=self.caption,
            caption_at=self.caption_at,
            tables=self.tables.views(),
            armed=self.actors.arms.views(),
            pending=self.actors.faults.pending(),
            poison=self.actors.faults.poison,
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
        twin.settings, twin._eras = dict(self.settings), self._eras
        twin.caption, twin.caption_at = self.caption, self.caption_at
        twin._collect()
        return twin
