"""What a key does to dead letters."""

from __future__ import annotations

from textual import work

from mailrail_patterns.commands import Redrive

from .menu import Choice, Menu
from .stage import Stage


class LetterKeys(Stage):
    """The dead letters of the group Messages, faults and settings."""

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
