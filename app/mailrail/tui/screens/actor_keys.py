"""What keys do to actors: selecting, spawning, stopping, killing, freezing, restarting."""

from __future__ import annotations

from textual import work

from mailrail.notices import Way
from mailrail_patterns.commands import (
    Crash,
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
from .steady import steady


class ActorKeys(Stage):
    """The actions of the group Actors."""

    def chosen(self) -> ActorView | None:
        """Return the selected actor, or say that there is none."""
        for actor in self.session.run.view().actors:
            if actor.name == self.session.selected:
                return actor
        selecting = Way("select(1)", "selects the next one")
        self.session.tell("Select an actor first, by a click.", "warning", (selecting,))
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

    @steady
    @work
    async def action_spawn(self, kind: str) -> None:
        """Ask how many more actors of a kind, and with what, and start them."""
        roles = [role for role in self.session.run.pattern.roles if role.kind == kind]
        if not roles:
            self.session.tell(f"This pattern has no {kind}s to start.", "warning")
            self.redraw()
            return
        role = roles[0]
        if len(roles) > 1:
            menu = Menu(f"Start a {kind}", [Choice(r.name, r.name, r.about) for r in roles])
            chosen = await self.app.push_screen_wait(menu)
            if chosen is None:
                return
            role = next(each for each in roles if each.name == chosen)
        usual = "as the settings say"
        fields = [Field("how many", "1")]
        if kind == "producer":
            fields += [
                Field("rate", "", f"{usual}; or 12/s"),
                Field("every", "", f"{usual}; or 2s, exponential(3s)"),
                Field("count", "", f"{usual}; or 20 messages"),
            ]
            if kinds := role.kinds:
                fields.append(Field("kind", "", f"{usual}; or only {' or '.join(kinds)}"))
        elif role.timed:
            fields.append(Field("service", "", f"{usual}; or 3s, uniform(1s, 5s)"))

        def submit(values: Values) -> None:
            self.session.do(_spawn_of(role.name, values))

        await self.app.push_screen_wait(
            Form(f"Start more {role.name}s", fields, submit, ok="Start")
        )
        self.redraw()


def _spawn_of(role: str, values: Values) -> Spawn:
    """Read the form through the one grammar there is, so that its limits hold here too."""
    given = [(key, value) for key, value in values.items() if key != "how many" and value]
    count = parse_command(f"spawn {role} {values['how many'] or 1}")
    if not isinstance(count, Spawn):
        raise BadInput(f"expected a number of {role}s, not {values['how many']!r}")
    return Spawn(role, count.count, tuple(given))
