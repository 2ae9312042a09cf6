"""Content filters: conditions on the headers of a message, all of which must hold.

``amount >= 100 & tier = gold``. A header that is missing makes a condition false; a header
that should be a number and is none is an error, and what happens then is the subscription's
own choice.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from .contradictions import Part, contradiction
from .names import BadInput

Condition = Callable[[Mapping[str, str]], bool]


class Unfit(ValueError):
    """A filter met a header it cannot be applied to; the text says which and why."""


class Content(msgspec.Struct, frozen=True):
    """A content filter, ready to be asked.

    Attributes:
        names: The headers it looks at.
        holds: Says whether all conditions hold; raises :class:`Unfit`.
    """

    names: tuple[str, ...]
    holds: Condition


_PART: Final = re.compile(
    r"\s*([A-Za-z_][\w.-]*)\s*(==|!=|>=|<=|=|>|<)\s*([^\s=<>!&][^=<>!&]*?)\s*"
)
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def compile_content(text: str) -> Content:
    """Read the conditions of a content filter; an empty text holds always.

    Raises:
        BadInput: If a condition cannot be read, or cannot hold with an earlier one; names the
            column.
    """
    if not text.strip():
        return Content((), lambda headers: True)
    parts, conditions, column = [], [], 1
    for part in text.split("&"):
        match = _PART.fullmatch(part)
        if match is None:
            at = column + len(part) - len(part.lstrip())
            raise BadInput(
                f"filter {text!r}: expected a condition such as tier = gold at column {at}"
            )
        name, sign, wanted = match.groups()
        if sign in _ORDER:
            limit = _number(wanted)
            if limit is None:
                at = column + match.start(3)
                raise BadInput(
                    f"filter {text!r}: {sign} needs a number at column {at}, not {wanted!r}"
                )
            conditions.append(_ordered(name, sign, limit))
        else:
            conditions.append(_equal(name, wanted, same=sign != "!="))
        parts.append(Part(name, sign, wanted, column + match.start(1)))
        column += len(part) + 1
    _check_together(text, parts)
    names = tuple(dict.fromkeys(part.name for part in parts))
    return Content(names, lambda headers: all(c(headers) for c in conditions))


def _check_together(text: str, parts: Sequence[Part]) -> None:
    found = contradiction(parts)
    if found is not None:
        before, part = found
        raise BadInput(
            f"filter {text!r}: no {part.name} is {part.text} at column {part.column} and also "
            f"{before.text} at column {before.column}"
        )


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _equal(name: str, wanted: str, *, same: bool) -> Condition:
    def holds(headers: Mapping[str, str]) -> bool:
        return name in headers and (headers[name] == wanted) is same

    return holds


def _ordered(name: str, sign: str, limit: float) -> Condition:
    compare = _ORDER[sign]

    def holds(headers: Mapping[str, str]) -> bool:
        given = headers.get(name)
        if given is None:
            return False
        try:
            return compare(float(given), limit)
        except ValueError:
            raise Unfit(f"{name} is {given!r}, not a number") from None

    return holds
