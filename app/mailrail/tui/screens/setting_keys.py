"""What keys do to settings: changed while the run goes on, and put back."""

from __future__ import annotations

from textual import work

from mailrail.ranges import ranged
from mailrail.resetting import changed, reset
from mailrail_patterns.commands import Set
from mailrail_patterns.settings import DIALECT, Setting, describe, written

from .dialect_menu import DialectMenu
from .form import Field, Form, Values
from .menu import Choice, Menu
from .setting_menu import ALL, SettingMenu
from .stage import Stage
from .steady import steady


class SettingKeys(Stage):
    """The settings of the group Messages, faults and settings."""

    @steady
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

    def action_reset(self) -> None:
        """Put every setting back to what the run started with."""
        self._reset()
        self.redraw()

    def _reset(self, *names: str) -> None:
        session = self.session
        if names and not set(names) & set(changed(session.run)):
            session.tell(f"{names[0]} is what it was at the start.")
            return

        def tell(back: dict[str, str]) -> None:
            told = ", ".join(f"{name} {value}" for name, value in back.items())
            session.tell(f"Put back: {told}.")

        if not changed(session.run):
            session.tell("Every setting is what it was at the start.")
            return
        session.attempt(lambda: reset(session, tell, names))

    @steady
    @work
    async def action_edit(self) -> None:
        """Show every setting; ask for a new value of the one that is chosen, or put it back."""
        run, name = self.session.run, ""
        settings = {setting.name: setting for setting in describe(run.pattern)}
        defaults = written(run.pattern, run.pattern.settings())
        while True:
            run = self.session.run
            now, start = dict(run.view().settings), run.started_with()
            menu = SettingMenu(settings, now, start, defaults, at=name)
            chosen = await self.app.push_screen_wait(menu)
            if not chosen:
                break
            what, _, put_back = chosen.partition(" ")
            if what == ALL:
                self._reset(*([put_back] if put_back else []))
                if self.session.underway:
                    break  # it goes on where it can be seen, and given up
                name = put_back
            else:
                name = what
                if await self._ask(settings[name], now[name], start[name], defaults[name]):
                    break
        self.redraw()

    async def _ask(self, setting: Setting, now: str, start: str, default: str) -> bool:
        """Ask for one setting; False if nothing was changed."""
        session = self.session
        if setting.name == DIALECT:
            return await self._ask_dialect(now)
        if setting.choices or setting.kind == "flag":
            known = (("now", now), ("at the start", start), ("the default", default))
            rows = [
                Choice(each, each, ", ".join(word for word, value in known if value == each))
                for each in setting.choices or ("on", "off")
            ]
            menu = Menu(setting.name, rows, setting.knob.about, start=now)
            chosen = await self.app.push_screen_wait(menu)
            return bool(chosen) and self.attempt(Set(setting.name, chosen or ""))

        def submit(values: Values) -> None:
            session.do(Set(setting.name, values[setting.name]))

        began = f" · at the start {start}" if start != default else ""
        form = Form(
            setting.name, [Field(setting.name, now, back=start if now != start else "")], submit,
            f"{setting.knob.about}\n{ranged(setting)} · default {default}{began}", "Change",
        )  # fmt: skip
        return await self.app.push_screen_wait(form) is not None
