"""The age of the oldest message of a class against the longest anybody should wait."""

from __future__ import annotations

from mailrail_patterns.ranks import HIGH

from . import bars, figures, glyphs
from .classes import Standing
from .paper import Paper, whole
from .plot import nice

CONCERN = 0.5
"""Share of the limit from which a class that is passed over is called starved."""

WORRY = 5.0
"""The same in seconds, where there is no limit."""


FEVER = 1.5
"""Where a thermometer ends, in limits: the marks of both classes stand at the same place."""


def draw(paper: Paper, x: int, y: int, end: int, standing: Standing) -> None:
    """Draw the age of the oldest as a column of mercury with a mark at the limit."""
    top = standing.limit * FEVER or nice(max(standing.age, WORRY))
    late = 0 < standing.limit < standing.age
    heat = "broken" if late else "age"
    x = paper.put(x, y, "oldest", "faint")
    paper.right(x + 7, y, figures.left(standing.age), f"{heat}+bold")
    x += 8
    word = _limit(standing)
    wide = end - x - len(word) - 1
    if wide < 4:
        paper.fit(x, y, word, end - x, "faint")
        return
    bars.grow(paper, x, y, wide, standing.age / top, heat)
    if standing.limit:
        tick = x + min(wide - 1, int(standing.limit / top * wide))
        paper.put(tick, y, "┃", "broken+bold" if late else "text+bold")
    paper.put(x + wide + 1, y, word, "broken+bold" if late else "faint")


def summed(paper: Paper, x: int, y: int, end: int, standing: Standing, misses: int) -> None:
    """Say on one row, where there is no other, what the thermometer and the word would."""
    x = paper.put(x, y, "oldest ", "faint")
    x = paper.put(x, y, figures.left(standing.age), "age+bold") + 2
    text, shade = word(standing, misses)
    paper.fit(x, y, whole(end - x, text, text.partition(";")[0]), end - x, f"{shade}+bold")


def _limit(standing: Standing) -> str:
    word = "sla" if standing.name == HIGH else "limit"
    return f"{word} {standing.limit:g}s" if standing.limit else "no limit"


def brief(standing: Standing) -> tuple[str, str]:
    """Say in a few columns how long the oldest has waited, and in which ink."""
    if not standing.line.depth:
        return "", "faint"
    age = figures.left(standing.age)
    if 0 < standing.limit < standing.age:
        return f"{glyphs.BROKEN}{age}", "broken"
    return age, "age"


def word(standing: Standing, misses: int) -> tuple[str, str]:
    """Say how a class is being treated, and in which ink."""
    late = 0 < standing.limit < standing.age
    if standing.name == HIGH and late:
        return f"{glyphs.BROKEN} LATE by {figures.left(standing.age - standing.limit)}", "broken"
    if standing.name == HIGH and misses:
        return f"{glyphs.WARN} {figures.count(misses)} not begun in time", "warn"
    if not standing.line.depth and standing.age > 0:
        return "taken by workers, not begun", "text"
    if standing.name == HIGH and standing.offered:
        return f"{glyphs.HOLDS} none late", "holds"
    if not standing.line.depth:
        return ("nothing waits" if standing.offered else "none has come"), "faint"
    concern = standing.limit * CONCERN or WORRY
    if min(standing.age, standing.starved) > concern:
        sign, ink = (glyphs.BROKEN, "broken") if late else (glyphs.WARN, "warn")
        return f"{sign} STARVED {figures.left(standing.starved)}", ink
    last = f"last served {figures.left(standing.starved)} ago"
    if late:
        return (
            f"{glyphs.BROKEN} LATE by {figures.left(standing.age - standing.limit)}; {last}",
            "broken",
        )
    return f"waits; {last}", "text"
