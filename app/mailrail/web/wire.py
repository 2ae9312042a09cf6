"""How an explorer draws that has no terminal but a server at the other end of its pipes."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class Wire(WebDriver):
    """Textual's driver for the web, which leaves when the server has gone."""

    def run_input_thread(self) -> None:
        """Read until there is no more: a server that was killed says no good-bye."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(ExitApp())
