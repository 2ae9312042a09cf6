"""A form: a few values to be typed; what is wrong with them is said right there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from mailrail_patterns.names import BadInput

from ..actions import bindings
from ..dialog_actions import FORM
from ..keymap import key_of
from .dialog import Dialog
from .pick import Pick

Values = dict[str, str]
Submit = Callable[[Values], None]
Tell = Callable[[Values], str]


class Field(msgspec.Struct, frozen=True):
    """One value.

    Attributes:
        name: Its name.
        value: What stands there at first.
        hint: What is expected; shown in the empty field.
        choices: The values it can have, if they are few; empty: whatever is typed.
        back: What it can be reset to; empty: nothing else.
        beside: A field with choices; only when that has not its first does this one matter.
    """

    name: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    back: str = ""
    beside: str = ""


class Form(Dialog[Values | None]):
    """Asks for values; answers them once they are good, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(FORM, "form")
    PLACES = ("form",)
    HELP_TITLE = "Keys of a form"
    DEFAULT_CSS = """
    Form .field { height: 1; margin-top: 1; }
    Form .field Label { width: auto; min-width: 14; padding-right: 1; color: $text-muted; }
    Form .field Input { width: 1fr; }
    Form .field.-idle { visibility: hidden; }
    Form .intro.-live { height: 4; }
    Form > .window { overflow-y: auto; scrollbar-size-vertical: 1; }
    Form .wrong { height: auto; color: $text-error; margin-top: 1; }
    Form .buttons { height: 1; margin-top: 1; }
    Form Button { margin-right: 2; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        submit: Submit,
        intro: str | Tell = "",
        ok: str = "OK",
    ) -> None:
        """Prepare the form.

        Args:
            title: Its title.
            fields: What is asked for.
            submit: Takes the values, or raises :class:`BadInput` to be shown.
            intro: Lines above the fields, or what makes them of the values as they are.
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
            window.border_subtitle = self.keys_told(("help", "help"))
            keys = {name: key_of(self.acts, name) for name in ("submit", "reset", "cancel")}
            if self._intro:
                live = "" if isinstance(self._intro, str) else " -live"
                yield Static("", classes=f"intro{live}", markup=False)
            for index, field in enumerate(self._fields):
                with Horizontal(classes="field", id=f"row-{index}"):
                    yield Label(field.name, markup=False)
                    if field.choices:
                        yield Pick(field.value, field.choices, id=f"field-{index}")
                        continue
                    yield Input(
                        field.value, placeholder=field.hint, id=f"field-{index}", compact=True
                    )
            yield Static("", classes="wrong", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(
                    f"{self._ok} ({keys['submit']})", id="ok", compact=True, variant="primary"
                )
                backs = [field.back for field in self._fields if field.back]
                if backs:
                    words = f"Back to {', '.join(backs)} ({keys['reset']})"
                    yield Button(words, id="reset", compact=True)
                yield Button(f"Cancel ({keys['cancel']})", id="cancel", compact=True)

    @property
    def takes_keys(self) -> bool:
        """Whether a field has the focus: what is typed before that waits."""
        return self.focused is not None

    def on_mount(self) -> None:
        """Hide the complaint until there is one."""
        if not self.is_current:
            return  # a key typed ahead has closed it before it was there
        self.query_one(".wrong").display = False
        self._tell()

    def _tell(self) -> None:
        """Tell what the values mean, and show the fields that matter with them."""
        values = self.values()
        for intro in self.query(".intro").results(Static):
            intro.update(self._intro if isinstance(self._intro, str) else self._intro(values))
        first = {field.name: field.choices[0] for field in self._fields if field.choices}
        for index, field in enumerate(self._fields):
            idle = bool(field.beside) and values[field.beside] == first[field.beside]
            self.query_one(f"#row-{index}").set_class(idle, "-idle")

    def on_input_changed(self) -> None:
        """Tell what it means now."""
        self._tell()

    def on_pick_changed(self) -> None:
        """Tell what it means now."""
        self._tell()

    def values(self) -> Values:
        """Return what is typed now."""
        return {
            field.name: self._field(index).value.strip() for index, field in enumerate(self._fields)
        }

    def _field(self, index: int) -> Input | Pick:
        if self._fields[index].choices:
            return self.query_one(f"#field-{index}", Pick)
        return self.query_one(f"#field-{index}", Input)

    def action_reset(self) -> None:
        """Put back into the fields what they can be reset to."""
        for index, field in enumerate(self._fields):
            if field.back:
                self._field(index).value = field.back

    def action_submit(self) -> None:
        """Hand the values in, once; stay if they are not good."""
        if not self.is_active:
            return
        values = self.values()
        try:
            self._submit(values)
        except BadInput as problem:
            wrong = self.query_one(".wrong", Static)
            wrong.update(f"✗ {problem}")
            wrong.display = True
            return
        self.answer(values)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field hands the form in."""
        event.stop()
        self.action_submit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "ok":
            self.action_submit()
        elif event.button.id == "reset":
            self.action_reset()
        else:
            self.answer(None)
