"""What can be wrong with what was typed is found before the screen is taken over."""

from __future__ import annotations

import io
import sys
from typing import TypedDict

import pytest

from mailrail import memory
from mailrail.session import Session
from mailrail.tui import launch
from mailrail.tui.app import INTERRUPTED, Explorer
from mailrail.tui.screens.lab import Lab
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


class Options(TypedDict, total=False):
    """What these tests hand to the launcher."""

    name: str
    sets: dict[str, str]
    at: float
    theme: str


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "competing-consumer"}, "nearest is 'competing-consumers'"),
        ({"name": LEASE, "sets": {"lok": "3s"}}, "nearest is 'lock'"),
        ({"name": LEASE, "at": 61.0}, "after the end"),
        ({"name": LEASE, "theme": "mailrail-dsk"}, "nearest is 'mailrail-dusk'"),
    ],
)
def test_wrong_input_is_refused(
    options: Options, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explorer, "run", lambda *_: pytest.fail("the screen was taken over"))
    with pytest.raises(BadInput, match=problem):
        launch.launch(**options)


async def test_it_opens_where_it_was_told_to() -> None:
    app = launch.prepare(
        LEASE, seed=5, sets={"lock": "4s"}, at=12.0, speed=2.0, theme="mailrail-paper", paused=True
    )
    async with app.run_test() as pilot:
        await pilot.pause()
        lab = app.screen
        assert isinstance(lab, Lab)
        session = lab.session
        assert (session.run.now, session.run.seed, session.playback.speed) == (12.0, 5, 2.0)
        assert not session.playing
        assert app.theme == "mailrail-paper"


def test_the_gallery_offers_again_what_was_opened_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Explorer, "run", lambda *_: None)
    launch.launch(None)
    assert memory.recall().opened == ()
    launch.launch(LEASE)
    with pytest.raises(BadInput):
        launch.launch("competing-consumers/no-such")
    assert memory.recall().opened == (LEASE,)


def test_ctrl_c_is_reported_as_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Explorer, "run", lambda *_: 130)
    with pytest.raises(KeyboardInterrupt):
        launch.launch(None)


@pytest.mark.parametrize(
    ("encoding", "plain"), [("latin-1", True), ("ascii", True), ("utf-8", False)]
)
def test_a_terminal_that_takes_no_signs_is_drawn_with_letters(
    encoding: str, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding))
    assert launch.prepare().plain_signs is plain


async def test_a_signal_does_not_take_down_half_a_screen() -> None:
    app = launch.prepare()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.push_screen(Lab(Session(find(LEASE))))
        await app._leave(INTERRUPTED)
    assert app.return_value == INTERRUPTED
