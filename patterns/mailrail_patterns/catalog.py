"""Which patterns and bundled scenarios there are; a pattern is imported when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from .declaration import AnyPattern
from .names import BadInput, suggest

MODULES: Final[dict[str, str]] = {
    "competing-consumers": "competing_consumers",
    "queue-based-load-leveling": "queue_based_load_leveling",
    "priority-queue": "priority_queue",
    "sequential-convoy": "sequential_convoy",
    "pipes-and-filters": "pipes_and_filters",
    "publisher-subscriber": "publisher_subscriber",
    "claim-check": "claim_check",
    "asynchronous-request-reply": "asynchronous_request_reply",
    "choreography": "choreography",
    "saga": "saga",
    "scheduler-agent-supervisor": "scheduler_agent_supervisor",
}
"""Every pattern there is, in the order in which they are best learned."""

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


def demo(name: str) -> str:
    """Return the bundled scenario that makes a pattern's point."""
    return f"{name}/{pattern(name).demo}"
