"""The screenshots are what the explorer draws now, byte for byte; so are the small ones here."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.stills import SCREENSHOTS, SMALL, drawn, wanted

from mailrail_patterns import catalog

FOLDERS = {(120, 36): SCREENSHOTS, (80, 24): SMALL}


@pytest.mark.parametrize("still", wanted(), ids=str)
def test_it_is_drawn_as_it_was(still: Path) -> None:
    assert drawn(still) == still.read_text(encoding="utf-8"), (
        f"{still.name} is drawn differently now; look at it, then run .ci/screenshots"
    )


def test_there_is_one_of_every_pattern_and_no_other() -> None:
    for folder in FOLDERS.values():
        found = {path.name for path in folder.glob("*.svg")}
        themes = ("dark", "light")
        assert found == {f"{name}-{theme}.svg" for name in catalog.MODULES for theme in themes}
