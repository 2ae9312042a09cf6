"""Select, inspect, read the code: whole ways through the panes, small and large."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import LARGE, LEASE, SMALL, Driver, Opened
from textual.geometry import Offset

from mailrail.selection import Kind, Selection
from mailrail.tui.screens.panes import PANES, PLOTS, SHOWN, asked_again, fitting
from mailrail.tui.widgets.picked import Picked


def pane(d: Driver, name: str) -> str:
    """Return what a pane shows, its title included."""
    region = d.lab.query_one(f"#{name}").region
    rows = d.text()[region.y : region.bottom]
    return "\n".join(row[region.x : region.right] for row in rows)


async def at(d: Driver, time: float) -> None:
    d.session.seek(time)
    d.lab.redraw()
    await d.settle()


async def open_pane(d: Driver, key: str, name: str) -> None:
    if name not in d.lab.visible_panes():
        await d.press(key)
    await d.settle()
    assert name in d.lab.visible_panes()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_actor_is_selected_and_its_line_lit(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(LEASE, size) as d:
        await at(d, 12.5)
        await open_pane(d, "I", "inspector")
        assert "inspector · consumer-1" in pane(d, "inspector")
        await d.press("tab", "tab")
        assert "inspector · consumer-3" in pane(d, "inspector")
        await open_pane(d, "o", "code")
        (lit,) = [row for row in pane(d, "code").split("\n") if row.startswith("▸")]
        assert "await handle_each(" in lit
        d.lab.query_one("#code").focus()
        await d.press("enter")
        (lit,) = [r for r in pane(d, "code").split("\n") if r.startswith("▸") and "waits" in r]
        assert "sleep" in lit
        await d.press("escape")
        await at(d, 10.99)  # between two messages, in the past
        assert d.session.run.rewound
        d.session.select("consumer-3")
        d.session.forward()
        d.lab.redraw()
        await d.settle()
        assert any(row.startswith("▸") for row in pane(d, "code").split("\n"))
        d.session.seek(d.session.run.frontier)
        await d.press("c")
        await d.settle()
        assert d.session.run.events[-1].actor == "consumer-3"
        assert "died" in pane(d, "code")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_from_a_message_to_its_holder_and_back(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(LEASE, size) as d:
        await at(d, 12.5)
        await open_pane(d, "I", "inspector")
        rows = d.text()
        y = next(y for y, row in enumerate(rows) if "m10" in row)
        await d.pilot.click(offset=Offset(rows[y].index("m10"), y))
        await d.settle()
        assert d.showing("Lab")  # the inspector tells of it
        assert d.session.selection == Selection(Kind.MESSAGE, "m10")
        assert d.session.selected == "consumer-1"
        d.lab.query_one("#inspector").focus()
        text = pane(d, "inspector").split("\n")
        down = next(i for i, row in enumerate(text) if "locked by" in row) - 1
        await d.press(*["j"] * down, "enter")
        await d.settle()
        assert d.session.selection == Selection(Kind.ACTOR, "consumer-1")
        await d.press("escape", "backspace")
        assert d.session.selection == Selection(Kind.MESSAGE, "m10")
        await d.press("enter")
        await d.until(lambda: d.showing("Path"))


async def test_an_event_of_the_ledger_is_selected_and_its_cause_gone_to(opened: Opened) -> None:
    async with opened(LEASE, LARGE) as d:
        await at(d, 14.5)
        ledger = d.lab.query_one("#ledger").region
        await d.pilot.click(offset=Offset(ledger.x + 12, ledger.bottom - 2))
        await d.settle()
        number = int(d.session.selection.name)
        assert d.session.selection.kind is Kind.EVENT
        assert d.session.run.position == number
        assert f"event {number}" in pane(d, "inspector")
        cause = d.session.run.events[number - 1].cause
        d.lab.post_message(Picked("event", str(cause), opens=True))
        await d.settle()
        assert d.session.run.position == number  # looked at, not gone to
        d.lab.post_message(Picked("event", str(cause), opens=True))
        await d.settle()
        assert d.session.run.position == cause


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_queues_dead_letters_and_rows_select(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(LEASE, size) as d:
        await at(d, 30.0)
        await open_pane(d, "9", "dead")
        d.lab.query_one("#dead").focus()
        await d.press("j")
        await d.settle()
        assert d.session.selection == Selection(Kind.MESSAGE, "m10", "work")
        await d.press("escape")
        await open_pane(d, "8", "queues")
        d.lab.query_one("#queues").focus()
        await d.press("j")
        await d.settle()
        assert d.session.selection == Selection(Kind.QUEUE, "work")
        await d.press("enter", "escape")
        await open_pane(d, "I", "inspector")
        assert "dead (2)" in pane(d, "inspector") or size == SMALL
        assert "inspector · queue work" in pane(d, "inspector")


async def test_a_saga_in_the_picture_is_selected_by_its_letter(opened: Opened) -> None:
    async with opened("saga", LARGE) as d:
        await at(d, 13.0)
        await d.press("apostrophe")
        await d.until(lambda: d.showing("Jump"))
        targets = d.app.screen.labels  # type: ignore[attr-defined]
        letter = next(k for k, t in targets.items() if (t.kind, t.name) == ("row", "log/m02"))
        await d.press(*letter)
        await d.until(lambda: d.showing("Lab"))
        await d.settle()
        assert d.session.selection == Selection(Kind.ROW, "m02", "log")
        assert "inspector · saga m02" in pane(d, "inspector")
        assert "pivot" in pane(d, "inspector")


async def test_nothing_is_worked_out_for_a_pane_out_of_sight(opened: Opened) -> None:
    async with opened(LEASE, (120, 36)) as d:
        await at(d, 12.5)
        for name in ("inspector", "code", "story"):
            assert name not in d.lab.visible_panes()
        frame = d.lab.query_one("#picture").frame  # type: ignore[attr-defined]
        assert frame.sheet is frame.code is frame.story is None


def test_what_was_asked_for_last_has_its_place_and_what_had_to_go_comes_back() -> None:
    asked = list(SHOWN["-large"])
    first = fitting(asked, "-large", 160, 42)
    assert first == set(asked)
    with_code = asked_again(asked, "code", "-large", first)
    seen = fitting(with_code, "-large", 160, 42)
    assert {"code", "ledger", "picture"} <= seen
    assert "chart" not in seen
    again = asked_again(with_code, "code", "-large", seen)
    assert fitting(again, "-large", 160, 42) == first
    assert fitting([*asked, "code"], "-large", 260, 42) == {*asked, "code"}


@pytest.mark.parametrize("size", list(SHOWN))
def test_any_pane_can_be_asked_for_and_one_is_always_left(size: str) -> None:
    asked = list(SHOWN[size])
    for name in (*PANES, *reversed(PANES), *PANES):
        height = 1 if size == "-tiny" else 30
        before = fitting(asked, size, 120, height)
        asked = asked_again(asked, name, size, before)
        after = fitting(asked, size, 120, height)
        assert after
        assert (name in after) != (name in before) or after == {name}
        if size == "-small":
            assert len(after - {"picture", "timeline"}) <= 1
        if size == "-short":
            assert len(after - {"timeline"}) <= 1
    assert all(plot.where in ("picture", "below", "right", "foot") for plot in PLOTS.values())


async def test_a_look_selects_what_is_next_and_takes_nothing(opened: Opened) -> None:
    async with opened("priority-queue/ten-priorities", LARGE) as d:
        await at(d, 4.7)
        await d.press("u")
        await d.settle()
        assert d.session.selection == Selection(Kind.MESSAGE, "m21", "work")
        assert "m21 would be next" in "\n".join(d.text())
        assert d.session.run.view().queues[0].depth == 16


async def test_a_look_in_the_past_is_no_fork(opened: Opened) -> None:
    async with opened("priority-queue/ten-priorities", LARGE) as d:
        await at(d, 9.0)
        await at(d, 4.7)
        run = d.session.run
        events = len(run.events)
        await d.press("u")
        await d.settle()
        assert d.session.selection == Selection(Kind.MESSAGE, "m21", "work")
        assert "m21 was next in work. Nothing is recorded in the past." in d.told()
        assert d.session.run is run
        assert (d.session.futures, run.commands, len(run.events)) == ([], [], events)
        assert (run.now, run.frontier) == (4.7, 9.0)


async def test_a_look_in_the_past_says_where_only_the_queue_knows(opened: Opened) -> None:
    async with opened("sequential-convoy/a-burst", LARGE) as d:
        await at(d, 13.0)
        await at(d, 12.0)
        await d.press("u")
        await d.settle()
        assert any("first in orders; a group that is held waits." in text for text in d.told())
        assert not d.session.futures
