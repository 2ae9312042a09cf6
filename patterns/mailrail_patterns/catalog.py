"""Which patterns and bundled scenarios there are; a pattern is imported when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from .names import BadInput, suggest
from .pattern import AnyPattern

MODULES: Final[dict[str, str]] = {
    "competing-consumers": "competing_consumers",
    "queue-based-load-leveling": "queue_based_load_leveling",
    "priority-queue": "priority_queue",
    "pipes-and-filters": "pipes_and_filters",
    "claim-check": "claim_check",
    "asynchronous-request-reply": "asynchronous_request_reply",
    "publisher-subscriber": "publisher_subscriber",
    "saga": "saga",
    "scheduler-agent-supervisor": "scheduler_agent_supervisor",
    "choreography": "choreography",
}
"""Every pattern there is, in the order in which they are best learned."""

DEMOS: Final = frozenset({"competing-consumers/the-lock-is-a-lease"})
"""The scenarios to begin with where others have more variants."""

SCENARIOS: Final = Path(__file__).parent / "scenarios"


def pattern(name: str) -> AnyPattern:
    """Return a pattern by its name.

    Raises:
        BadInput: If there is none of that name; names the nearest.
    """
    module = MODULES.get(name)
    if module is None:
        raise BadInput(f"unknown pattern {name!r}; {suggest(name, MODULES)}")
    found: AnyPattern = importlib.import_module(f".{module}", __package__).PATTERN
    return found


def source(name: str) -> Path:
    """Return the file of a pattern's module."""
    return Path(__file__).parent / f"{MODULES[name]}.py"


def bundled(name: str | None = None) -> dict[str, Path]:
    """Return the bundled scenarios, of one pattern or of all: ``pattern/scenario`` to file."""
    found: dict[str, Path] = {}
    for each in MODULES if name is None else (name,):
        for path in sorted((SCENARIOS / each).glob("*.toml"), key=lambda path: path.stem):
            found[f"{each}/{path.stem}"] = path
    return found
