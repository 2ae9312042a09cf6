"""A form: a few values to be typed; what is wrong with them is said right there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from mailrail_patterns.names import BadInput

from .dialog import Dialog

Values = dict[str, str]
Submit = Callable[[Values], None]


class Field(msgspec.Struct, frozen=True):
    """One value.

    Attributes:
        name: Its name.
        value: What stands there at first.
        hint: What is expected; shown in the empty field.
    """

    name: str
    value: str = ""
    hint: str = ""


class Form(Dialog[Values | None]):
    """Asks for values; answers them once they are good, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "up", show=False),
        Binding("down", "app.focus_next", "down", show=False),
    ]
    DEFAULT_CSS = """
    Form .field { height: 1; margin-top: 1; }
    Form .field Label { width: 14; color: $text-muted; }
    Form .field Input { width: 1fr; }
    Form .wrong { height: auto; color: $text-error; margin-top: 1; }
    Form .buttons { height: 1; margin-top: 1; }
    Form Button { margin-right: 2; }
    """

    def __init__(
        self, title: str, fields: Sequence[Field], submit: Submit, intro: str = "", ok: str = "OK"
    ) -> None:
        """Prepare the form.

        Args:
            title: Its title.
            fields: What is asked for.
            submit: Takes the values, or raises :class:`BadInput` to be shown.
            intro: Lines above the fields.
            ok: What the button says.
        """
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self._submit = submit
        self._intro = intro
        self._ok = ok

    def compose(self) -> ComposeResult:
        """Lay the window out."""
        with Vertical(classes="window") as window:
            window.border_title = self._title
            if self._intro:
                yield Static(self._intro, classes="intro", markup=False)
            for index, field in enumerate(self._fields):
                with Horizontal(classes="field"):
                    yield Label(field.name, markup=False)
                    yield Input(
                        field.value, placeholder=field.hint, id=f"field-{index}", compact=True
                    )
            yield Static("", classes="wrong", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(f"{self._ok} (enter)", id="ok", compact=True, variant="primary")
                yield Button("Cancel (esc)", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Hide the complaint until there is one."""
        self.query_one(".wrong").display = False

    def values(self) -> Values:
        """Return what is typed now."""
        return {
            field.name: self.query_one(f"#field-{index}", Input).value.strip()
            for index, field in enumerate(self._fields)
        }

    def action_submit(self) -> None:
        """Hand the values in; stay if they are not good."""
        values = self.values()
        try:
            self._submit(values)
        except BadInput as problem:
            wrong = self.query_one(".wrong", Static)
            wrong.update(f"✗ {problem}")
            wrong.display = True
            return
        self.dismiss(values)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field hands the form in."""
        event.stop()
        self.action_submit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "ok":
            self.action_submit()
        else:
            self.dismiss(None)
