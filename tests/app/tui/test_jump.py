"""Jump mode: letters on everything that answers a click, and where they lead."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import LARGE, LEASE, SMALL, Driver, Opened
from textual.geometry import Offset

from mailrail.selection import Kind, Selection
from mailrail.tui.screens.jump import Jump
from mailrail.tui.screens.targets import Target, labelled, labels_of
from mailrail.tui.widgets.guarantees import Guarantees
from mailrail.tui.widgets.listing import Listing
from mailrail.tui.widgets.paper import Zone
from mailrail.tui.widgets.walk import Walk, nearest


async def labels(d: Driver) -> dict[str, Target]:
    """Enter jump mode; return what its letters lead to."""
    d.lab.redraw()
    await d.press("apostrophe")
    await d.until(lambda: d.showing("Jump"))
    screen = d.app.screen
    assert isinstance(screen, Jump)
    return screen.labels


def inks_at(picture: Walk, zone: Zone) -> set[str]:
    """Return the inks of a row of the picture."""
    return {ink for _, ink in picture._paper.line(zone.y)}


async def jump(d: Driver, kind: str, name: str, pane: str = "") -> None:
    """Press the letters of a target."""
    found = await labels(d)
    await d.press(*next(
        letters for letters, target in found.items()
        if (target.kind, target.name) == (kind, name) and target.pane in (pane, pane or target.pane)
    ))  # fmt: skip


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_letter_selects_an_actor(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as d:
        d.session.seek(9.5)
        await jump(d, "actor", "consumer-3")
        await d.until(lambda: d.showing("Lab"))
        await d.settle()
        assert d.session.selected == "consumer-3"


async def test_a_letter_tells_the_life_of_a_message_or_enters_a_pane(opened: Opened) -> None:
    async with opened(size=(120, 36)) as d:
        d.session.seek(9.5)
        await jump(d, "pane", "ledger")
        await d.until(lambda: d.showing("Lab"))
        assert d.lab.focused is d.lab.query_one("#ledger")
        message = next(t.name for t in (await labels(d)).values() if t.kind == "message")
        await d.press("escape")
        await jump(d, "message", message)
        await d.until(lambda: d.showing("Path"))
        assert any(message in row for row in d.text())


async def test_a_letter_does_in_a_list_what_a_click_does(opened: Opened) -> None:
    async with opened(LEASE, LARGE) as d:
        d.session.seek(12.5)
        rows = [t for t in (await labels(d)).values() if t.pane == "ledger"]
        assert len(rows) == d.lab.query_one("#ledger").content_size.height
        await d.press("escape")
        await jump(d, "event", rows[2].name)
        await d.until(lambda: d.session.selection == Selection(Kind.EVENT, rows[2].name))
        assert d.session.run.position == int(rows[2].name)
        await jump(d, "guarantee", "worked-on-by-one")
        await d.until(lambda: d.lab.query_one(Guarantees).explained == "worked-on-by-one")
        await jump(d, "metric", "sent")
        await d.until(lambda: any("messages accepted by a queue" in text for text in d.told()))
        await jump(d, "actor", "consumer-2", "actors")
        await d.until(lambda: d.session.selected == "consumer-2")


@pytest.mark.parametrize(("key", "pane"), [("8", "queues"), ("9", "dead"), ("6", "actors")])
async def test_every_row_of_a_list_has_letters(opened: Opened, key: str, pane: str) -> None:
    async with opened(LEASE, SMALL) as d:
        d.session.seek(30.0)
        await d.press(key)
        listing = d.lab.query_one(f"#{pane}", Listing)
        rows = [target.name for target in (await labels(d)).values() if target.pane == pane]
        assert rows
        assert rows == list(listing.keys())[: listing.room]


async def test_any_other_key_goes_nowhere(opened: Opened) -> None:
    async with opened(LEASE, LARGE) as d:
        before = d.session.selection
        found = await labels(d)
        pair = next(letters for letters in found if len(letters) == 2)
        await d.press(pair[0])
        assert d.showing("Jump")
        assert not any(letters == pair[0] for letters in found)
        await d.press("f12")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.selection == before


async def test_a_screen_laid_out_anew_ends_it(opened: Opened) -> None:
    async with opened() as d:
        await labels(d)
        await d.pilot.resize_terminal(100, 40)
        await d.until(lambda: d.showing("Lab"))


@pytest.mark.parametrize("count", [0, 1, 26, 27, 60, 676])
def test_no_label_begins_with_another(count: int) -> None:
    found = labels_of(count)
    assert len(set(found)) == count
    assert not any(a != b and b.startswith(a) for a in found for b in found)
    assert sum(len(letters) == 1 for letters in found) >= min(count, 26 - -(-(count - 26) // 25))


def test_letters_stand_where_they_hide_least() -> None:
    row = " ▸ m10  m11m12 ─ledger──   "

    def at(*targets: tuple[int, int]) -> list[int]:
        made = [Target(x, 0, end, "message", str(x)) for x, end in targets]
        return [label.x for label in labelled(made, [row])]

    assert at((3, 6)) == [2]  # the blank before it
    assert at((8, 11), (11, 14)) == [7, 11]  # the text before it is another's
    assert at((15, 16)) == [14]
    assert at((0, 27)) == [0]
    assert at((8, 10), (8, 10), (8, 10), (8, 10)) == [7, 8, 9]  # a fourth finds no room


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_picture_is_walked_through_once_it_was_jumped_to(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened(LEASE, size) as d:
        d.session.seek(12.5)
        await jump(d, "pane", "picture")
        await d.until(lambda: d.showing("Lab"))
        assert d.lab.focused is d.lab.query_one("#picture")
        seen = {d.session.selection}
        for key in ("j", "down", "left", *"hhhhhhh"):
            await d.press(key)
            await d.settle()
            seen.add(d.session.selection)
            here = d.lab.query_one(Walk).here
            assert here is not None
            assert "on-note+bold" in inks_at(d.lab.query_one(Walk), here)
        assert {Selection(Kind.ACTOR, "producer-1"), Selection(Kind.QUEUE, "work")} <= seen
        assert d.session.run.now == 12.5
        await d.press("escape", "right")
        assert d.lab.focused is None
        assert d.session.run.now > 12.5


async def test_a_click_leaves_the_keys_to_time(opened: Opened) -> None:
    async with opened(LEASE, LARGE) as d:
        d.session.seek(12.5)
        d.lab.redraw()
        y = next(y for y, row in enumerate(d.text()) if "producer-1" in row)
        await d.pilot.click(offset=Offset(d.text()[y].index("producer-1") + 2, y))
        await d.settle()
        assert d.session.selected == "producer-1"
        assert d.lab.focused is None


def test_a_walk_goes_to_what_is_nearest_that_way() -> None:
    here = Zone(5, 10, 20, "actor", "here")
    again = Zone(6, 10, 20, "actor", "here")
    below = Zone(9, 15, 25, "actor", "below")
    aside = Zone(6, 60, 70, "queue", "aside")
    zones = [here, again, below, aside]
    assert nearest(zones, here, 0, 1) == below
    assert nearest(zones, here, 1, 0) == below
    assert nearest(zones, below, 1, 0) == aside
    assert nearest(zones, aside, -1, 0) == again
    assert nearest(zones, here, 0, -1) == here
