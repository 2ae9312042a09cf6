"""What a key does to compare: choose the one thing that is different, and show both runs."""

from __future__ import annotations

from typing import Final

from textual import work

from mailrail.offers import offers
from mailrail.ranges import ranged
from mailrail.twins import sets_anew, twin_of
from mailrail_patterns.run import Run
from mailrail_patterns.settings import DIALECT, Setting, describe, written

from .dialect_menu import DialectMenu
from .form import Field, Form, Values
from .menu import Choice, Menu
from .setting_menu import told
from .stage import Stage
from .steady import steady
from .twin import Twin

WITHOUT: Final = "without"
FUTURE: Final = "future"
SETTING: Final = "setting"
TYPED: Final = "typed"


def idea(run: Run) -> tuple[str, str]:
    """Return the setting of a run with the pattern's idea, or without it: whichever this is not.

    Returns:
        The setting as ``key=value``, and ``with`` or ``without``.
    """
    switch = run.pattern.switch
    name, _, off = switch.partition("=")
    usual = written(run.pattern, run.pattern.settings())[name]
    if dict(run.view().settings)[name] != off or usual == off or sets_anew(run, name):
        return switch, "without"
    return f"{name}={usual}", "with"


class TwinKeys(Stage):
    """The action that opens the twin view."""

    @steady
    @work
    async def action_twin(self) -> None:
        """Ask what is to be different, and show both runs side by side."""
        session = self.session
        settings = {setting.name: setting for setting in describe(session.run.pattern)}
        start = ""
        while True:
            menu = Menu("Compare with a run that is", self._others(settings), start=start)
            chosen = await self.app.push_screen_wait(menu)
            if not chosen:
                return
            start, (what, _, name) = chosen, chosen.partition(" ")
            if what == WITHOUT:
                self._compare(idea(session.run)[0])
                return
            if what == FUTURE:
                left = session.futures[int(name)].run
                self._show(left, ("this future", "the future left behind"))
                return
            value = await self._value(settings[name])
            if value:
                self._compare(f"{name}={value}")
                return

    def _others(self, settings: dict[str, Setting]) -> list[Choice]:
        """Return everything that there is to compare with."""
        session = self.session
        run = session.run
        now = dict(run.view().settings)
        rows = [
            Choice(f"{FUTURE} {at}", left.where, left.done, key="future")
            for at, left in reversed(list(enumerate(session.futures)))
        ]
        other, word = idea(run)
        rows.append(Choice(WITHOUT, other, f"{word} the pattern's idea", key=word))
        dialect = settings[DIALECT]
        about = "queues that follow the rules of another broker"
        rows.append(Choice(f"{SETTING} {DIALECT}", now[DIALECT], about, key="broker"))
        rows.append(Choice("", "One setting different: now it is"))
        rows += [
            Choice(f"{SETTING} {name}", now[name], told(setting), key=name)
            for name, setting in settings.items()
            if setting is not dialect
        ]
        return rows

    async def _value(self, setting: Setting) -> str | None:
        """Ask which value the other run has; None if none was chosen."""
        run, name = self.session.run, setting.name
        now = dict(run.view().settings)[name]
        if name == DIALECT:
            chosen = await self.app.push_screen_wait(DialectMenu(now))
            return None if chosen == now else chosen
        default = written(run.pattern, run.pattern.settings())[name]
        found = offers(run.pattern, setting, now, default, run.started_with())
        rows = [Choice(each.value, each.value, each.about) for each in found]
        if not setting.choices and setting.kind != "flag":
            rows.append(Choice(TYPED, "another value …", ranged(setting)))
        intro = f"{setting.knob.about}. It is {now} in this run; in the other:"
        chosen = await self.app.push_screen_wait(Menu(name, rows, intro))
        if chosen != TYPED:
            return chosen

        def submit(values: Values) -> None:
            twin_of(run, {name: values[name]})

        form = Form(name, [Field(name, now)], submit, f"{setting.knob.about}\n{ranged(setting)}",
                    "Compare")  # fmt: skip
        values = await self.app.push_screen_wait(form)
        return None if values is None else values[name]

    def _compare(self, assignment: str) -> None:
        """Show the run beside one with a setting given as ``key=value``."""
        run = self.session.run
        name, _, value = assignment.partition("=")
        key = name.replace("-", "_")

        def show() -> None:
            other = twin_of(run, {key: value})
            now = dict(run.view().settings).get(key, "?")
            as_it_is = f"{key} as it is set" if sets_anew(run, key) else f"{key}={now}"
            self._show(other, (as_it_is, f"{key}={value}"))

        if not self.session.attempt(show):
            self.redraw()

    def _show(self, other: Run, what: tuple[str, str]) -> None:
        def back(_: None) -> None:
            self.redraw()

        self.app.push_screen(Twin(self.session, other, what, self.action_twin), back)
