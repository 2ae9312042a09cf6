"""What can be wrong with a request from the start: invalid, impossible, poison, or a slip."""

from __future__ import annotations

from typing import Any, Final

from .port import Message, Port

INVALID: Final = "invalid"
"""It makes no sense, as anybody can see at once."""

FAIL: Final = "fail"
"""It makes sense, and the work finds out that it cannot be done."""

POISON: Final = "poison"
"""The handler fails on it, every time."""

ODDITIES: Final = (INVALID, FAIL, "typo")
"""What headers of a request may make special about it, besides ``key`` and ``cancel``."""


def oddity_of(port: Port[Any], message: Message) -> str:
    """Return what is special about a new request; mostly nothing, the empty string.

    What its headers say goes before a fault, and a fault before what the settings say of one
    request in so many.
    """
    if message.poison:
        return POISON
    told = next((each for each in ODDITIES if message.header(each)), "")
    if told:
        return told
    if port.strikes(INVALID, message.id):
        return INVALID
    settings, number = port.settings, port.stamped
    if settings.invalid_every and number % settings.invalid_every == 0:
        return INVALID
    return FAIL if settings.fail_every and number % settings.fail_every == 0 else ""


def marks(message: Message, oddity: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a request with what is special about it, if only a header tells."""
    told = oddity in ("", POISON) or message.header(oddity)
    return message.headers if told else (*message.headers, (oddity, "yes"))


def turns_out(port: Port[Any], work: Message) -> bool:
    """Say whether the work on a request, now done, has found that it cannot be done."""
    return bool(work.header(FAIL)) or port.strikes(FAIL, work.conversation or work.id)


__all__ = ["FAIL", "INVALID", "ODDITIES", "POISON", "marks", "oddity_of", "turns_out"]
