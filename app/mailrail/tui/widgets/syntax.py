"""Python as inks: what of a source line is a word of the language, text, a number or a remark."""

from __future__ import annotations

import keyword
import token
import tokenize
from functools import lru_cache
from typing import Final

from mailrail.code import Source

from .paper import Line, Span

NAMES: Final = frozenset({"def", "class"})
"""Words after which a name is given."""

OPENS: Final = frozenset(
    getattr(token, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(token, name)
)
CLOSES: Final = frozenset(
    getattr(token, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(token, name)
)
"""Newer Pythons take formatted text apart; here it is text from its first quote to its last."""

PLAIN: Final = "text"


@lru_cache(32)
def inked(source: Source) -> tuple[Line, ...]:
    """Return the lines of a source file as runs of one ink each; worked out once a file."""
    marks: list[list[tuple[int, int, str]]] = [[] for _ in source.lines]
    for start, end, ink in _marks("\n".join(source.lines) + "\n"):
        for row in range(start[0], end[0] + 1):
            left = start[1] if row == start[0] else 0
            right = end[1] if row == end[0] else len(source.lines[row - 1])
            marks[row - 1].append((left, right, ink))
    return tuple(_line(text, mine) for text, mine in zip(source.lines, marks, strict=True))


Place = tuple[int, int]


def _marks(text: str) -> list[tuple[Place, Place, str]]:
    lines = iter(text.splitlines(keepends=True))
    found: list[tuple[Place, Place, str]] = []
    opened: list[Place] = []
    before = ""
    try:
        for each in tokenize.generate_tokens(lambda: next(lines, "")):
            if each.type in OPENS:
                opened.append(each.start)
            elif each.type in CLOSES:
                start = opened.pop()
                if not opened:
                    found.append((start, each.end, "done"))
            elif not opened and (ink := _ink(each, before)):
                found.append((each.start, each.end, ink))
            if each.string.strip():
                before = each.string
    except (tokenize.TokenError, SyntaxError):  # half a file is better than none
        return found
    return found


def _ink(each: tokenize.TokenInfo, before: str) -> str:
    if each.type == token.STRING:
        return "done"
    if each.type == token.COMMENT:
        return "faint+italic"
    if each.type == token.NUMBER:
        return "warn"
    if each.type == token.NAME:
        if keyword.iskeyword(each.string) or _is_soft(each):
            return "held+bold" if each.string in {"await", "async"} else "held"
        if before in NAMES:
            return "ready+bold"
    return ""


def _is_soft(each: tokenize.TokenInfo) -> bool:
    """Say whether a word that may also be a name begins a ``match`` or one of its cases."""
    begins = not each.line[: each.start[1]].strip()
    return begins and each.string in {"match", "case"} and each.line.rstrip().endswith(":")


def _line(text: str, marks: list[tuple[int, int, str]]) -> Line:
    spans: list[Span] = []
    at = 0
    for left, right, ink in marks:
        if left > at:
            spans.append((text[at:left], PLAIN))
        spans.append((text[left:right], ink))
        at = right
    if at < len(text):
        spans.append((text[at:], PLAIN))
    return tuple(spans)
