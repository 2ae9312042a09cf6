"""Cards of the gallery: the problem whole, the picture uncut, and nothing written over a word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from msgspec.structs import replace

from mailrail.exhibition import Exhibition
from mailrail.frames import LabFrame
from mailrail.tui.widgets.card import Card
from mailrail.tui.widgets.paper import CUT, Paper
from mailrail_patterns import catalog

SIZES = [(34, 5), (35, 5), (36, 6), (46, 5), (55, 5), (36, 13)]
"""Columns and rows inside a card: from the narrowest there is to those of a large terminal."""

GAP = 0.15
"""Wall-clock seconds between two looks: less than a message travels."""

LOOKS = 40


@cache
def frames(pattern: str) -> tuple[LabFrame, ...]:
    exhibition = Exhibition(moving=True, clock=lambda: 0.0)
    return tuple(exhibition.frame(pattern, GAP) for _ in range(LOOKS))


def card(pattern: str) -> Card:
    found = catalog.pattern(pattern)
    return Card(pattern, found.title, found.story, "")


def drawn(pattern: str, frame: LabFrame, size: tuple[int, int]) -> Paper:
    return card(pattern).paint(frame, *size)


def cells(paper: Paper) -> Iterator[tuple[str, str]]:
    for line in paper.lines():
        for text, ink in line:
            yield from ((letter, ink) for letter in text)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_the_problem_is_told_whole_and_the_picture_is_not_cut(
    pattern: str, size: tuple[int, int]
) -> None:
    story = catalog.pattern(pattern).story
    for frame in frames(pattern):
        text = drawn(pattern, frame, size).text()
        assert CUT not in text
        told = " ".join(text.split())
        assert told.startswith((story.problem, story.brief))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_what_moves_does_not_cover_what_is_written(pattern: str, size: tuple[int, int]) -> None:
    for frame in frames(pattern):
        still = drawn(pattern, replace(frame, playing=False), size)
        moving = drawn(pattern, frame, size)
        for (was, ink), (now, over) in zip(cells(still), cells(moving), strict=True):
            written = was.isalnum() and not ink.startswith("on-")
            assert not (written and now != was and over.startswith("on-")), moving.text()


def test_where_there_are_rows_the_problem_is_told_at_length() -> None:
    story = catalog.pattern("saga").story
    text = drawn("saga", frames("saga")[0], (36, 20)).text()
    assert " ".join(text.split()).startswith(story.problem)
