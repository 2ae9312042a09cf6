"""What keys do to the run as a whole: again, another future, copied, saved."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from textual import work

from mailrail.files import Taken, unused
from mailrail.futures import by_hand
from mailrail.reproduce import reproduce
from mailrail.saving import file_of, save
from mailrail_patterns.run import Run

from ..widgets.paper import cut
from .form import Field, Form, Values
from .menu import Choice, Menu
from .stage import Stage
from .steady import steady


class RunKeys(Stage):
    """The actions of the group This run."""

    def action_lecture(self) -> None:
        """Present it, or stop presenting."""
        self.toggle_lecture()

    def action_loop(self) -> None:
        """Begin anew at the end, or not."""
        lecture = self.session.lecture
        lecture.loop = not lecture.loop
        self.session.tell("At the end it begins anew." if lecture.loop else "It ends at its end.")
        self.redraw()

    def action_rerun(self) -> None:
        """Run anew with the same seed."""
        self.session.rerun()
        self.redraw()

    def action_new_seed(self) -> None:
        """Run anew with the next seed."""
        self.session.new_seed()
        self.redraw()

    @work
    async def action_other_future(self) -> None:
        """Return to the future left behind; where there are several, ask to which."""
        futures = self.session.futures
        index = -1
        if len(futures) > 1:
            rows = [
                Choice(f"{at}", left.where, f"{left.done}; {left.broken}")
                for at, left in reversed(list(enumerate(futures)))
            ]
            chosen = await self.app.push_screen_wait(Menu("Return to which future?", rows))
            if chosen is None:
                return
            index = int(chosen)
        self.session.other_future(index)
        self.redraw()

    def action_longer(self) -> None:
        """Let the scenario last longer."""
        self.session.attempt(self.session.longer)
        self.redraw()

    def action_copy(self) -> None:
        """Copy the command that reproduces the run, and show it."""
        command = reproduce(self.session.run)
        self.app.copy_to_clipboard(command)
        self.app.clear_notifications()
        told = cut(f"Copied: {command}", 2 * (self.size.width - len("▌  ")))
        self.notify(told, markup=False, timeout=8)

    @steady
    @work
    async def action_save(self) -> None:
        """Ask for a name and save; ask again before a file is replaced."""
        run = self.session.run
        name = str(unused(f"{run.pattern.name}-{number}.toml" for number in count(1)))
        what = f"Seed {run.seed}, settings as given, {by_hand(run)}."
        intro = f"{what}\nOpen it again with: mailrail open FILE"
        while True:
            taken: list[Path] = []

            def submit(values: Values, taken: list[Path] = taken) -> None:
                path = file_of(values["file"])
                try:
                    save(run, path)
                except Taken:
                    taken.append(path)

            form = Form("Save as a scenario", [Field("file", name)], submit, intro, "Save")
            values = await self.app.push_screen_wait(form)
            if values is None:
                break
            name = values["file"]
            if not taken or await self._replace(run, taken[0]):
                self.session.tell(f"Saved: {file_of(name)}")
                break
        self.redraw()

    async def _replace(self, run: Run, path: Path) -> bool:
        choices = [
            Choice("other", "Choose another name", "the file stays as it is"),
            Choice("replace", "Replace it", "what is in the file now is lost"),
        ]
        answer = await self.app.push_screen_wait(Menu(f"{path} exists already", choices))
        return answer == "replace" and self.session.attempt(lambda: save(run, path, overwrite=True))
