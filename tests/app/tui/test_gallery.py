"""The gallery with more patterns than fit on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mailrail.listing import in_order
from mailrail.tui.screens.gallery import Card, Scenarios
from mailrail_patterns import catalog


@pytest.mark.parametrize("size", [(80, 24), (60, 14), (40, 12), (120, 36)])
async def test_the_row_under_the_cursor_is_always_on_the_screen(
    opened: Callable[..., Any], size: tuple[int, int]
) -> None:
    async with opened(None, size) as d:
        screen = d.app.screen
        total = sum(each.option_count for each in screen.query(Scenarios))
        view = screen.query_one("#cards").region
        seen = []
        for _ in range(total):
            here = next(each for each in screen.query(Scenarios) if each.has_focus)
            assert view.y <= here.region.y + here.highlighted < view.bottom
            seen.append(here.get_option_at_index(here.highlighted).id)
            await d.press("down")
            await d.settle()
        assert set(seen) == {*catalog.MODULES, *catalog.bundled()}


async def test_every_card_says_which_of_how_many_it_is(opened: Callable[..., Any]) -> None:
    async with opened(None, (80, 24)) as d:
        count = len(catalog.MODULES)
        places = [str(card.border_subtitle) for card in d.app.screen.query(Card)]
        assert places == [f"{number} of {count}" for number in range(1, count + 1)]
        assert any(f"1 of {count}" in row for row in d.text())


def test_a_scenario_comes_before_its_variants_and_the_main_one_first() -> None:
    names = ["p/b", "p/a", "p/a-two", "p/c", "p/a-one", "p/c-one"]
    assert in_order(names) == ["p/a", "p/a-one", "p/a-two", "p/c", "p/c-one", "p/b"]
    pipes = in_order(catalog.bundled("pipes-and-filters"))
    assert pipes[0] == "pipes-and-filters/moving-bottleneck"
