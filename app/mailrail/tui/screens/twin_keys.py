"""What a key does to compare: choose the one thing that is different, and show both runs."""

from __future__ import annotations

from typing import Final

from textual import work

from mailrail.preparation import pairs
from mailrail.twins import sets_anew, twin_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run

from .form import Field, Form, Values
from .menu import Choice, Menu
from .stage import Stage
from .twin import Twin

WITHOUT: Final = "without"
FUTURE: Final = "future"
OTHER: Final = "other"


class TwinKeys(Stage):
    """The action that opens the twin view."""

    @work
    async def action_twin(self) -> None:
        """Ask what is to be different, and show both runs side by side."""
        session = self.session
        switch = session.run.pattern.switch
        choices = [
            Choice(WITHOUT, f"without the pattern: {switch}", "the same arrivals, its idea away"),
            Choice(OTHER, "one setting different …", "the same arrivals, key=value as for --set"),
        ]
        choices += [
            Choice(f"{FUTURE} {at}", "a future left behind", f"{left.where}, {left.done}")
            for at, left in reversed(list(enumerate(session.futures)))
        ]
        choice = await self.app.push_screen_wait(Menu("Compare with a run that is", choices))
        if choice == WITHOUT:
            self._compare(switch)
        elif choice and choice.startswith(FUTURE):
            left = session.futures[int(choice.removeprefix(FUTURE))].run
            self._show(left, ("this future", "the future left behind"))
        elif choice == OTHER:

            def submit(values: Values) -> None:
                twin_of(session.run, pairs([values["setting"]]))

            field = Field("setting", "", "lock=9s")
            form = Form("One setting different", [field], submit, "Everything else stays.", "Show")
            values = await self.app.push_screen_wait(form)
            if values is not None:
                self._compare(values["setting"])

    def _compare(self, setting: str) -> None:
        run = self.session.run
        try:
            other = twin_of(run, pairs([setting]))
        except BadInput as problem:
            self.session.tell(str(problem), "error")
            self.redraw()
            return
        key = setting.partition("=")[0].strip().replace("-", "_")
        now = dict(run.view().settings).get(key, "?")
        as_it_is = f"{key} as it is set" if sets_anew(run, key) else f"{key}={now}"
        self._show(other, (as_it_is, setting))

    def _show(self, other: Run, what: tuple[str, str]) -> None:
        def back(_: None) -> None:
            self.redraw()

        self.app.push_screen(Twin(self.session, other, what), back)
