"""Presenting: captions stop the clock, one key goes on, a question keeps its answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.lecture import Lecture, shown
from mailrail.tui.launch import prepare
from mailrail.tui.screens.lab import Lab
from mailrail_patterns.commands import Say

QUESTION = """
pattern = "competing-consumers"
title = "A question"
duration = "10s"
[[steps]]
at = "1s"
do = "say Messages come once a second."
[[steps]]
at = "2s"
do = "say Who gets the next one? || Whoever has waited longest."
[[steps]]
at = "4s"
do = "wait A break."
"""


async def on_to(d: Driver, key: str = "pagedown") -> float:
    """Press the key of a remote and let time pass until the next stop."""
    await d.press(key)
    while d.session.playing:
        d.lab.pulse(0.05)
    await d.settle()
    return d.session.run.now


@pytest.fixture
def asked(tmp_path: Path) -> str:
    path = tmp_path / "question.toml"
    path.write_text(QUESTION)
    return str(path)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_every_caption_is_a_stop_and_an_answer_waits_for_a_key(
    opened: Opened, asked: str, size: tuple[int, int]
) -> None:
    async with opened(asked, size) as d:
        await d.press("P")
        assert d.lab.visible_panes() == {"picture", "timeline"}
        assert await on_to(d) == 1.0
        assert any("Messages come once a second." in row for row in d.text())
        assert await on_to(d, "space") == 2.0
        text = "\n".join(d.text())
        assert "Who gets the next one?" in text
        assert "Whoever has waited longest" not in text
        assert await on_to(d) == 2.0
        assert "Whoever has waited longest" in "\n".join(d.text())
        assert await on_to(d) == 4.0
        await d.press("pageup")
        assert d.session.run.now == 2.0
        await d.press("P")
        assert "ledger" in d.lab.visible_panes()


async def test_page_down_alone_stops_at_the_next_caption_too(opened: Opened, asked: str) -> None:
    async with opened(asked) as d:
        assert await on_to(d) == 1.0
        assert await on_to(d, "space") == 4.0  # only a break stops what is just played


async def test_it_begins_anew_at_its_end_if_asked_to(opened: Opened, asked: str) -> None:
    async with opened(asked) as d:
        await d.press("O")
        d.session.seek(9.9)
        await d.press("space")
        for _ in range(10):
            d.lab.pulse(0.05)
        assert d.session.playing
        assert d.session.run.now < 1.0


def test_without_a_question_there_is_nothing_to_reveal() -> None:
    lecture = Lecture()
    lecture.on = True
    assert not lecture.reveal(1.0, "plain")
    asked = (2.0, "why? || because")
    assert shown(asked[1], answered=lecture.answered(*asked)) == "why?"
    assert lecture.reveal(*asked)
    assert not lecture.reveal(*asked)
    assert shown(asked[1], answered=lecture.answered(*asked)) == "why?  because"
    lecture.went_to(3.0)
    assert lecture.answered(*asked)
    lecture.went_to(2.0)
    assert not lecture.answered(*asked)


async def test_an_answer_is_hidden_everywhere_until_its_key_and_hidden_again_when_asked_again(
    opened: Opened, asked: str
) -> None:
    async with opened(asked, (160, 48)) as d:
        await on_to(d)
        await on_to(d)
        assert d.session.run.now == 2.0
        d.session.seek(3.9)  # a question stays on the screen; nothing tells its answer
        d.lab.redraw()
        await d.press("a", "z")
        text = "\n".join(d.text())
        await d.press("z")
        text += "\n".join(d.text())
        assert "Who gets the next one?" in text
        assert "pgdn: the answer" in text
        assert "longest" not in text
        assert all("longest" not in mark.text for mark in d.session.frame().marks)
        await d.press("pagedown")
        assert d.session.run.now == 3.9
        assert "Whoever has waited longest" in "\n".join(d.text())
        await d.press("pageup")
        assert d.session.run.now == 2.0
        assert "longest" not in "\n".join(d.text())


async def test_presenting_leaves_the_picture_the_caption_and_one_quiet_line(
    opened: Opened, asked: str
) -> None:
    async with opened(asked) as d:
        before = d.lab.query_one("#picture").size.height
        await d.press("P")
        await on_to(d)
        assert d.lab.query_one("#picture").size.height > before
        shown_rows = [row for row in d.text() if row.strip()]
        assert not any("digest" in row or "palette" in row for row in shown_rows)
        assert "1.00" in shown_rows[-1] or "1.0 s" in shown_rows[-1]
        assert any("(pgdn: on, P: end)" in row for row in shown_rows)
        await d.press("P")
        assert "t 1.0 s" in d.text()[0]


async def test_a_loop_stops_again_where_it_stopped_at_the_start(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "start.toml"
    path.write_text(QUESTION + '[[steps]]\nat = "0s"\ndo = "wait Ready? || Go."\n')
    async with opened(str(path)) as d:
        assert await on_to(d, "space") == 0.0
        assert await on_to(d, "space") == 4.0
        await d.press("O")
        d.session.seek(9.9)
        assert await on_to(d, "space") == 0.0
        await d.press("P")
        assert "Go." not in "\n".join(d.text())
        await d.press("space")
        assert "Go." in "\n".join(d.text())
        assert await on_to(d, "space") == 1.0


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_captions_take_no_rows_in_a_run_that_has_none(
    opened: Opened, asked: str, size: tuple[int, int]
) -> None:
    async with opened("competing-consumers", size) as d:
        caption, picture = d.lab.query_one("#caption"), d.lab.query_one("#picture")
        assert not caption.display
        high = picture.size.height
        d.session.do(Say("Look here."))
        d.lab.redraw()
        await d.settle()
        assert caption.display
        assert picture.size.height == high - 2
        assert any("Look here." in row for row in d.text())
    async with opened("competing-consumers", size) as d:
        await d.press("P")
        assert any("P: end" in row for row in d.text())  # how to leave is told all the same
    async with opened(asked, size) as d:
        assert d.lab.query_one("#caption").display


async def test_it_is_presented_from_its_start_if_it_was_opened_so(asked: str) -> None:
    app = prepare(asked, present=True, loop=True, paused=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lab = app.screen
        assert isinstance(lab, Lab)
        assert lab.visible_panes() == {"picture", "timeline"}
        assert lab.session.lecture.loop
        await pilot.press("P")
        assert "ledger" in lab.visible_panes()
