"""What a setting may be, told alike by the command line and on the screen."""

from __future__ import annotations

from typing import Final

from mailrail_patterns.quantities import LONGEST
from mailrail_patterns.settings import SIZES, Setting
from mailrail_patterns.sizes import exact_size

_TINY: Final = 0.001
"""Lower limits below this are there to keep a value above zero."""


def ranged(setting: Setting) -> str:
    """Return what a setting may be, as a person would type it: ``0.1s to 60s``, ``on, off``."""
    if setting.kind == "flag":
        return "on, off"
    if setting.choices:
        return ", ".join(setting.choices)
    if setting.kind == "text":
        return "text"
    low, high = setting.knob.low, setting.knob.high
    if setting.kind in SIZES:
        each = "/s" if setting.kind == "bandwidth" else ""
        return f"{exact_size(int(low))}{each} to {exact_size(int(high))}{each}"
    unit = setting.knob.unit if setting.knob.unit in ("s", "/s") else ""
    if high < LONGEST:
        text = f"{low:g} to {high:.0f}{unit}"
    elif low < _TINY:
        text = f"{'above' if low else 'from'} 0{unit}"
    else:
        text = f"from {low:g}{unit}"
    return f"{text}, or unbounded" if setting.kind == "bound" else text
