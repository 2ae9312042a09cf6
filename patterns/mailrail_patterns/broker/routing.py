"""Which subjects a subscription's filter matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..names import BadInput

Matcher = Callable[[str], bool]
ONE, MANY = "*", "#"


def compile_filter(text: str) -> Matcher:
    """Return what says whether a subject matches a filter.

    A filter is words with dots between them; ``*`` stands for exactly one word, ``#`` for none
    or more, as in AMQP topic exchanges. Several with commas between them match what any of them
    does, as several bindings of one queue do.

    Raises:
        BadInput: If a word is missing or a wildcard is only part of one; names the column.
    """
    alternatives = [part.split(".") for part in text.split(",")]
    column = 1
    for words in alternatives:
        for word in words:
            if not word:
                raise BadInput(f"filter {text!r}: a word is missing at column {column}")
            for sign in (ONE, MANY):
                if sign in word and word != sign:
                    at = column + word.index(sign)
                    raise BadInput(
                        f"filter {text!r}: {sign} at column {at} must be a word by itself"
                    )
            column += len(word) + 1
    if not any(sign in text for sign in (ONE, MANY)):
        return frozenset(text.split(",")).__contains__
    return lambda subject: any(_matches(words, subject.split(".")) for words in alternatives)


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """Match word by word; ``reached`` holds the places of the pattern that may come next."""
    reached = {0}
    for word in words:
        reached = _past_many(pattern, reached)
        reached = {
            at if pattern[at] == MANY else at + 1
            for at in reached
            if at < len(pattern) and pattern[at] in (word, ONE, MANY)
        }
    return len(pattern) in _past_many(pattern, reached)


def _past_many(pattern: Sequence[str], reached: set[int]) -> set[int]:
    found = set(reached)
    for at in sorted(reached):
        while at < len(pattern) and pattern[at] == MANY:
            at += 1  # noqa: PLW2901 - it stands for no word at all
            found.add(at)
    return found
