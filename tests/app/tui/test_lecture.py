"""Presenting: captions stop the clock, one key goes on, a question keeps its answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.lecture import Lecture, shown

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
        assert d.lab.visible_panes() == {"picture"}
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
    lecture.asked("plain")
    assert not lecture.reveal()
    lecture.asked("why? || because")
    assert shown("why? || because", answered=lecture.answered) == "why?"
    assert lecture.reveal()
    assert shown("why? || because", answered=lecture.answered) == "why?  because"
