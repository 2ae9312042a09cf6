"""Everything a sequential convoy promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .consuming import Holding
from .lanes import Serving
from .numbering import Numbering
from .ordering import Ordering
from .poison import Poison
from .rules import Rule
from .sessions import Leases
from .turns import Turns


def convoy_rules(settings: Callable[[], Any]) -> tuple[Rule, ...]:
    """Return the rules of a convoy, and those of its consumers as such."""
    return (
        Turns(),
        Ordering(),
        Numbering(settings),
        Leases(),
        Serving(settings),
        Poison(settings),
        Holding(settings, passes_on=False),
    )
