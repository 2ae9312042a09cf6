"""Keys typed faster than screens and fields come and go: each reaches what the one before left."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

PATIENCE: Final = 500
"""Turns of the event loop that a key waits at most for a screen that is on its way."""


class TypeAhead(App[int]):
    """An application that loses no key of a burst.

    Textual gives a key to the screen that is up when the key comes, and asks for its binding only
    after all that is in that screen's queue. Of ``'`` and ``a`` in one burst both go to the lab,
    and the letter finds it covered by the letters it was meant for. Here it is given once more,
    to the screen that is up by then, or the field that has the focus: of ``/lost`` all but the
    first is looked for.
    """

    def __init__(self) -> None:
        """No key has been pressed yet."""
        super().__init__()
        self._heard: WeakKeyDictionary[events.Key, tuple[Screen[Any], Widget | None]] = (
            WeakKeyDictionary()
        )

    async def on_event(self, event: events.Event) -> None:
        """Note which screen, and what in it, a key is given to."""
        if isinstance(event, events.Key) and not event.is_forwarded and self._screen_stack:
            self._heard[event] = self.screen, self.focused
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """Give a key that nobody took once more, if it would go elsewhere by now."""
        heard = self._heard.pop(event, None)
        if heard is None:
            return
        await self.settled()
        if heard != (self.screen, self.focused):
            event.stop()
            event.prevent_default()
            self.post_message(events.Key(event.key, event.character))

    async def settled(self) -> None:
        """Wait until the screen that is on its way has come, or patience is at its end."""
        for _ in range(PATIENCE):
            if self._settled():
                break
            await asyncio.sleep(0)

    def _settled(self) -> bool:
        """Return whether the screen that is up takes keys, and no other one is about to come."""
        screen = self.screen
        asking = any(w.node is screen and not w.is_finished for w in self.workers)
        return screen.is_mounted and not asking and getattr(screen, "takes_keys", True)
