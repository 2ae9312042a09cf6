"""Metrics of a choreography: how orders end, how long it takes, and who would notice."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..observer import DONE, STUCK, UNDONE, WATCH
from ..orchestrator import COMPENSATED, ENDED, WORKFLOWS
from ..schemas import MISMATCH
from ..shop import BALANCES
from ..throttling import THROTTLED
from .conversations import Conversations, ConversationView
from .coupling import Coupling, HeardView, ServiceView
from .held_sessions import HeldSessions, SessionView
from .measures import Handler, Measure, Meter, Number, joined, tidy
from .samples import Sampled, Samples
from .stuck import BY_DESIGN, BY_FAULT, BY_OVERLOAD, Reasons, forgets


class StuckView(msgspec.Struct, frozen=True):
    """A conversation that the observer calls stuck.

    Attributes:
        conversation: Its id.
        since: When it was called that, in seconds.
        why: ``fault`` if one has touched it, ``overload`` if it only waits for its turn, else
            ``design``.
        where: What is known of that: ``stock: down``, ``payment: 9 to do``.
    """

    conversation: str
    since: float
    why: str = BY_FAULT
    where: str = ""


class StageView(msgspec.Struct, frozen=True):
    """Where an orchestrator is with an order.

    Attributes:
        order: The order.
        state: State of its workflow.
        since: When it came to it, in seconds.
    """

    order: str
    state: str
    since: float


class ChoreographyScene(msgspec.Struct, frozen=True):
    """What the picture of a choreography needs besides queues and actors.

    Attributes:
        choreographed: Whether there is no orchestrator.
        conversations: The latest conversations, oldest first.
        stuck: Those the observer calls stuck, the longest first.
        wires: Who hears what.
        coupling: The same as one table: each event, who tells it and who hears it.
        sessions: The sessions that are open, where an order's events are one.
        edits: How often the orchestrator's definition was changed.
        stages: The orders an orchestrator is not done with, oldest first.
        deadline: How long the observer is patient, in seconds.
    """

    choreographed: bool
    conversations: tuple[ConversationView, ...]
    stuck: tuple[StuckView, ...]
    wires: tuple[ServiceView, ...]
    coupling: tuple[HeardView, ...]
    sessions: tuple[SessionView, ...]
    edits: int
    stages: tuple[StageView, ...]
    deadline: float


class Choreographed(Meter):
    """How orders fare, told from the services' rows; and the events that made it so."""

    measures = (
        Measure("orders", "orders placed", "orders"),
        Measure("orders_completed", "orders completed", "orders", -1),
        Measure("orders_cancelled", "orders cancelled", "orders", 1),
        Measure("orders_open", "orders neither completed nor cancelled", "orders", 1),
        Measure("order_p50", "median time from placed to over", "s", 1),
        Measure("order_p95", "95th percentile of that time", "s", 1),
        Measure("order_max", "longest such time", "s", 1),
        Measure("events", "events published", "events"),
        Measure("events_per_order", "events an order leads to", "", 1),
        Measure("hops_max", "most hops of an event from its command", "hops", 1),
        Measure("fan_out_max", "most subscribers one event was copied to"),
        Measure("subscriptions", "pairs of a subscriber and an event it hears"),
        Measure("coupling_max", "most subscriptions that hear one event"),
        Measure("coupling_mean", "subscriptions that hear an event, on average"),
        Measure("compensations", "steps taken back", "", 1),
        Measure("stuck", "conversations the observer calls stuck", "", 1),
        Measure("stuck_by_fault", "of them, those that a fault has touched", "", 1),
        Measure("stuck_by_overload", "of them, those that only wait for their turn", "", 1),
        Measure("stuck_by_design", "of them, those that neither explains", "", 1),
        Measure("stuck_ever", "conversations it has ever called stuck", "", 1),
        Measure("stuck_oldest", "time since the first of them was called that", "s", 1),
        Measure("throttled", "messages the throttle has put off", "messages", 1),
        Measure("timeouts", "steps the orchestrator gave up", "", 1),
        Measure("edits", "changes of the orchestrator's definition", "", 1),
        Measure("dead_of_hops", "dead letters because of the hop limit", "messages", 1),
        Measure("dead_of_failures", "dead letters because handling them kept failing", "", 1),
        Measure("dead_of_schema", "dead letters because a field is missing", "messages", 1),
        Measure("dead_of_age", "dead letters because they outlived their time to live", "", 1),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._conversations = Conversations()
        self._placed: dict[str, float] = {}
        self._times = Samples()
        self._counts = dict.fromkeys((measure.name for measure in self.measures), 0)
        self._stuck: dict[str, float] = {}
        self._reasons = Reasons(self._conversations.lineage, self._forgets)
        self._coupling = Coupling()
        self._sessions = HeldSessions()
        self._stages: dict[str, StageView] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of rows, of subscriptions and of everything that is told."""
        found = self._conversations.handlers()
        own: dict[str, Handler] = {
            kind.STATE: self._state,
            kind.PUBLISHED: self._published,
            kind.UNROUTED: self._published,
            kind.NOTED: self._noted,
            kind.CHANGED: self._changed,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._dead),
        }
        return joined(
            found, own, self._reasons.handlers(), self._coupling.handlers(),
            self._sessions.handlers(),
        )  # fmt: skip

    def _forgets(self) -> bool:
        return forgets(self._settings())

    def _state(self, event: Event) -> None:
        counts = self._counts
        if event.queue == "orders":
            self._order(event)
        elif event.queue == WATCH:
            self._watched(event)
        elif event.queue == WORKFLOWS:
            self._conducted(event)
        elif event.queue in BALANCES and event.group == BALANCES[event.queue][1]:
            counts["compensations"] += 1

    def _order(self, event: Event) -> None:
        if event.group == "Placed":
            if event.message not in self._placed and event.token == 1:
                self._placed[event.message] = event.t
                self._counts["orders"] += 1
            return
        name = "orders_completed" if event.group == "Completed" else "orders_cancelled"
        self._counts[name] += 1
        placed = self._placed.pop(event.message, None)
        if placed is not None:
            self._times.append(event.t - placed)

    def _watched(self, event: Event) -> None:
        if event.group == STUCK and event.message not in self._stuck:
            self._stuck[event.message] = event.t
            self._counts["stuck_ever"] += 1
        elif event.group in (DONE, UNDONE):
            self._stuck.pop(event.message, None)
            self._reasons.over(event.message)

    def _conducted(self, event: Event) -> None:
        before = self._stages.get(event.message)
        if event.group in (ENDED, COMPENSATED):
            self._stages.pop(event.message, None)
        elif before is None or before.state != event.group:
            self._stages[event.message] = StageView(event.message, event.group, event.t)

    def _published(self, event: Event) -> None:
        counts = self._counts
        counts["events"] += 1
        counts["fan_out_max"] = max(counts["fan_out_max"], int(event.value))
        hop = self._conversations.lineage.latest(event.actor)
        counts["hops_max"] = max(counts["hops_max"], hop)

    def _noted(self, event: Event) -> None:
        if event.text.startswith("timeout: "):
            self._counts["timeouts"] += 1
        elif event.text.startswith(THROTTLED):
            self._counts["throttled"] += 1

    def _changed(self, event: Event) -> None:
        if event.message == "loyalty_step":
            self._counts["edits"] += 1

    def _dead(self, event: Event) -> None:
        if event.text.endswith("HopLimitExceeded"):
            self._counts["dead_of_hops"] += 1
        elif event.text.endswith("MaxDeliveryCountExceeded"):
            self._counts["dead_of_failures"] += 1
        elif event.text.endswith(MISMATCH):
            self._counts["dead_of_schema"] += 1
        elif event.text.endswith("TTLExpired"):
            self._counts["dead_of_age"] += 1

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        counts = self._counts
        found: dict[str, Number] = dict(counts)
        found["orders_open"] = len(self._placed)
        found["order_p50"] = self._times.percentile(0.50)
        found["order_p95"] = self._times.percentile(0.95)
        found["order_max"] = self._times.longest
        orders = counts["orders"]
        found["events_per_order"] = tidy(counts["events"] / orders) if orders else None
        found["subscriptions"] = sum(len(wire.hears) for wire in self._coupling.wires.values())
        coupling = self._coupling.counts().values()
        found["coupling_max"] = max(coupling, default=0)
        found["coupling_mean"] = tidy(sum(coupling) / len(coupling)) if coupling else None
        why = [self._reasons.of(name)[0] for name in self._stuck]
        found["stuck"] = len(why)
        found["stuck_by_fault"] = why.count(BY_FAULT)
        found["stuck_by_overload"] = why.count(BY_OVERLOAD)
        found["stuck_by_design"] = why.count(BY_DESIGN)
        found["stuck_oldest"] = tidy(now - min(self._stuck.values())) if self._stuck else None
        return found

    def sampled(self) -> Iterable[Sampled]:
        """Return how long each order took."""
        ended = self._counts["orders_completed"] + self._counts["orders_cancelled"]
        return (Sampled("order", self._times.length, ended, "orders that ended"),)

    def scene(self, now: float) -> ChoreographyScene:
        """Return the conversations and who hears what."""
        settings = self._settings()
        return ChoreographyScene(
            settings.choreographed,
            self._conversations.views(),
            tuple(
                StuckView(name, since, *self._reasons.of(name))
                for name, since in self._stuck.items()
            ),
            tuple(self._coupling.wires.values()),
            self._coupling.table(),
            self._sessions.views(),
            self._counts["edits"],
            tuple(self._stages.values()),
            settings.deadline,
        )

    def copy(self) -> Choreographed:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._conversations = self._conversations.copy()
        twin._reasons = self._reasons.copy(twin._conversations.lineage)
        twin._placed, twin._counts = dict(self._placed), dict(self._counts)
        twin._times = self._times.copy()
        twin._stuck = dict(self._stuck)
        twin._coupling, twin._sessions = self._coupling.copy(), self._sessions.copy()
        twin._stages = dict(self._stages)
        return twin
