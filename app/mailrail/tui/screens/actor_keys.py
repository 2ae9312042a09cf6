"""What keys do to actors: selecting, spawning, stopping, killing, freezing, restarting."""

from __future__ import annotations

from typing import Final

from textual import work

from mailrail_patterns.commands import (
    ANYBODY,
    Crash,
    CrashPoint,
    Pause,
    Restart,
    Resume,
    Spawn,
    Stop,
    parse_command,
)
from mailrail_patterns.names import BadInput
from mailrail_patterns.views import ActorView

from .form import Field, Form, Values
from .menu import Choice, Menu
from .stage import Stage

POINTS: Final = {
    CrashPoint.K1: "before it asks for a message: it holds nothing, nothing is lost",
    CrashPoint.K2: "it has the message and has done nothing: the lock runs out, the work is late",
    CrashPoint.K3: "the effect is applied and nobody knows: it will be applied again",
    CrashPoint.K4: "the result is published, the message not settled: both happen again",
    CrashPoint.K5: "all is done but the acknowledgement: all of it is done again",
    CrashPoint.K6: "the message is settled: nothing is lost",
}
"""What dying at each crash point means."""


class ActorKeys(Stage):
    """The actions of the group Actors."""

    def chosen(self) -> ActorView | None:
        """Return the selected actor, or say that there is none."""
        for actor in self.session.run.view().actors:
            if actor.name == self.session.selected:
                return actor
        self.session.tell("Select an actor first: tab or a click.", "warning")
        self.redraw()
        return None

    def action_select(self, step: int) -> None:
        """Select the next actor, or the one before."""
        self.session.select_next(step)
        self.redraw()

    def action_stop(self) -> None:
        """Let the selected actor finish and leave."""
        if actor := self.chosen():
            self.attempt(Stop(actor.name))

    def action_crash(self) -> None:
        """Kill the selected actor."""
        if actor := self.chosen():
            self.attempt(Crash(actor.name))

    def action_freeze(self) -> None:
        """Freeze the selected actor, or let it run on."""
        if actor := self.chosen():
            frozen = actor.state == "paused"
            self.attempt(Resume(actor.name) if frozen else Pause(actor.name))

    def action_restart(self) -> None:
        """Start the selected actor again."""
        if actor := self.chosen():
            self.attempt(Restart(actor.name))

    @work
    async def action_crash_at(self) -> None:
        """Ask for a crash point and arm it."""
        choices = []
        actor = next(
            (a for a in self.session.run.view().actors if a.name == self.session.selected), None
        )
        if actor is not None and actor.kind == "consumer":
            choices += [Choice("", f"{actor.name} dies …"), *_points(actor.name)]
        choices += [Choice("", "Whoever gets there first dies …"), *_points(ANYBODY)]
        choice = await self.app.push_screen_wait(Menu("Crash at a point of the handler", choices))
        if choice:
            name, _, point = choice.partition(" ")
            self.attempt(Crash(name, CrashPoint[point]))

    @work
    async def action_spawn(self, kind: str) -> None:
        """Ask how many more actors of a kind, and with what, and start them."""
        roles = [role for role in self.session.run.pattern.roles if role.kind == kind]
        if not roles:
            self.session.tell(f"This pattern has no {kind}s to start.", "warning")
            self.redraw()
            return
        role = roles[0].name
        if len(roles) > 1:
            menu = Menu(f"Start a {kind}", [Choice(r.name, r.name, r.about) for r in roles])
            chosen = await self.app.push_screen_wait(menu)
            if chosen is None:
                return
            role = chosen
        usual = "as the settings say"
        kinds = next(each.kinds for each in self.session.run.pattern.roles if each.name == role)
        fields = [Field("how many", "1")]
        if kind == "producer":
            fields += [
                Field("rate", "", f"{usual}; or 12/s"),
                Field("every", "", f"{usual}; or 2s, exponential(3s)"),
                Field("count", "", f"{usual}; or 20 messages"),
            ]
            if kinds:
                fields.append(Field("kind", "", f"{usual}; or only {' or '.join(kinds)}"))
        else:
            fields.append(Field("service", "", f"{usual}; or 3s, uniform(1s, 5s)"))

        def submit(values: Values) -> None:
            self.session.do(_spawn_of(role, values))

        await self.app.push_screen_wait(Form(f"Start more {role}s", fields, submit, ok="Start"))
        self.redraw()


def _points(name: str) -> list[Choice]:
    return [
        Choice(f"{name} {point.name}", point.value, POINTS[point], key=point.name)
        for point in CrashPoint
    ]


def _spawn_of(role: str, values: Values) -> Spawn:
    """Read the form through the one grammar there is, so that its limits hold here too."""
    given = [(key, value) for key, value in values.items() if key != "how many" and value]
    count = parse_command(f"spawn {role} {values['how many'] or 1}")
    if not isinstance(count, Spawn):
        raise BadInput(f"expected a number of {role}s, not {values['how many']!r}")
    return Spawn(role, count.count, tuple(given))
