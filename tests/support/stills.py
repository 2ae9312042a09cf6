"""Which stills are kept, and how each is drawn: by ``mailrail record``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailrail.listing import in_order
from mailrail.recording.stills import still, worth_seeing
from mailrail_patterns import catalog
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ROOT: Final = Path(__file__).parents[2]
SCREENSHOTS: Final = ROOT / "screenshots"
SMALL: Final = ROOT / "tests" / "stills" / "80x24"
THEMES: Final = {"dark": "mailrail-dusk", "light": "mailrail-paper"}
SIZES: Final = {SCREENSHOTS: (120, 36), SMALL: (80, 24)}


def wanted() -> list[Path]:
    """Return the file of every still: every pattern, two sizes, a dark and a light theme."""
    return [
        folder / f"{name}-{theme}.svg"
        for folder in SIZES
        for name in catalog.MODULES
        for theme in THEMES
    ]


def drawn(path: Path) -> str:
    """Draw what belongs into a file: the pattern's demo at an instant worth seeing."""
    name, _, theme = path.stem.rpartition("-")
    run = Run(find(in_order(catalog.bundled(name))[0]))
    return still(run, worth_seeing(run), SIZES[path.parent], THEMES[theme])
