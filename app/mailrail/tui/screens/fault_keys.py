"""What keys do to make things go wrong, and right again."""

from __future__ import annotations

from textual import work

from mailrail.notices import Way
from mailrail.selection import Kind
from mailrail_patterns.commands import ANYBODY, Crash, CrashPoint, Heal, Inject
from mailrail_patterns.declaration import Fault

from . import fault_menu
from .form import Form, Values
from .menu import Choice, Menu
from .stage import Stage
from .steady import steady


class FaultKeys(Stage):
    """The fault menu, and its short cuts."""

    def action_poison(self) -> None:
        """Make the next message poison, where the pattern has that fault."""
        if all(fault.name != "poison" for fault in self.session.run.pattern.faults):
            listing = Way("inject", "lists what can go wrong")
            self.session.tell("No message is poison in this pattern.", ways=(listing,))
            self.redraw()
        else:
            told = "The next message sent will be poison."
            self.attempt(Inject("poison"), lambda: self.session.tell(told))

    @steady
    @work
    async def action_inject(self) -> None:
        """Ask what goes wrong, or is healed; then what that needs to be told."""
        run, selected = self.session.run, self.session.selected
        view = run.view()
        chosen = self.session.selection
        rows = fault_menu.choices(run.pattern, view, selected, run.points, chosen, self.acts)
        choice = await self.app.push_screen_wait(Menu("What goes wrong?", rows))
        if not choice:
            return
        what, _, number = choice.partition(" ")
        if what == "heal":
            on = view.faults[int(number)]
            self.attempt(Heal(on.name, on.target))
        elif what == "cure":
            self.attempt(Heal(*view.poison[int(number)]))
        elif what == "take-back":
            waits = view.pending[int(number)]
            self.attempt(Heal(waits.name, waits.target))
        elif what == "disarm":
            armed = view.armed[int(number)]
            self.attempt(Heal(armed.name, armed.target, CrashPoint[armed.point.partition(" ")[0]]))
        elif what == "crash-any":
            await self._crash_at(ANYBODY, "Whoever gets there first dies …")
        elif what in ("crash", "crash_at", "freeze", "restart"):
            await self.run_action(what)
        else:
            fault = next(fault for fault in run.pattern.faults if fault.name == what)
            await self._inject(fault)

    async def _inject(self, fault: Fault) -> None:
        def submit(values: Values) -> None:
            self.session.do(fault_menu.command(fault, values))

        def told(values: Values) -> str:
            return fault_menu.forecast(fault, values)

        run = self.session.run
        chosen = self.session.selection
        message = chosen.name if chosen.kind is Kind.MESSAGE else ""
        selected = self.session.selected
        fields = fault_menu.fields(fault, run.view(), selected, run.points, message)
        await self.app.push_screen_wait(
            Form(f"Inject {fault.name}", fields, submit, told, "Inject")
        )
        self.redraw()

    @steady
    @work
    async def action_crash_at(self) -> None:
        """Ask for a crash point and arm it for the selected actor, or for whoever is first."""
        actors = {actor.name: actor for actor in self.session.run.view().actors}
        actor = actors.get(self.session.selected)
        points = self.session.run.points
        if not points(ANYBODY):
            killing = Way("crash", "kills at once")
            self.session.tell("Nobody here has a handler with crash points.", ways=(killing,))
            self.redraw()
        elif actor is not None and points(actor.name):
            await self._crash_at(actor.name, f"{actor.name} dies …")
        else:
            await self._crash_at(ANYBODY, "Whoever gets there first dies …")

    async def _crash_at(self, name: str, title: str) -> None:
        rows = [Choice("", title), *self._points(name)]
        if name != ANYBODY:
            rows += [Choice("", "Whoever gets there first dies …"), *self._points(ANYBODY)]
        choice = await self.app.push_screen_wait(Menu("Crash at a point of the handler", rows))
        if choice:
            who, _, point = choice.partition(" ")
            self.attempt(Crash(who, CrashPoint[point]))

    def _points(self, name: str) -> list[Choice]:
        return [
            Choice(f"{name} {point.name}", point.value, fault_menu.POINTS[point], key=point.name)
            for point in self.session.run.points(name)
        ]
