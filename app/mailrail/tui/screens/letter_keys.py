"""What keys do to messages in their queues: a look at the next one, a way back for the dead."""

from __future__ import annotations

from textual import work

from mailrail.inspection.queues import next_ready
from mailrail.selection import Kind, Selection
from mailrail_patterns.commands import Peek, Redrive

from .menu import Choice, Menu
from .stage import Stage
from .steady import steady


class LetterKeys(Stage):
    """The queues of the group Messages, faults and settings."""

    @steady
    @work
    async def action_peek(self) -> None:
        """Look at what a queue would deliver next, and select that; ask which if there are more."""
        selected, queues = self.session.selection, self.session.run.view().queues
        names = [queue.name for queue in queues if queue.depth]
        if not names:
            self.session.tell("Nothing is ready in any queue.", "warning")
            self.redraw()
            return
        name: str | None = names[0]
        if selected.kind is Kind.QUEUE and selected.name in names:
            name = selected.name
        elif len(names) > 1:
            choices = [Choice(q.name, q.name, f"{q.depth} ready") for q in queues if q.depth]
            name = await self.app.push_screen_wait(Menu("What is next in", choices))
        if name and self.session.run.now < self.session.run.frontier:
            self._look_up(name)
        elif name:
            self._look(name)

    def _look(self, name: str) -> None:
        """Look at what is next, as anybody can who has the queue: the look is recorded."""

        def looked() -> None:
            found = self.session.run.events[-1].message
            if found:
                self.session.look_at(Selection(Kind.MESSAGE, found, name))
                self.session.tell(f"{found} would be next in {name}. It stays where it is.")

        self.attempt(Peek(name), looked)

    def _look_up(self, name: str) -> None:
        """Tell what was next in the past: a look recorded there would be a fork."""
        found, doubt = next_ready(self.session.run, name)
        told = f"first in {name}; {doubt}" if doubt else f"next in {name}"
        self.session.look_at(Selection(Kind.MESSAGE, found, name))
        self.session.tell(f"{found} was {told}. Nothing is recorded in the past.")
        self.redraw()

    @steady
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
