"""Sizes of messages and payloads, in bytes."""

from __future__ import annotations

import re
from typing import Final

from .names import BadInput

UNITS: Final = {"": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
"""Decimal, as brokers state their limits to people."""

LARGEST_SIZE: Final = 1_000_000_000_000
_SIZE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


def parse_size(text: str | float) -> int:
    """Read a size such as ``"256KB"`` or ``"5MB"``; a bare number is in bytes.

    Raises:
        BadInput: If it is no size, or larger than a terabyte.
    """
    match = _SIZE.fullmatch(str(text)) if not isinstance(text, bool) else None
    if match is None or match[2].upper() not in UNITS:
        raise BadInput(f"expected a size such as '256KB', not {text!r}")
    size = float(match[1]) * UNITS[match[2].upper()]
    if size > LARGEST_SIZE:
        raise BadInput(f"expected at most 1000GB, not {text!r}")
    return round(size)


def exact_size(size: int) -> str:
    """Write a size so that it can be read again without loss: ``256KB``, ``300B``."""
    for unit in ("GB", "MB", "KB"):
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return f"{size}B"


def write_size(size: float) -> str:
    """Write a size for a reader: ``300 B``, ``5 MB``."""
    for unit in ("GB", "MB", "KB"):
        if size >= UNITS[unit]:
            return f"{size / UNITS[unit]:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size:.0f} B"
