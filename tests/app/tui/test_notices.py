"""What is told stands on the row of the keys, and hides nothing else; one thing after another."""

from __future__ import annotations

from tests.app.tui.driving import LEASE, SMALL, Driver, Opened

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.screens.player import LETTERS, reading
from mailrail_patterns.scenario import find


async def test_a_notice_stands_on_the_keys_and_leaves_the_ledger_to_be_read() -> None:
    app = Explorer(Session(find(LEASE), clock=lambda: 0.0), paused=True, clock=lambda: 0.0)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        d = Driver(app, pilot)
        await d.settle()
        await d.press("U")
        await d.until(lambda: "no other future" in d.text()[-1])
        told = d.text()
        app.clear_notifications()
        await d.until(lambda: "help" in d.text()[-1])
        assert told[:-1] == d.text()[:-1]


async def test_what_is_told_next_takes_the_place_of_what_was_told_before(opened: Opened) -> None:
    async with opened() as d:
        await d.press("F", "V", "U")
        await d.until(lambda: d.told() == [d.told()[-1]])
        assert "no other future" in d.told()[0]


def test_a_long_notice_stays_longer() -> None:
    assert reading("x" * LETTERS) == reading("") + 1.0


async def test_where_nothing_can_be_poison_it_is_said_where_to_look(opened: Opened) -> None:
    async with opened("priority-queue/starve-then-age") as d:
        await d.press("m")
        assert d.told() == ["No message is poison in this pattern; i lists what can go wrong."]
