"""Whether a row is given to one agent again while another one could have been asked."""

from __future__ import annotations

from .. import orders
from ..assignment import GONE
from ..kernel import events as kind
from ..kernel.events import Event
from ..orders import Order
from ..records import Row
from .rules import Guarantee, Handler, Rule

ELSEWHERE = Guarantee(
    "tried-elsewhere",
    "Where agents are picked, a row is not given to one at which it came to nothing while another "
    "one that has signed in has not been asked.",
    source="A10 rule 1",
    hope=True,
)


class Asking(Rule):
    """Remembers at whom each row came to nothing.

    An agent could have been asked if it had signed in before the row was given back: a scheduler
    that reads the row then reads of the agent as well.
    """

    guarantees = (ELSEWHERE,)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, tuple[str, Order]] = {}
        self._tried: dict[str, dict[str, None]] = {}
        self._back: dict[str, float] = {}
        self._here: dict[str, float] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of rows."""
        return {kind.STATE: self._written}

    def _written(self, event: Event) -> None:
        if event.queue == orders.AGENTS:
            if event.group == GONE:
                self._here.pop(event.message, None)
            else:
                self._here.setdefault(event.message, event.t)
        elif event.queue == orders.TABLE:
            order = Row(event.message, event.text).fields(Order)
            was, before = self._rows.get(event.message, ("", order))
            self._rows[event.message] = event.group, order
            if event.group == orders.PENDING:
                self._given_back(event, before, order)
            elif event.group == orders.PROCESSING and was == orders.PENDING and order.agent:
                self._claimed(event, order.agent)

    def _given_back(self, event: Event, before: Order, order: Order) -> None:
        self._back[event.message] = event.t
        tried = self._tried.setdefault(event.message, {})
        if not order.failures:  # a person has reopened it
            tried.clear()
        elif before.agent:
            tried[before.agent] = None

    def _claimed(self, event: Event, agent: str) -> None:
        tried = self._tried.get(event.message, {})
        if agent not in tried:
            return
        back = self._back[event.message]
        fresh = [name for name, since in self._here.items() if since <= back and name not in tried]
        if fresh:
            what = f"{event.message} goes to {agent} again; {fresh[0]} has not been asked"
            self.breach("tried-elsewhere", event, what)
        else:
            tried.clear()
