"""The report of a sweep: what a person pastes into a chat."""

from __future__ import annotations

from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailrail_patterns.tallies import tallies

from .narration import readable, seconds
from .report import heading, identity
from .sweep_findings import CRASH, FAULT, SEEDS, Findings, Shortest, told

_IN: Final = (0, 0, 0, 2)
_TITLES: Final = {
    SEEDS: "{runs} seeds",
    CRASH: "a crash at every event",
    FAULT: "every fault at every event",
}


def report(findings: Findings, *, wished: str | None = None) -> list[RenderableType]:
    """Return the whole report, to be printed one part below the other.

    Args:
        findings: What was found.
        wished: The file the shortest failure was to be written to; None: none.
    """
    parts: list[RenderableType] = [_head(findings), _verdict(findings), *_notes(findings)]
    if findings.shortest is None:
        if wished is not None:
            parts.append(Text("  nothing broke, so no file was written", "dim"))
        return parts
    parts += [heading("What broke"), Padding(_broken(findings), _IN)]
    return [*parts, *_short(findings, findings.shortest)]


def _head(findings: Findings) -> Text:
    run, count = findings.run, len(findings.results)
    title = readable(run.scenario.title or run.pattern.title)
    text = Text(f"{title}: {_TITLES[findings.mode].format(runs=count)}", style="bold")
    last = run.seed + count - 1
    seeds = f"seeds {run.seed} to {last}" if findings.mode == SEEDS else f"seed {run.seed}"
    text.append(identity(run, [seeds, f"{seconds(run.duration)} of virtual time"]))
    return text


def _verdict(findings: Findings) -> Text:
    count = len(findings.results)
    runs = f"{count} run{'s' * (count != 1)}"
    if not count:
        return Text("! there is nothing to strike: no run was made", "bold yellow")
    if not findings.failures:
        return Text(f"✓ nothing breaks in {runs}", "bold green")
    return Text(f"✗ something breaks in {findings.failures} of {runs}", "bold red")


def _notes(findings: Findings) -> list[Padding]:
    found = []
    scenario = findings.run.scenario
    allowed = [text.split()[0] for text in scenario.expect if text.split()[-1:] == ["breaks"]]
    if findings.mode != SEEDS and len(allowed) < len(scenario.expect):
        found.append("only guarantees count here, not the figures the scenario expects")
    if allowed:
        found.append(f"expected to break, and not counted: {', '.join(allowed)}")
    if findings.alike:
        found.append(
            f"all {len(findings.results)} are the same run, event by event: nothing is left to "
            "chance here, so they prove no more than one; another seed counts where a time or a "
            "loss is drawn, as with --set 'service=exponential(1s)'"
        )
    if findings.plan.left_out:
        found.append(f"{findings.plan.left_out} more were left out, evenly; --most takes more")
    if findings.idle:
        found.append(f"in {findings.idle} of them the {findings.mode} did not apply")
    return [Padding(Text(text, "dim"), _IN) for text in found]


def _broken(findings: Findings) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for tally in tallies(findings.results):
        result = findings.results[tally.first]
        broken = next(each for each in result.breaks if each.name == tally.name)
        where = told(findings.plan.trials[tally.first], result.struck)
        text = Text(f"first: {where}")
        text.append(f"\n{seconds(broken.time)}: {readable(broken.what)}", "dim")
        runs = f"{tally.runs} run{'s' * (tally.runs != 1)}"
        table.add_row(Text(f"✗ {readable(tally.name)}", "bold red"), runs, text)
    return table


def _short(findings: Findings, short: Shortest) -> list[RenderableType]:
    trial, small = findings.plan.trials[short.index], short.shrunk
    struck = findings.results[short.index].struck
    story = (
        f"{told(trial, struck)}; {short.broken.name} breaks at {seconds(short.broken.time)}, "
        f"event {short.broken.event}. Made small: {small.events} events in "
        f"{seconds(small.broken.time)}"
    )
    where = f", in {findings.saved}" if findings.saved else "; --save FILE writes it as a scenario"
    return [
        heading("The shortest"),
        Padding(Text(readable(story) + readable(where)), _IN),
        heading("Look at it"),
        Text(f"  {findings.open}", overflow="ignore", no_wrap=True),
    ]
