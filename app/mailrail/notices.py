"""What a session has to tell the person in front of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Tone = Literal["information", "warning", "error"]


class Notice(msgspec.Struct, frozen=True):
    """Something to tell the person.

    Attributes:
        text: What.
        tone: ``information``, ``warning`` or ``error``.
        news: Whether it tells what happens in the run, not what became of a key or a click.
    """

    text: str
    tone: Tone = "information"
    news: bool = False
