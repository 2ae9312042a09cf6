"""What is told stands on the row of the keys, and hides nothing else; one thing after another."""

from __future__ import annotations

from tests.app.tui.driving import LEASE, SMALL, Driver, Opened

from mailrail.config import Config
from mailrail.notices import Notice, Way
from mailrail.session import Session
from mailrail.timekeeping import AT_THE_END
from mailrail.tui.actions import LAB, TWIN
from mailrail.tui.app import Explorer
from mailrail.tui.hints import keyed, sentences
from mailrail.tui.keymap import laid
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
        assert d.told() == ["No message is poison in this pattern. i lists what can go wrong."]


def test_a_key_is_spoken_of_as_it_was_chosen_and_only_where_it_does_something() -> None:
    assert keyed(AT_THE_END, LAB) == "Space plays it again; R runs it anew; L makes it longer."
    assert keyed(AT_THE_END, TWIN) == "Space plays it again."
    own = laid("lab", {"lab": {"play_pause": "f5", "rerun": "ctrl+r", "longer": "w"}})
    assert keyed(AT_THE_END, own) == "F5 plays it again; ctrl+r runs it anew; w makes it longer."
    assert not keyed((Way("rerun", "runs it anew"),), TWIN)


def test_a_notice_is_sentences_whatever_it_ends_with() -> None:
    way = (Way("play_pause", "goes on"),)
    for text, whole in (
        ("", "Space goes on."),
        ("Look", "Look. Space goes on."),
        ("Look.", "Look. Space goes on."),
        ("Which?", "Which? Space goes on."),
    ):
        assert sentences(Notice(text, ways=way), LAB) == whole
    assert sentences(Notice("Look"), LAB) == "Look"


async def test_the_keys_that_are_told_are_those_that_were_chosen() -> None:
    keys = {"lab": {"go_on": "f9", "other_future": "f7"}}
    session = Session(find(LEASE), clock=lambda: 0.0)
    app = Explorer(session, paused=True, clock=lambda: 0.0, config=Config(keys=keys))
    async with app.run_test(size=(120, 36)) as pilot:
        d = Driver(app, pilot)
        await d.settle()
        session.seek(20.0)
        session.seek(5.0)
        await d.press("c")
        assert d.told() == ["Forked at 5s: the future you had is kept. F7 returns to it."]
        await d.press("P")
        await d.until(lambda: "(f9: on, P: end)" in "\n".join(d.text()))
