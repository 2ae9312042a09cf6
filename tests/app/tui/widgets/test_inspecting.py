"""What a person reads in the inspector, the code, the story, the queues and the dead letters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.app.tui.widgets.looking import LEASE, OnStage

from mailrail.code import CodeView, source_of
from mailrail.frames import LabFrame
from mailrail.selection import selection_of
from mailrail.session import Session
from mailrail.tui.widgets.deadletters import NONE, DeadLetters, paint_dead
from mailrail.tui.widgets.inspector import Inspector, paint_sheet, rows_of
from mailrail.tui.widgets.paper import Paper
from mailrail.tui.widgets.picked import Picked
from mailrail.tui.widgets.program import Program, paint_program
from mailrail.tui.widgets.queues import Queues, paint_queues
from mailrail.tui.widgets.rows import Rows, paint_rows
from mailrail.tui.widgets.storybook import Storybook, book
from mailrail.tui.widgets.syntax import inked
from mailrail_patterns import catalog
from mailrail_patterns.primer import primer
from mailrail_patterns.scenario import find

PANES = {"inspector", "code", "story"}


def looking(
    kind: str = "actor", key: str = "consumer-1", name: str = LEASE, t: float = 12.5
) -> LabFrame:
    session = Session(find(name), clock=lambda: 0.0)
    session.run.advance(t)
    chosen = selection_of(kind, key)
    assert chosen is not None
    session.look_at(chosen)
    return session.frame(PANES)


def sheet(frame: LabFrame, width: int, height: int) -> Paper:
    assert frame.sheet is not None
    return paint_sheet(rows_of(frame.sheet, width), width, height)


def program(frame: LabFrame, width: int, height: int) -> Paper:
    assert frame.code is not None
    assert frame.code.source is not None
    place = frame.code.places[0] if frame.code.places else None
    first = place.line - height // 2 if place else 0
    return paint_program(frame.code, frame.code.source, width, height, first, place)


def test_the_sheet_of_an_actor_has_a_countdown_and_the_line_it_waits_at() -> None:
    text = sheet(looking(), 52, 30).text()
    assert "▮▮▯▯▯▯ #1, lock 1.5 s left›" in text
    waits = re.compile(r"handler\.py:\d+ await port\.clock\.sleep\(seconds\)")
    assert waits.search(" ".join(text.split()))


def test_what_is_too_long_is_told_in_several_rows() -> None:
    frame = looking("message", "m10", t=30)
    for width in (20, 40, 100):
        rows = rows_of(frame.sheet, width) if frame.sheet else []
        told = " ".join(row.text for row in rows)
        assert "lock on m10 runs out" in told
        assert all(len(row.text) <= max(8, width) for row in rows if " " in row.text)


async def test_the_inspector_is_walked_through_with_vim_keys(on_stage: OnStage) -> None:
    async with on_stage(Inspector(), looking("queue", "work"), (40, 6)) as (app, pilot):
        app.widget.focus()
        await pilot.press("G")
        assert "dead" in "\n".join(app.text())
        assert app.text()[-1].startswith("▸")
        await pilot.press("g")
        assert "ready" in app.text()[0]
        await pilot.press("G", "enter")
        assert [(m.kind, m.key) for m in app.posted if isinstance(m, Picked)] == [
            ("message", "work/m07")
        ]
        app.widget.show(looking("queue", "work", t=12.6))
        assert app.text()[-1].startswith("▸")
        app.widget.show(looking("message", "m07"))
        assert app.widget.first == 0


async def test_a_click_in_the_inspector_leads_on(on_stage: OnStage) -> None:
    async with on_stage(Inspector(), looking("message", "m10"), (60, 20)) as (app, pilot):
        y = next(y for y, row in enumerate(app.text()) if "locked by consumer-1" in row)
        await pilot.click(Inspector, offset=(5, y))
        assert [(m.kind, m.key) for m in app.posted if isinstance(m, Picked)] == [
            ("actor", "consumer-1")
        ]


def test_the_line_where_an_actor_waits_is_lit_with_a_sign_and_a_word() -> None:
    frame = looking()
    rows = program(frame, 90, 20).text().split("\n")
    (lit,) = [row for row in rows if row.startswith("▸")]
    assert "await handle_each(" in lit
    assert lit.endswith("consumer-1 waits")
    assert "consumer-1 waits here" in rows[-1]
    line = next(y for y, row in enumerate(rows) if row == lit)
    assert any(ink.startswith("on-selected") for _, ink in program(frame, 90, 20).line(line))


def test_the_line_where_an_actor_died_says_died() -> None:
    rows = program(looking(key="consumer-2"), 90, 20).text()
    assert "consumer-2 died" in rows
    assert "consumer-2 waits" not in rows


async def test_the_code_follows_until_somebody_scrolls_and_goes_into_calls(
    on_stage: OnStage,
) -> None:
    frame = looking()
    async with on_stage(Program(), frame, (80, 12)) as (app, pilot):
        pane = app.widget
        assert any(row.startswith("▸") for row in app.text())
        pane.focus()
        await pilot.press("g")
        assert app.text()[0].lstrip().startswith("1 ")
        pane.show(looking(t=13.0))
        assert app.text()[0].lstrip().startswith("1 ")
        await pilot.press("f")
        assert any(row.startswith("▸") for row in app.text())
        await pilot.press("enter")
        assert pane.border_title == "code · handler.py"
        assert any(row.startswith("▸") and "sleep" in row for row in app.text())
        await pilot.press("enter")
        assert pane.border_title == "code · competing_consumers.py"
        y = next(y for y, row in enumerate(app.text()) if "handler.py" in row)
        await pilot.click(Program, offset=(5, y))
        assert pane.border_title == "code · handler.py"


def test_words_of_the_language_text_and_remarks_have_their_inks() -> None:
    source = source_of(str(catalog.source("competing-consumers")))
    lines = inked(source)
    assert ["".join(text for text, _ in line) for line in lines] == list(source.lines)
    assert lines is inked(source)
    spans = {span for line in lines for span in line}
    assert ("await", "held+bold") in spans
    assert ("consumer", "ready+bold") in spans
    assert any(ink == "done" and text.startswith('"""') for text, ink in spans)


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_pattern_can_be_read(name: str) -> None:
    source = source_of(str(catalog.source(name)))
    assert ["".join(text for text, _ in line) for line in inked(source)] == list(source.lines)


def test_a_source_that_is_no_whole_program_is_shown_all_the_same() -> None:
    source = replace(source_of(""), name="half.py", lines=('x = """', "no end", "  y"))
    assert ["".join(text for text, _ in line) for line in inked(source)] == list(source.lines)


@pytest.mark.parametrize("name", catalog.MODULES)
def test_a_story_has_all_its_chapters_and_fits(name: str) -> None:
    story = catalog.pattern(name).story
    for width in (30, 60, 200):
        told = primer(name)
        rows = ["".join(text for text, _ in row) for row in book(story, told, width)]
        assert {"Problem", "Solution", "Use it when", "Not when", "Words", "Try",
                "Often told, and not so", "Brokers differ"} <= set(rows)  # fmt: skip
        assert f"· {told.terms[0].name}" in rows
        assert " ".join(story.problem.split()) in " ".join(rows)
        assert max(map(len, rows)) <= max(width, 8)


async def test_the_story_is_scrolled_with_keys_and_the_wheel(on_stage: OnStage) -> None:
    async with on_stage(Storybook(), looking(), (40, 8)) as (app, pilot):
        assert "Problem" in app.text()[0]
        assert "more" in app.text()[-1]
        app.widget.focus()
        await pilot.press("j")
        assert "Problem" not in app.text()[0]
        await pilot.press("G")
        assert "more" not in app.text()[-1]
        last = app.text()
        await pilot.press("k")
        assert app.text() != last
        await pilot.press("g")
        assert "Problem" in app.text()[0]


def test_the_queues_tell_what_is_ready_held_put_off_and_dead() -> None:
    head, row = paint_queues(looking("queue", "work"), 80, 5).text().split("\n")[:2]
    assert head.split()[:3] == ["queue", "ready", "oldest"]
    assert head.split()[3:] == ["▣locked", "†dead", "◷sched", "↴defer", "✓done"]
    assert row.split() == ["▸work", "3/∞", "5.5s", "2", "1", "·", "·", "7"]
    narrow = paint_queues(looking(name="saga", key="stock-1"), 44, 9).text().split("\n")
    assert narrow[0].split()[:3] == ["queue", "ready", "oldest"]


async def test_a_queue_is_selected_and_then_opened(on_stage: OnStage) -> None:
    async with on_stage(Queues(), looking(name="saga", key="stock-1"), (80, 6)) as (app, pilot):
        app.widget.focus()
        await pilot.press("j")
        picked = [(m.kind, m.key, m.opens) for m in app.posted if isinstance(m, Picked)]
        assert picked == [("queue", "to-orchestrator", False)]
        app.widget.show(looking("queue", "to-orchestrator", "saga"))
        await pilot.press("enter")
        assert [m.opens for m in app.posted if isinstance(m, Picked)] == [False, True]


def test_the_dead_tell_why_the_latest_first() -> None:
    rows = paint_dead(looking("message", "work/m07", t=30), 80, 6).text().split("\n")
    assert rows[0].split() == ["message", "queue", "#", "at", "why"]
    assert rows[1].split() == ["†", "m10", "work", "#3", "25.0", "s", "MaxDeliveryCountExceeded"]
    assert rows[2].startswith("▸†")
    tight = paint_dead(looking("message", "work/m07", t=30), 38, 6).text().split("\n")
    assert tight[0].split() == ["message", "#", "why"]
    assert "MaxDeliveryCou" in tight[1], "why matters more than when"
    nothing = paint_dead(looking(t=1.0), 30, 6).text()
    assert " ".join(nothing.split()) == NONE


async def test_a_dead_letter_is_selected_with_its_queue(on_stage: OnStage) -> None:
    async with on_stage(DeadLetters(), looking(t=30), (80, 6)) as (app, pilot):
        await pilot.click(DeadLetters, offset=(5, 2))
        assert [(m.kind, m.key) for m in app.posted if isinstance(m, Picked)] == [
            ("message", "work/m07")
        ]


async def test_all_rows_can_be_scrolled_to_and_selected(on_stage: OnStage) -> None:
    frame = looking(name="saga", key="stock-1", t=30)
    async with on_stage(Rows(), frame, (80, 8)) as (app, pilot):
        app.widget.focus()
        await pilot.press("G")
        picked = [m.key for m in app.posted if isinstance(m, Picked)]
        table = frame.view.tables[-1]
        assert picked == [f"{table.name}/{table.rows[-1].key}"]
        assert any(row.lstrip().startswith(table.rows[-1].key) for row in app.text())
        before = app.text()
        await pilot.press("pageup")
        app.widget.show(looking("row", "log/m01", "saga", 30))
        await pilot.press("g")
        assert app.text() != before
        assert "m01◂" in "\n".join(app.text())
        await pilot.press("j")
        app.widget.show(looking("row", "log/m02", "saga", 30))
        assert "m02◂" in "\n".join(app.text())


@pytest.mark.parametrize("width", [1, 5, 12, 30, 80])
@pytest.mark.parametrize("height", [1, 2, 6])
def test_no_size_is_too_small(width: int, height: int) -> None:
    painters: tuple[Callable[[LabFrame, int, int], Paper], ...] = (
        sheet, program, paint_queues, paint_dead, lambda f, w, h: paint_rows(f, w, h, 3),
    )  # fmt: skip
    for frame in (looking(t=30), looking("row", "log/m02", "saga", 30)):
        for painter in painters:
            paper = painter(frame, width, height)
            assert (paper.width, paper.height) == (width, height)


def test_nothing_to_read_is_no_failure() -> None:
    pane = Program()
    assert pane.count == 0
    assert pane.code == CodeView()
