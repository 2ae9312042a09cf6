"""The gallery with more patterns than fit on one screen, and the shelf of each of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail import memory
from mailrail.config import Config
from mailrail.discovery import matching, own_files
from mailrail.exhibition import SETTLED, STILL, opening
from mailrail.listing import in_order, ordered
from mailrail.tui.app import Explorer
from mailrail.tui.screens.gallery import GREETINGS, MOTTO, Gallery
from mailrail.tui.screens.shelf import Scenarios, wrapped
from mailrail.tui.widgets.card import Card
from mailrail_patterns import catalog
from mailrail_patterns.commands import Say
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SIZES = [(80, 24), (60, 14), (40, 12), (120, 36), (160, 48)]


def here(d: Driver) -> Card:
    """Return the card under the cursor."""
    return next(card for card in d.app.screen.query(Card) if card.has_class("-here"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_card_under_the_cursor_is_always_on_the_screen(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened(None, size) as d:
        view = d.app.screen.query_one("#cards")
        seen = []
        for _ in catalog.MODULES:
            await d.settle()
            card = here(d)
            assert view.region.overlaps(card.region)
            assert card.region.y >= view.region.y
            seen.append(card.pattern)
            await d.press("right")
        assert seen == list(catalog.MODULES)


async def test_every_card_tells_its_problem_and_its_place(opened: Opened) -> None:
    async with opened(None, (160, 48)) as d:
        count = len(catalog.MODULES)
        places = [str(card.border_subtitle) for card in d.app.screen.query(Card)]
        assert places == [f"{number} of {count}" for number in range(1, count + 1)]
        text = "\n".join(d.text())
        for name in catalog.MODULES:
            story = catalog.pattern(name).story
            starts = [" ".join(told.split()[:3]) for told in (story.problem, story.brief)]
            assert any(start in text for start in starts)


async def test_the_pictures_run_and_stop_where_nobody_looks(opened: Opened) -> None:
    async with opened(None, (160, 48)) as d:
        gallery = d.app.screen
        assert isinstance(gallery, Gallery)
        first = here(d)
        await d.until(lambda: all(card.frame is not None for card in gallery.query(Card)))
        began = first.frame
        await d.until(lambda: first.frame is not began)
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        assert gallery._timer is not None
        assert not gallery._timer._active.is_set()


@pytest.mark.parametrize(
    ("query", "expected"),
    [("priority", "priority-queue"), ("bottleneck", "pipes-and-filters"), ("burst", None),
     ("mislabel", "priority-queue"), ("lock lease", "competing-consumers")],
)  # fmt: skip
def test_a_pattern_is_found_by_name_problem_and_fault(query: str, expected: str | None) -> None:
    found = matching(query).patterns
    assert found
    assert expected is None or expected in found


def test_nothing_and_everything() -> None:
    assert matching("").patterns == list(catalog.MODULES)
    assert matching("zeppelin").patterns == []


@pytest.mark.parametrize(
    ("query", "found", "where"),
    [
        ("lost", "competing-consumers queue-based-load-leveling asynchronous-request-reply "
         "scheduler-agent-supervisor", "name or problem"),
        ("order", "sequential-convoy pipes-and-filters", "name or problem"),
        ("slow", "competing-consumers pipes-and-filters publisher-subscriber claim-check "
         "asynchronous-request-reply", "name or problem"),
        ("rebalance", "sequential-convoy", "faults"),
        ("lose-reply", "saga", "faults"),
        ("zombie", None, "anything said"),
    ],
)  # fmt: skip
def test_a_search_narrows_to_whose_problem_or_fault_it_is(
    query: str, found: str | None, where: str
) -> None:
    match = matching(query)
    assert match.where == where
    assert 0 < len(match.patterns) <= len(catalog.MODULES) // 2
    assert found is None or match.patterns == found.split()


async def test_searching_hides_the_others_and_escape_shows_them_again(opened: Opened) -> None:
    async with opened(None, (120, 36)) as d:
        await d.press("slash")
        await d.type("mislabel")
        shown = [card.pattern for card in d.app.screen.query(Card) if card.display]
        assert "priority-queue" in shown
        assert len(shown) < len(catalog.MODULES)
        await d.type("zeppelin")
        assert any("No pattern speaks of that" in row for row in d.text())
        await d.press("escape")
        assert all(card.display for card in d.app.screen.query(Card))


async def test_what_was_opened_last_is_remembered(opened: Opened) -> None:
    name = "priority-queue/prefetch-inversion"
    memory.opened("no-such-file.toml")
    memory.opened(name)
    memory.opened("gone.toml")
    async with opened(None, (120, 36)) as d:
        await d.press("o")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.scenario.name == name
        await d.press("q")
        await d.until(lambda: d.showing("Shelf"))
        scenarios = d.app.screen.query_one(Scenarios)
        assert scenarios.highlighted == scenarios.get_option_index(name)


async def test_a_stranger_is_greeted_once(opened: Opened) -> None:
    async with opened(None, (80, 24)) as d:
        assert any("New here?" in row for row in d.text())
    async with opened(None, (80, 24)) as d:
        assert not any("New here?" in row for row in d.text())


def test_that_nothing_can_be_remembered_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    memory.opened("x")
    memory.greeted()
    assert memory.recall() == memory.Memory()


def test_memory_that_is_no_memory_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    memory.opened("x")
    next(tmp_path.rglob("memory.json")).write_text('{"opened": 3}')
    assert memory.recall() == memory.Memory()


@pytest.mark.parametrize("size", SIZES[:1])
@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_the_shelf_offers_every_scenario_of_its_pattern(
    opened: Opened, size: tuple[int, int], pattern: str
) -> None:
    async with opened(None, size) as d:
        while here(d).pattern != pattern:
            await d.press("right")
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        rows = [option.id for option in d.app.screen.query_one(Scenarios).options]
        assert rows == [pattern, *ordered(pattern)]


async def test_own_files_stand_beside_the_bundled_ones(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text('pattern = "competing-consumers"\ntitle = "My own"')
    (tmp_path / "other.toml").write_text("[tool]\nx = 1")
    monkeypatch.chdir(tmp_path)
    assert own_files("competing-consumers") == [Path("mine.toml")]
    assert own_files("priority-queue") == []
    async with opened(None, (120, 36)) as d:
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        assert any("My own" in row for row in d.text())


async def test_a_broken_file_of_ones_own_tells_why_once_and_is_never_under_the_cursor(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.toml").write_text('pattern = "competing-consumers"\nduration = "0s"')
    monkeypatch.chdir(tmp_path)
    async with opened(None, (120, 36)) as d:
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        assert "\n".join(d.text()).count("a.toml: duration: expected more than 0s") == 1
        assert "a.toml: a.toml" not in "\n".join(d.text())
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))


def test_a_scenario_comes_before_its_variants_and_the_main_one_first() -> None:
    names = ["p/b", "p/a", "p/a-two", "p/c", "p/a-one", "p/c-one"]
    assert in_order(names) == ["p/a", "p/a-one", "p/a-two", "p/c", "p/c-one", "p/b"]
    assert in_order(names, "p/b")[0] == "p/b"
    for pattern in catalog.MODULES:
        assert ordered(pattern)[0] == catalog.demo(pattern)


@pytest.mark.parametrize("size", [(120, 36), (200, 60)])
async def test_rows_of_cards_are_filled_alike(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(None, size) as d:
        await d.settle()
        rows = Counter(card.region.y for card in d.app.screen.query(Card))
        assert max(rows.values()) - min(rows.values()) <= 1


def test_a_small_picture_begins_where_something_was_just_told() -> None:
    for name in catalog.MODULES:
        run = Run(find(catalog.demo(name)))
        said = [timed.at for timed in run.scenario.steps if isinstance(timed.command, Say)]
        begins = opening(run)
        assert begins <= run.duration * STILL
        assert not said or any(begins == at + SETTLED for at in said)


def test_a_point_goes_on_below_its_first_word() -> None:
    assert wrapped(["several services react to the same event"], 30) == [
        "several services react to\n    the same event"
    ]


async def test_a_title_without_end_leaves_room_for_the_other_scenarios(opened: Opened) -> None:
    async with opened(None, (120, 36)) as d:
        title = f'title = "{"x" * 100_000}"'
        Path("own.toml").write_text(f'pattern = "competing-consumers"\n{title}\n')
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.until(lambda: any("own.toml" in row for row in d.text()))
        assert any("The lock is a lease" in row for row in d.text())


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (79, 24), (80, 24)])
async def test_nothing_above_the_cards_is_cut(opened: Opened, size: tuple[int, int]) -> None:
    memory.opened("competing-consumers/the-lock-is-a-lease")
    async with opened(None, size) as d:
        top = "\n".join(row.strip() for row in d.text()[:3])
        keys = {"open": "enter", "play_pause": "space", "crash": "c", "back": "←", "help": "?"}
        assert any(greeting.format(**keys) in top for greeting in GREETINGS)
        first = top.split("\n", 1)[0].removeprefix("mailrail").strip()
        assert first in ("", MOTTO, "o opens again: competing-consumers/the-lock-is-a-lease")


async def test_what_is_told_above_the_cards_names_the_keys_that_were_chosen() -> None:
    memory.opened("邮件.toml")
    keys = {"gallery": {"open": "space", "again": "f4"}, "lab": {"crash": "K"}}
    app = Explorer(config=Config(keys=keys), clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.settle()
        top = "\n".join(d.text()[:3])
        assert "New here? space opens a pattern." in top
        assert "K kills somebody" in top
        assert "f4 opens again: 邮件.toml" in top
