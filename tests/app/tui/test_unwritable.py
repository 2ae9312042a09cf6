"""The explorer where nothing can be written: everything goes on, and one line says what failed."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
from tests.app.tui.driving import Opened


def seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be written, and nobody look into the present folder."""
    there = Path.exists

    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    def exists(path: Path) -> bool:
        return there(path) if path.is_absolute() else fail()

    monkeypatch.setattr("mailrail.files.tempfile.mkstemp", fail)
    monkeypatch.setattr(Path, "mkdir", fail)
    monkeypatch.setattr(Path, "exists", exists)


async def test_nothing_but_what_was_asked_for_fails(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(None) as d:
        seal(monkeypatch)
        await d.until(lambda: d.showing("Gallery"))
        await d.press("Y")
        await d.until(lambda: bool(d.told()))
        assert d.told() == ["cannot write 'mailrail-gallery.svg': Read-only file system"]
        await d.press("enter")
        await d.until(lambda: d.showing("Shelf"))
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        await d.press("Y")
        await d.until(lambda: bool(d.told()))
        assert "cannot write 'mailrail-" in d.told()[-1]
        await d.press("w")
        await d.until(lambda: d.showing("Form"))
        await d.press("enter")
        await d.until(lambda: "✗ cannot" in "\n".join(d.text()))
        assert "Read-only file system" in "\n".join(d.text())
        await d.press("escape")
        await d.until(lambda: d.showing("Lab"))
        await d.press("y")
        await d.until(lambda: any(text.startswith("Copied: mailrail run") for text in d.told()))
