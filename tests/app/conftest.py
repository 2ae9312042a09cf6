"""Fixtures of the tests of the command line."""

from __future__ import annotations

import pytest
from tests.app.commandline import Typed, typing


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Carry out a command line in this process."""
    return typing(capsys)


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let nothing be read from or written to where a person keeps things."""
    for name in ("state", "config", "data"):
        folder = tmp_path_factory.mktemp(name)
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(folder))
