"""The names of keys, as a person may write them in the configuration."""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Final

from textual.binding import Binding, InvalidBinding
from textual.keys import Keys

from mailrail_patterns.names import BadInput, suggest

MODIFIERS: Final = ("ctrl", "shift", "alt", "super", "hyper", "meta")
"""What may stand before a key, each followed by a plus sign."""


@lru_cache(256)
def split(keys: str) -> tuple[str, ...]:
    """Return the names of several keys separated by commas; a sign is called by its name.

    ``?`` is ``question_mark``; blanks do not count.

    Raises:
        BadInput: If there is nothing between two commas.
    """
    try:
        return tuple(each.key for each in Binding.make_bindings([Binding(keys, "")]))
    except InvalidBinding:
        raise BadInput(f"expected keys separated by single commas, not {keys!r}") from None


KNOWN: Final = frozenset(
    {key.value for key in Keys if not key.value.startswith("<")}
    | {split(sign)[0] for sign in string.printable if sign.isprintable() and sign not in " ,"}
    | {"space", "comma"}
)
"""Every name of a key without what may stand before it, and some with it."""


def check_name(key: str) -> None:
    """See that a key can be pressed.

    Raises:
        BadInput: If there is no key of that name; names the nearest.
    """
    *before, last = key.split("+") if key not in KNOWN else [key]
    if len(last) == 1 and last.isprintable():
        last = split(last)[0]
    elif last not in KNOWN:
        prefix = "".join(f"{each}+" for each in before)
        raise BadInput(f"unknown key {key!r}; {suggest(key, sorted(_offered(prefix)))}")
    for each in before:
        if each not in MODIFIERS:
            raise BadInput(f"unknown key {key!r}: {each!r}; {suggest(each, MODIFIERS)}")


def _offered(prefix: str) -> set[str]:
    """Return the names that a person may have meant, longest ways of writing them left out."""
    return {f"{prefix}{name}" for name in KNOWN if "+" not in name and len(name) > 1}
