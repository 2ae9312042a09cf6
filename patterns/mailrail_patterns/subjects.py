"""Subjects and the filters on them: one idea, three grammars of wildcards.

========  =========  ===============  ==============================
grammar   between    one word         several words
========  =========  ===============  ==============================
amqp      ``.``      ``*``            ``#``: none or more, anywhere
nats      ``.``      ``*``            ``>``: one or more, at the end
mqtt      ``/``      ``+``            ``#``: none or more, at the end
========  =========  ===============  ==============================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from .names import BadInput
from .topics import Grammar

Matcher = Callable[[str], bool]


class Signs(msgspec.Struct, frozen=True):
    """The signs of a grammar.

    Attributes:
        between: What stands between two words.
        one: Stands for exactly one word.
        many: Stands for several words.
        least: The fewest it stands for.
        last: Whether it must be the last word.
        empty: Whether a word may have no letters at all.
    """

    between: str
    one: str
    many: str
    least: int = 0
    last: bool = False
    empty: bool = False


SIGNS: Final = {
    Grammar.AMQP: Signs(".", "*", "#"),
    Grammar.NATS: Signs(".", "*", ">", least=1, last=True),
    Grammar.MQTT: Signs("/", "+", "#", last=True, empty=True),
}
WILDCARDS: Final = frozenset("*#>+")


def told(subject: str, inside: str) -> str:
    """Write a subject or a filter with what is said of headers: ``orders.# {tier = gold}``."""
    return f"{subject} {{{inside}}}" if inside else subject


def untold(text: str) -> tuple[str, str]:
    """Read back what :func:`told` wrote: the subject or filter, and what is said of headers."""
    subject, brace, inside = text.partition(" {")
    return (subject, inside[:-1]) if brace and inside.endswith("}") else (text, "")


def compile_filter(text: str, grammar: Grammar = Grammar.AMQP) -> Matcher:
    """Return what says whether a subject matches a filter.

    Several filters with commas between them match what any of them does, as several bindings
    of one queue do.

    Raises:
        BadInput: If a word is missing, a wildcard is only part of one, stands where it must
            not, or is one of another grammar; names the column.
    """
    signs, column = SIGNS[grammar], 1
    found: list[Matcher] = []
    for part in text.split(","):
        words = part.split(signs.between)
        for index, word in enumerate(words):
            _check(text, word, column, signs, grammar, last=index == len(words) - 1)
            column += len(word) + 1
        if not part:
            raise BadInput(f"filter {text!r}: a word is missing at column {column - 1}")
        found.append(_matcher(words, signs, grammar))
    return found[0] if len(found) == 1 else lambda subject: any(each(subject) for each in found)


def _matcher(words: Sequence[str], signs: Signs, grammar: Grammar) -> Matcher:
    if not {signs.one, signs.many}.intersection(words):
        return signs.between.join(words).__eq__
    if grammar is Grammar.AMQP:
        return lambda subject: _matches(words, subject.split("."))
    return _prefix(words, signs)


def _check(
    text: str, word: str, column: int, signs: Signs, grammar: Grammar, *, last: bool
) -> None:
    if not word and not signs.empty:
        raise BadInput(f"filter {text!r}: a word is missing at column {column}")
    for sign in (signs.one, signs.many):
        if sign in word and word != sign:
            at = column + word.index(sign)
            raise BadInput(f"filter {text!r}: {sign} at column {at} must be a word by itself")
    if word == signs.many and signs.last and not last:
        raise BadInput(f"filter {text!r}: {word} at column {column} must be the last word")
    if word in WILDCARDS and word not in (signs.one, signs.many):
        raise BadInput(
            f"filter {text!r}: {word} at column {column} is no wildcard of {grammar.value}; "
            f"it has {signs.one} and {signs.many}, and {signs.between} between words"
        )
    for at, letter in enumerate(word):
        if letter.isspace():
            raise BadInput(f"filter {text!r}: a blank at column {column + at}")


def _prefix(words: Sequence[str], signs: Signs) -> Matcher:
    """Match where the wildcard for several words is the last one, if there is any."""
    several = words[-1] == signs.many
    fixed = words[:-1] if several else words
    count, one = len(fixed), signs.one

    def matches(subject: str) -> bool:
        given = subject.split(signs.between)
        if several:
            if len(given) < count + signs.least:
                return False
        elif len(given) != count:
            return False
        # What begins with $ is the broker's own in MQTT: wildcards do not reach it.
        if signs.empty and subject.startswith("$") and words[0] in (one, signs.many):
            return False
        return all(want in (one, got) for want, got in zip(fixed, given, strict=False))

    return matches


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """Match word by word; ``reached`` holds the places of the pattern that may come next."""
    reached = {0}
    for word in words:
        reached = _past_many(pattern, reached)
        reached = {
            at if pattern[at] == "#" else at + 1
            for at in reached
            if at < len(pattern) and pattern[at] in (word, "*", "#")
        }
    return len(pattern) in _past_many(pattern, reached)


def _past_many(pattern: Sequence[str], reached: set[int]) -> set[int]:
    found = set(reached)
    for at in sorted(reached):
        while at < len(pattern) and pattern[at] == "#":
            at += 1  # noqa: PLW2901 - it stands for no word at all
            found.add(at)
    return found
