"""The explorer under a pilot, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.app.tui.driving import LEASE, SMALL, Driver, Opened

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail_patterns.scenario import find


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.chdir(tmp_path)  # what is saved without a folder is saved there

    @asynccontextmanager
    async def run(
        name: str | None = LEASE, size: tuple[int, int] = SMALL, *, speed: float = 1.0
    ) -> AsyncIterator[Driver]:
        session = None
        if name is not None:
            session = Session(find(name), speed=speed, clock=lambda: 0.0)
        app = Explorer(session, paused=True, clock=lambda: 0.0)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

    return run
