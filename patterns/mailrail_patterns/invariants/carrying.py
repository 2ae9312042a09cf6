"""What a pipeline with claim checks promises: the rules of the cloakroom at every hop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..projections.relayed import Relayed
from .checking import checking_rules
from .rules import Rule


def carrying_rules(settings: Callable[[], Any]) -> Sequence[Rule]:
    """Return the rules of claim checks where a ticket may be promised by the one before it."""
    return checking_rules(settings, Relayed())
