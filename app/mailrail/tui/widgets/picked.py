"""What a widget says when a person picks something that can be selected."""

from __future__ import annotations

from textual.message import Message


class Picked(Message):
    """A person picked an actor, a message, a queue, a row or an event.

    Attributes:
        kind: What it is, as :class:`mailrail.selection.Kind` has it.
        key: Which one, as :func:`mailrail.selection.selection_of` reads it.
        opens: Whether it was chosen, not only pointed at: what is selected already is opened.
    """

    def __init__(self, kind: str, key: str, *, opens: bool = False) -> None:
        super().__init__()
        self.kind = kind
        self.key = key
        self.opens = opens
