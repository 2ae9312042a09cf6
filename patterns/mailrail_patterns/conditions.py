"""Content filters: conditions on the headers of a message, all of which must hold.

``amount >= 100 & tier = gold``. A header that is missing makes a condition false; a header
that should be a number and is none is an error, and what happens then is the subscription's
own choice.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

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
        BadInput: If a condition cannot be read; names the column.
    """
    if not text.strip():
        return Content((), lambda headers: True)
    names, conditions, column = [], [], 1
    for part in text.split("&"):
        match = _PART.fullmatch(part)
        if match is None:
            at = column + len(part) - len(part.lstrip())
            raise BadInput(
                f"filter {text!r}: expected a condition such as tier = gold at column {at}"
            )
        name, sign, wanted = match.groups()
        if sign in _ORDER:
            try:
                conditions.append(_ordered(name, sign, float(wanted)))
            except ValueError:
                at = column + match.start(3)
                raise BadInput(
                    f"filter {text!r}: {sign} needs a number at column {at}, not {wanted!r}"
                ) from None
        else:
            conditions.append(_equal(name, wanted, same=sign != "!="))
        names.append(name)
        column += len(part) + 1
    return Content(tuple(dict.fromkeys(names)), lambda headers: all(c(headers) for c in conditions))


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
