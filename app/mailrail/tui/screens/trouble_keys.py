"""What keys do to dead letters and settings."""

from __future__ import annotations

from textual import work

from mailrail_patterns.commands import Redrive, Set
from mailrail_patterns.settings import DIALECT, SIZES, Setting, describe
from mailrail_patterns.sizes import exact_size

from .dialect_menu import DialectMenu
from .form import Field, Form, Values
from .menu import Choice, Menu
from .stage import Stage


class TroubleKeys(Stage):
    """The actions of the group Messages, faults and settings."""

    @work
    async def action_redrive(self) -> None:
        """Return dead letters to their queue; ask which queue if several have some."""
        queues = [queue for queue in self.session.run.view().queues if queue.dead_count]
        if not queues:
            ends = {queue.at_limit for queue in self.session.run.view().queues}
            what = "letters." if "dead-letter" in ends else "letters, and no queue for any."
            self.session.tell(f"There are no dead {what}", "warning")
            self.redraw()
            return
        name: str | None = queues[0].name
        if len(queues) > 1:
            choices = [Choice(q.name, q.name, f"{q.dead_count} dead letters") for q in queues]
            name = await self.app.push_screen_wait(Menu("Return the dead letters of", choices))
        if name:
            self.attempt(Redrive(name))

    @work
    async def action_dialect(self) -> None:
        """Show the dialects, each with its sheet; let the queues follow the one that is chosen."""
        await self._ask_dialect(dict(self.session.run.view().settings)[DIALECT])
        self.redraw()

    async def _ask_dialect(self, now: str) -> bool:
        chosen = await self.app.push_screen_wait(DialectMenu(now))
        if not chosen or chosen == now:
            return False
        return self.attempt(Set(DIALECT, chosen))

    @work
    async def action_edit(self) -> None:
        """Show every setting; ask for a new value of the one that is chosen."""
        session = self.session
        name = ""
        while True:
            now = dict(session.run.view().settings)
            settings = {setting.name: setting for setting in describe(session.run.pattern)}
            choices = [
                Choice(key, now[key], _told(setting), key=key) for key, setting in settings.items()
            ]
            menu = Menu("Settings, as they are now", choices, start=name)
            chosen = await self.app.push_screen_wait(menu)
            name = chosen or ""
            if not name:
                break
            if await self._ask(settings[name], now[name]):
                break
        self.redraw()

    async def _ask(self, setting: Setting, now: str) -> bool:
        """Ask for one setting; False if nothing was changed."""
        session = self.session
        if setting.name == DIALECT:
            return await self._ask_dialect(now)
        if setting.choices or setting.kind == "flag":
            values = setting.choices or ("on", "off")
            menu = Menu(
                setting.name, [Choice(value, value) for value in values],
                f"{setting.knob.about} · now {now}", start=now,
            )  # fmt: skip
            chosen = await self.app.push_screen_wait(menu)
            return bool(chosen) and self.attempt(Set(setting.name, chosen or ""))

        def submit(values: Values) -> None:
            session.do(Set(setting.name, values[setting.name]))

        form = Form(
            setting.name, [Field(setting.name, now)], submit,
            f"{setting.knob.about}\n{ranged(setting)} · default {setting.default}", "Change",
        )  # fmt: skip
        return await self.app.push_screen_wait(form) is not None


def _told(setting: Setting) -> str:
    return f"{setting.knob.about} ({ranged(setting)})"


def ranged(setting: Setting) -> str:
    """Say what a setting can be: ``0.001 to 1000000 s``, ``on or off``, ``text``."""
    if setting.kind == "flag":
        return "on or off"
    if setting.choices:
        return " | ".join(setting.choices)
    if setting.kind == "text":
        return "text"
    knob = setting.knob
    if setting.kind in SIZES:
        each = "/s" if setting.kind == "bandwidth" else ""
        return f"{exact_size(int(knob.low))}{each} to {exact_size(int(knob.high))}{each}"
    unit = f" {knob.unit}" if knob.unit else ""
    also = " or unbounded" if setting.kind == "bound" else ""
    return f"{_number(knob.low)} to {_number(knob.high)}{unit}{also}"


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
