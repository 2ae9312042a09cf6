"""What a stranger does, from the gallery to a saved scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.selection import Kind
from mailrail.tui.screens.shelf import Scenarios
from mailrail.tui.widgets.guarantees import Guarantees
from mailrail_patterns import catalog
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import load

SIZES = [(80, 24), (120, 36), (160, 48)]


async def seen(d: Driver, pane: str, key: str) -> None:
    """Bring a pane into sight."""
    if pane not in d.lab.visible_panes():
        await d.press(key)


async def understand(d: Driver) -> None:
    """Find out why: who was killed, what became of what it held, and what came of that."""
    await seen(d, "inspector", "I")
    text = "\n".join(d.text())
    assert "crashed for 3 s" in text
    assert "m10 #1, 3.0 of 8 s" in text
    assert "handler.py" in text  # where its coroutine stood
    await d.press("enter")
    await d.until(lambda: d.showing("Path"))
    assert any("the journey of m10" in row for row in d.text())
    assert any("consumer-1" in row and "work" in row for row in d.text())
    await d.press("home", "enter")
    await d.until(lambda: d.showing("Lab"))
    assert d.session.run.now == 9.0
    await d.press("v")
    assert d.session.run.now == 20.0
    await seen(d, "guarantees", "3")
    guarantees = d.lab.query_one(Guarantees)
    d.lab.set_focus(guarantees)
    await d.press("home", "enter", "escape")
    chosen = d.session.selection
    assert chosen.kind is Kind.EVENT
    await seen(d, "inspector", "I")
    assert any("gone wrong by then" in row for row in d.text())  # the chain is told below it
    sheet = d.session.frame(("inspector",)).sheet
    assert sheet is not None
    because = next(each for each in sheet.sections if each.title == "because")
    told = [entry.text for entry in because.entries]
    assert any("sends m10" in text for text in told)
    assert any("consumer-1 receives m10 (#1)" in text for text in told)


async def compare(d: Driver) -> None:
    """Look at both futures side by side, from where they part."""
    await d.press("T")
    await d.until(lambda: d.showing("Menu"))
    await d.press("enter")
    await d.until(lambda: d.showing("Twin"))
    assert any("they part at 6.5 s" in row for row in d.text())
    await d.press("full_stop", "full_stop", "full_stop", "z")
    assert d.session.run.now == 9.5
    crashes = next(row for row in d.text() if " crashes " in row)
    assert crashes.split("crashes")[1].split()[:2] == ["0", "2"]
    await d.press("f", "q")
    await d.until(lambda: d.showing("Lab"))
    assert d.session.run.now == 6.5


@pytest.mark.parametrize("size", SIZES)
async def test_open_break_understand_rewind_fork_compare_set_save_and_run_again(
    opened: Opened, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(None, size) as d:
        assert d.showing("Gallery")
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.scenario.name == "competing-consumers/the-lock-is-a-lease"
        await d.play_to(9.0)
        await d.press("space")
        assert not d.session.moving
        await d.press("c")
        assert d.session.run.events[-1].kind == "crashed"
        assert d.session.run.events[-1].actor == "consumer-1"
        crashed = d.session.run
        await d.play_to(12.0)
        await d.press("space")
        await understand(d)
        await d.press("g")
        await d.type("12s")
        await d.press("enter", "left")
        assert d.session.run.position < len(d.session.run.events)
        await d.press("g")
        await d.type("6.5s")
        await d.press("enter")
        assert d.session.run.now == 6.5
        assert any("REWOUND" in row for row in d.text())
        await d.press("tab", "x")
        assert d.session.run is not crashed
        assert d.session.forks == 1
        assert any("Forked at 6.5s" in text for text in d.told())
        await compare(d)
        await d.press("e", "end", "home")
        await d.press("l", "enter")
        await d.type("4s")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert dict(d.session.run.view().settings)["lock"] == "4s"
        await d.play_to(40.0)
        await d.press("space", "w")
        await d.type("what I did")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        again = Run(load(tmp_path / "what I did.toml"))
        again.advance(d.session.run.now)
        assert again.digest() == d.session.run.digest()
        assert [str(t.command) for t in again.scenario.steps[-2:]]


@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_every_bundled_scenario_opens_from_the_gallery(opened: Opened, pattern: str) -> None:
    async with opened(None, SIZES[0]) as d:
        for _ in range(list(catalog.MODULES).index(pattern)):
            await d.press("right")
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        scenarios = d.app.screen.query_one(Scenarios)
        rows = [option.id for option in scenarios.options]
        seen = []
        await d.press("home")
        for _ in rows:
            await d.press("enter")
            await d.until(lambda: d.showing("Lab"))
            seen.append(d.session.run.scenario.name)
            assert any("t 0.0 s" in row for row in d.text())
            await d.press("q")
            await d.until(lambda: d.showing("Shelf"))
            await d.press("down")
        assert seen == rows


async def test_a_wrong_value_is_said_in_the_form_and_nothing_is_lost(opened: Opened) -> None:
    async with opened() as d:
        await d.press("e", "l", "enter")
        await d.type("fast")
        await d.press("enter")
        assert d.showing("Form")
        assert any("expected a duration" in row for row in d.text())
        await d.type("3s")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert dict(d.session.run.view().settings)["lock"] == "3s"
        assert not d.told()


async def test_what_does_not_apply_is_told_and_nothing_breaks(opened: Opened) -> None:
    async with opened() as d:
        await d.press("r")
        assert "consumer-1 is running; crash or stop it first" in d.told()[-1]
        await d.press("c", "c")
        assert "restart it first" in d.told()[-1]
        await d.press("r", "p", "p", "d")
        assert "no dead letters" in d.told()[-1]
        assert [e.kind for e in d.session.run.events[-4:]] == [
            "crashed", "restarted", "paused", "resumed",
        ]  # fmt: skip


async def test_actors_are_started_with_their_own_service_time(opened: Opened) -> None:
    async with opened() as d:
        await d.press("s")
        await d.type("2")
        await d.press("down")
        await d.type("banana")
        await d.press("enter")
        assert d.showing("Form")
        await d.type("1s")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert "consumer-5" in d.session.actors()
        await d.press("S", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert "producer-2" in d.session.actors()


async def test_faults_are_injected_and_healed(opened: Opened) -> None:
    async with opened() as d:
        await d.press("i", "s", "enter", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert [(f.name, f.target) for f in d.session.run.view().faults] == [("slow", "consumer-1")]
        await d.press("i", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.view().faults == ()
        await d.press("i", "b", "enter", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert [f.name for f in d.session.run.view().faults] == ["broker-down"]
        await d.press("m")
        assert d.session.run.events[-1].message == "poison"


async def test_a_crash_is_armed_at_a_point(opened: Opened) -> None:
    async with opened() as d:
        await d.press("C", "down", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.events[-1].kind == "armed"
        assert d.session.run.events[-1].text == "K2 after-receive"


async def test_a_file_is_replaced_only_when_that_is_chosen(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("mine")
    async with opened() as d:
        await d.press("w")
        await d.type("mine")
        await d.press("enter")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Form"))
        assert (tmp_path / "mine.toml").read_text() == "mine"
        await d.press("enter")
        await d.until(lambda: d.showing("Menu"))
        await d.press("r", "enter")
        await d.until(lambda: d.showing("Lab"))
        assert load(tmp_path / "mine.toml").pattern == "competing-consumers"


async def test_a_folder_that_is_not_there_keeps_the_form_open(opened: Opened) -> None:
    async with opened() as d:
        await d.press("w")
        await d.type("/no/such/folder/x")
        await d.press("enter")
        assert d.showing("Form")
        assert any("cannot write" in row for row in d.text())


async def test_the_command_that_reproduces_the_run_is_copied_and_shown(opened: Opened) -> None:
    async with opened() as d:
        await d.press("c", "y")
        assert d.app.clipboard.startswith("mailrail run competing-consumers/the-lock-is-a-lease")
        assert "crash consumer-1" in d.app.clipboard
        assert f"Copied: {d.app.clipboard}" in d.told()


async def test_nothing_runs_behind_a_dialog_or_while_paused(opened: Opened) -> None:
    async with opened() as d:
        assert not d.lab.beating
        await d.press("space")
        assert d.lab.beating
        await d.press("i")
        assert not d.lab.beating
        await d.press("escape")
        assert d.lab.beating
        await d.press("space")
        assert not d.lab.beating
        await d.press("right", "left", "tab", "plus", "2", "c")
        assert not d.lab.beating


async def test_the_end_stops_everything(opened: Opened) -> None:
    async with opened(speed=100.0) as d:
        await d.play_to(1e9)
        assert not d.lab.beating
        assert any("The end, 60s" in text for text in d.told())
