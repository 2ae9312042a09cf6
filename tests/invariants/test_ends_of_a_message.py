"""A message can end unhandled in other ways than as a dead letter: no rule may overlook them."""

from __future__ import annotations

import pytest

from mailrail_patterns import catalog
from mailrail_patterns.invariants.flow import Flow
from mailrail_patterns.invariants.lifecycle import Lifecycle
from mailrail_patterns.invariants.rules import Rule
from mailrail_patterns.kernel import events as kind


def rules() -> list[tuple[str, Rule]]:
    """Return the engine's rules and those of every pattern."""
    found: list[tuple[str, Rule]] = [("engine", Lifecycle()), ("engine", Flow(lambda: ()))]
    for name in catalog.MODULES:
        pattern = catalog.pattern(name)
        found += [(name, rule) for rule in pattern.rules(pattern.settings)]
    return found


@pytest.mark.parametrize(("name", "rule"), rules())
def test_who_watches_dead_letters_watches_what_is_shelved(name: str, rule: Rule) -> None:
    watched = rule.watches()
    what = f"{name}: {type(rule).__name__} sees dead_lettered and not shelved, which some brokers "
    assert kind.DEAD_LETTERED not in watched or kind.SHELVED in watched, f"{what}have instead"
