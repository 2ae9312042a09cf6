"""Fixtures of the tests of the command line."""

from __future__ import annotations

import pytest
from tests.app.commandline import Typed, typing


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Carry out a command line in this process."""
    return typing(capsys)
