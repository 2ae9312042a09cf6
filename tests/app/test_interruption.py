"""Ctrl-C and imports: a module that is being loaded is loaded to its end."""

from __future__ import annotations

import asyncio
import importlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailrail import interruption

PATIENCE = 5000
"""Looks, a millisecond apart, that are had at most for the interruption."""


@pytest.fixture(autouse=True)
def _own_handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_it_is_put_off_until_the_module_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import signal\nsignal.raise_signal(signal.SIGINT)\nwhole = True\n"
    (tmp_path / "interrupted.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    interruption.heed()
    with pytest.raises(KeyboardInterrupt):
        _load_and_wait("interrupted")
    assert sys.modules.pop("interrupted").whole


def _load_and_wait(name: str) -> None:
    importlib.import_module(name)
    for _ in range(PATIENCE):
        time.sleep(0.001)


def test_elsewhere_it_comes_at_once() -> None:
    interruption.heed()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_coroutine_is_cancelled_between_two_steps() -> None:
    left = []

    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        left.append("the step is carried out to its end")
        try:
            await asyncio.sleep(PATIENCE)
        except asyncio.CancelledError:
            left.append("cancelled")
            raise

    interruption.heed()
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        interruption.carried(interrupted())
    assert left == ["the step is carried out to its end", "cancelled"]
    assert signal.getsignal(signal.SIGINT) is before


def test_where_it_is_ignored_it_stays_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interruption.heed()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
