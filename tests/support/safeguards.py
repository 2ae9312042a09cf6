"""Runs with every safeguard of a pattern on, or with one of them off."""

from __future__ import annotations

from mailrail_patterns.pattern import AnyPattern


def guarded(pattern: AnyPattern, *, but: str = "") -> dict[str, str]:
    """Return the settings with every safeguard on, one of them off if it is named."""
    return {
        each.setting: each.off if each.setting == but else each.on for each in pattern.safeguards
    }
