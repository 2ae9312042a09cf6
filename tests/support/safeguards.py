"""Runs with every safeguard of a pattern on, or with one of them off."""

from __future__ import annotations

from contextlib import suppress

from mailrail_patterns import catalog
from mailrail_patterns.declaration import AnyPattern
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario


def guarded(pattern: AnyPattern, *, but: str = "") -> dict[str, str]:
    """Return the settings with every safeguard on, one of them off if it is named."""
    return {
        each.setting: each.off if each.setting == but else each.on for each in pattern.safeguards
    }


def guarded_as_may_be(scenario: Scenario) -> dict[str, str]:
    """Return every safeguard on, but for those that the scenario's own settings rule out."""
    found: dict[str, str] = {}
    for name, text in guarded(catalog.pattern(scenario.pattern)).items():
        with suppress(BadInput):
            Run(scenario, overrides={**found, name: text})
            found[name] = text
    return found
