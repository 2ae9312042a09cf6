"""Settings in the lab: what differs is marked, and is put back by commands like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.resetting import changed, reset
from mailrail.saving import save
from mailrail.session import Session
from mailrail.tui.screens.pick import Pick
from mailrail_patterns import catalog
from mailrail_patterns.commands import Set, parse_command
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find, load
from mailrail_patterns.settings import describe

LEASE = "competing-consumers/the-lock-is-a-lease"


def told(session: Session, *texts: str) -> Session:
    for text in texts:
        session.do(parse_command(text))
    return session


def put_back(session: Session, *names: str) -> dict[str, str]:
    found: list[dict[str, str]] = []
    reset(session, found.append, names)
    while session.errand is not None:
        session.tick(0.0)
    return found[0]


def setting(d: Driver, name: str) -> str:
    return dict(d.session.run.view().settings)[name]


def test_one_is_put_back_and_the_others_stay() -> None:
    session = told(Session(find(LEASE)), "set lock=9s", "set service=1s", "set lock=8s")
    assert changed(session.run) == {"lock": "5s", "service": "3s"}
    assert put_back(session, "lock") == {"lock": "5s"}
    assert changed(session.run) == {"service": "3s"}
    assert session.run.commands[-1].command == Set("lock", "5s")


@pytest.mark.parametrize("steps", [
    ("set longest_delay=40s", "set retry_delay=30s"),
    ("set retry_delay=2s", "set longest_delay=5s"),
])  # fmt: skip
def test_what_bounds_each_other_goes_back_in_the_order_that_can(steps: tuple[str, str]) -> None:
    overrides = {"retry_delay": "10s", "longest_delay": "20s"}
    session = told(Session(find(LEASE), overrides=overrides), *steps)
    assert put_back(session) == overrides
    assert changed(session.run) == {}


def test_one_that_can_only_go_back_with_others_is_refused() -> None:
    session = Session(find(LEASE), overrides={"at_limit": "drop"})
    told(session, "set at_limit=dead-letter", "set dead_letter_expired=on")
    with pytest.raises(BadInput, match="there are no dead letters"):
        put_back(session, "at_limit")
    assert put_back(session) == {"at_limit": "drop", "dead_letter_expired": "off"}


@pytest.mark.parametrize("name", catalog.MODULES)
def test_another_dialect_and_all_it_brings_goes_back(name: str) -> None:
    session = Session(find(name))
    dialects = next(s for s in describe(session.run.pattern) if s.name == "dialect").choices
    start = session.run.started_with()
    for dialect in dialects:
        try:
            session.do(Set("dialect", dialect))
        except BadInput:
            continue
        put_back(session)
        assert dict(session.run.view().settings) == start


async def test_the_menu_marks_what_was_changed_and_puts_one_back(opened: Opened) -> None:
    async with opened() as d:
        await d.press("e", "l", "enter")
        await d.type("4s")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        await d.press("e")
        assert any("4s  changed, was 5s" in row for row in d.text())
        assert any("3s  default 2.5s" in row for row in d.text())
        assert any("Put all back: lock 5s" in row for row in d.text())
        await d.press("l", "ctrl+r")
        await d.until(lambda: d.showing("SettingMenu"))
        assert setting(d, "lock") == "5s"
        assert not any("changed, was" in row for row in d.text())
        await d.press("ctrl+r")
        await d.until(lambda: d.showing("SettingMenu"))
        await d.press("escape")
        await d.until(lambda: "lock is what it was at the start." in d.told())


async def test_a_form_goes_back_to_the_value_at_the_start(opened: Opened) -> None:
    async with opened() as d:
        d.session.do(Set("lock", "4s"))
        await d.press("e", "l", "enter", "ctrl+r")
        assert any("Back to 5s (ctrl+r)" in row for row in d.text())
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert setting(d, "lock") == "5s"
        assert not d.app.screen.query(Pick)


async def test_all_go_back_with_one_key_in_the_past_in_a_fork_and_are_saved(
    opened: Opened, tmp_path: Path
) -> None:
    async with opened() as d:
        for text in ("set lock=9s", "set service=1s", "set mode=receive-and-delete"):
            d.session.do(parse_command(text))
        d.session.seek(10.0)
        d.session.seek(4.0)
        await d.press("E")
        assert d.session.forks == 1
        assert changed(d.session.run) == {}
        assert any("Put back: " in text for text in d.told())
        await d.press("E")
        assert "Every setting is what it was at the start." in d.told()
        d.session.seek(20.0)
        save(d.session.run, tmp_path / "back.toml")
        again = Run(load(tmp_path / "back.toml"))
        again.advance(20.0)
        assert again.digest() == d.session.run.digest()


async def test_several_futures_are_offered_to_choose_from(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(20.0)
        first = d.session.run
        for instant, key in ((10.0, "c"), (8.0, "p"), (6.0, "m")):
            d.session.seek(instant)
            await d.press(key)
            d.session.seek(15.0)
        last = d.session.run
        await d.press("U")
        await d.until(lambda: d.showing("Menu"))
        assert sum("thing" in row and "by hand" in row for row in d.text()) >= 3
        await d.press("end", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run is first
        assert d.session.futures[0].run is last
        assert len(d.session.futures) == 3
        await d.press("U", "escape")
        assert d.session.run is first


async def test_one_long_value_leaves_the_others_their_sentences(opened: Opened) -> None:
    async with opened("publisher-subscriber/a-guarantee-each") as d:
        await d.press("e")
        rows = d.text()
        assert any("audit lock=2s max_deliveries=2, board" in row for row in rows)
        assert any("a copy for each subscription" in row for row in rows if " copies " in row)


@pytest.mark.parametrize("size", [(120, 36), (160, 48)])
async def test_where_there_is_room_every_purpose_is_told_whole(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened("saga/point-of-no-return", size) as d:
        await d.press("e")  # the one looked at takes two rows at the smaller size
        window = d.app.screen.query_one(".window")
        place = window.region
        rows = [row[place.x : place.right] for row in d.text()[place.y : place.bottom]]
        told = " ".join(word for row in rows for word in row.strip("│ ").split())
        assert "0 = until it succeeds, which takes max_deliveries=0 (0 to 1000)" in told
        assert "…" not in told
        assert not window.query_one(".hint").display


async def test_where_there_is_none_the_one_under_the_cursor_is(opened: Opened) -> None:
    async with opened("saga/point-of-no-return", (80, 24)) as d:
        await d.press("e")
        assert any("…" in row for row in d.text())
        assert any("off = a refusal ends it there (on, off)" in row for row in d.text())
