"""What waits for somebody to pass a crash point, folded from events."""

from __future__ import annotations

from ..kernel.events import Event
from ..views import ArmedView

CRASH = "crash"


class ArmsFold:
    """Everything that is armed, by the number of the event that armed it."""

    def __init__(self) -> None:
        self._waiting: dict[int, ArmedView] = {}

    def views(self) -> tuple[ArmedView, ...]:
        """Return what waits, in the order in which it was armed."""
        return tuple(self._waiting.values())

    def armed(self, event: Event) -> None:
        """Something begins to wait; a second crash of an actor takes the place of the first."""
        name, point = event.message or CRASH, event.text.partition(",")[0]
        if name == CRASH and event.actor:
            self._forget(event.actor)
        target = event.group if event.message else event.actor
        self._waiting[event.n] = ArmedView(name, target, event.actor, point, event.t)

    def over(self, event: Event) -> None:
        """It strikes, or was taken back."""
        self._waiting.pop(event.token, None)

    def crashed(self, event: Event) -> None:
        """A death: nobody dies twice; if it was not its own crash, it was that of the first."""
        own = any(
            each.point == event.text and each.passer == event.actor and each.name == CRASH
            for each in self._waiting.values()
        )
        self._forget(event.actor)
        if event.text and not own:
            for n, each in self._waiting.items():
                if each.name == CRASH and not each.passer and each.point == event.text:
                    del self._waiting[n]
                    return

    def _forget(self, actor: str) -> None:
        self._waiting = {
            n: each
            for n, each in self._waiting.items()
            if each.passer != actor or each.name != CRASH
        }

    def copy(self) -> ArmsFold:
        """Return an independent copy."""
        twin = ArmsFold()
        twin._waiting = dict(self._waiting)
        return twin
