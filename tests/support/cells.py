"""The failure matrix; its cells are files: what is brought about, and what must be seen of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import load

MATRIX = {
    "asynchronous-request-reply": "poison lost duplicate reorder down lock burst partition",
    "claim-check": "poison lost duplicate down lock burst",
    "choreography": "poison lost duplicate reorder down burst partition",
    "competing-consumers": "poison lost duplicate reorder down lock burst",
    "pipes-and-filters": "poison lost duplicate reorder down lock burst",
    "priority-queue": "lock burst",
    "publisher-subscriber": "poison lost duplicate reorder down burst partition",
    "queue-based-load-leveling": "lost down burst",
    "saga": "poison lost duplicate reorder down lock skew partition",
    "scheduler-agent-supervisor": "poison lost duplicate down lock skew partition",
    "sequential-convoy": "poison lost duplicate reorder down lock burst partition",
}
"""The marked cells of each row, but for :data:`EVERYWHERE`."""

EVERYWHERE = ("crash", "hang", "slow")
"""Failures that are marked in every row; the first two are commands and no faults."""


def cell(body: str, steps: Sequence[str], expect: Sequence[str] = ()) -> str:
    """Return the text of a scenario file.

    Args:
        body: Its pattern, settings, and whatever else it says.
        steps: What is done, such as ``"2s crash worker-1"``.
        expect: What must be seen.
    """
    timed = [step.partition(" ") for step in steps]
    done = [f"{{at = {json.dumps(at)}, do = {json.dumps(do)}}}" for at, _, do in timed]
    return f"expect = {json.dumps(list(expect))}\nsteps = [{', '.join(done)}]\n{body}"


def judged(folder: Path, text: str) -> tuple[list[str], bool]:
    """Run a file; return what was not met or broke unasked, and whether the outcome is good."""
    path = folder / "cell.toml"
    path.write_text(text, encoding="utf-8")
    run = Run(load(path))
    run.advance(run.duration)
    outcome = run.outcome()
    told = [f"{each.expect} was {each.measured}" for each in outcome.judgements if not each.holds]
    broke = [f.guarantee.name for f in outcome.findings
             if not f.holds and f.guarantee.name not in outcome.expected]  # fmt: skip
    return [*told, *broke], outcome.held


GOOD: tuple[list[str], bool] = ([], True)
"""What is found of a file of which everything was met, and nothing else broke."""
