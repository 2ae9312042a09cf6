"""Scenarios made in a test, and written out as the files they could be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mailrail_patterns.commands import Timed, format_command, parse_timed
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, Scenario, build, parse

CONSUMING = "competing-consumers"
LEVELING = "queue-based-load-leveling"
PATTERNS = (CONSUMING, LEVELING)
CONSUMER = {CONSUMING: "consumer", LEVELING: "worker"}
PRODUCER = {CONSUMING: "producer", LEVELING: "client"}
MADE = "made here"
"""What a scenario is called that has no name."""


def scenario(
    pattern: str = CONSUMING, *steps: str, duration: float = 60.0, text: str = "", **settings: Any
) -> Scenario:
    """Return a scenario with these settings, steps (``"12s crash consumer-1"``) and TOML."""
    document = parse(text) if text else Document()
    document.pattern = pattern
    document.duration = duration
    document.settings = {**document.settings, **settings}
    built = build(document, MADE)
    return with_steps(built, [parse_timed(step) for step in steps])


def as_written(text: str) -> Scenario:
    """Return the scenario of a file with this text."""
    return build(parse(text), MADE)


def with_steps(made: Scenario, steps: Iterable[Timed]) -> Scenario:
    """Return the same scenario with these steps."""
    return Scenario(
        name=made.name, pattern=made.pattern, seed=made.seed, duration=made.duration,
        settings=made.settings, cast=made.cast, messages=made.messages,
        steps=tuple(steps), expect=made.expect, document=made.document,
    )  # fmt: skip


def ran(made: Scenario, seconds: float | None = None, **kwargs: Any) -> Run:
    """Return a run of a scenario, advanced to its end or so far."""
    run = Run(made, **kwargs)
    run.advance(made.duration if seconds is None else seconds)
    return run


def broken(run: Run) -> dict[str, str]:
    """Return what broke and what was found first."""
    return {f.guarantee.name: f.first.what for f in run.findings() if f.first is not None}


def firmly_broken(run: Run) -> dict[str, str]:
    """Return the same of what is promised, without what is only hoped for."""
    found = (f for f in run.findings() if not f.guarantee.hope)
    return {f.guarantee.name: f.first.what for f in found if f.first is not None}


def as_file(made: Scenario, commands: Iterable[Timed], duration: float) -> str:
    """Write settings and commands as a scenario file that can be run."""
    lines = [
        f'pattern = "{made.pattern}"',
        f"seed = {made.seed}",
        f'duration = "{format_duration(duration)}"',
        "",
        "[settings]",
        *(f"{key} = {json.dumps(value)}" for key, value in made.settings),
    ]
    for timed in commands:
        do = json.dumps(format_command(timed.command))
        lines += ["", "[[steps]]", f'at = "{format_duration(timed.at)}"', f"do = {do}"]
    return "\n".join(lines) + "\n"
