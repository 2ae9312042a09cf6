"""What a session has to tell the person in front of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Tone = Literal["information", "warning", "error"]


class Way(msgspec.Struct, frozen=True):
    """What a person can do about it. Which key that is, if any, is for the screen to say.

    Attributes:
        action: What can be done, as the screens call it.
        does: What comes of it, after the name of the key: ``returns to it``.
    """

    action: str
    does: str


class Notice(msgspec.Struct, frozen=True):
    """Something to tell the person.

    Attributes:
        text: What.
        tone: ``information``, ``warning`` or ``error``.
        ways: What can be done about it.
        news: Whether it tells what happens in the run, not what became of a key or a click.
    """

    text: str
    tone: Tone = "information"
    ways: tuple[Way, ...] = ()
    news: bool = False
