"""The report of a run: what a person pastes into a chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailrail_patterns.expectations import Judgement
from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.settings import write
from mailrail_patterns.verdict import Outcome

from .blame import gone_wrong
from .coupling import coupling_table
from .frames import LedgerRow
from .highlights import Gap, story
from .measurements import metric_rows, number
from .narration import clock, narrate, places, readable, seconds
from .reproduce import reproduce
from .shelves import Shelf
from .strangers import strangers

GLYPHS: Final = {"plain": "·", "good": "✓", "warn": "!", "bad": "✗", "note": "▸"}
STYLES: Final = {"plain": "", "good": "green", "warn": "yellow", "bad": "bold red", "note": "cyan"}


def report(run: Run, outcome: Outcome) -> list[RenderableType]:
    """Return the whole report of a finished run, to be printed one part below the other."""
    return [
        head(run),
        verdict(run, outcome),
        *(_told("warn", readable(each)) for each in strangers(run)),
        heading("What happened"),
        happened(run.events),
        heading("Metrics"),
        Padding(Shelf([(row.name, row.value, _dull(row.value)) for row in metric_rows(run)]), _IN),
        *coupling_table(run),
        heading("Guarantees"),
        *guarantees(run, outcome),
        *expectations(outcome.judgements),
        *foot(run),
    ]


_IN: Final = (0, 0, 0, 2)
"""Indentation of everything under a heading."""

_NAMED: Final = 3
"""Unmet expectations the verdict names; all of them are listed further down."""


def heading(text: str) -> Text:
    """Return a section's heading, with the empty line above it."""
    return Text(f"\n{text}", style="bold")


def head(run: Run) -> Text:
    """Return the title and what identifies the run."""
    text = Text(readable(run.scenario.title or run.pattern.title), style="bold")
    facts = [f"seed {run.seed}", f"{seconds(run.now)} of virtual time", f"{len(run.events)} events"]
    return text.append(identity(run, facts))


def identity(run: Run, facts: Sequence[str]) -> Text:
    """Return the lines under a title: what was run, some facts about it, and with what."""
    scenario, pattern = run.scenario, run.pattern
    bundled = scenario.name.startswith(pattern.name)
    names = [scenario.name] if bundled else [pattern.title, scenario.name]
    text = Text("\n" + readable(" · ".join(names)), style="not bold dim")
    text.append("\n" + " · ".join(facts))
    given = {**dict(scenario.settings), **run.overrides}
    if given:
        listed = ", ".join(
            f"{key}={value if isinstance(value, str) else write(value)}"
            for key, value in given.items()
        )
        text.append(f"\nwith {readable(listed)}")
    return text


def verdict(run: Run, outcome: Outcome) -> Text:
    """Return one sentence that says how the run ended."""
    broken = [f.guarantee.name for f in outcome.findings if not f.holds]
    wrong = [name for name in broken if name not in outcome.expected]
    unmet = [readable(j.expect) for j in outcome.judgements if not j.holds]
    if len(unmet) > _NAMED:
        unmet[_NAMED:] = [f"and {len(unmet) - _NAMED} more"]
    if run.stalled:
        text = f"stalled at {seconds(run.now)}: an instant would not end"
        return _told("bad", text)
    if outcome.held:
        if broken:
            text = f"as expected: {_names(broken)}; every other guarantee holds"
        else:
            text = "every guarantee holds"
        met = ", every expectation is met" if outcome.judgements else ""
        return _told("good", text + met)
    parts = [_names(wrong)] if wrong else []
    if unmet:
        parts.append(f"not met: {'; '.join(unmet)}")
    return _told("bad", "; ".join(parts))


def _names(broken: Sequence[str]) -> str:
    return ", ".join(broken) + (" breaks" if len(broken) == 1 else " break")


def _told(tone: str, text: str) -> Text:
    return Text(f"{GLYPHS[tone]} {text}", style=f"bold {STYLES[tone]}")


def happened(events: Sequence[Event]) -> RenderableType:
    """Return the story of a run, in order."""
    lines = story(events)
    decimals = places(line.t for line in lines if isinstance(line, LedgerRow))
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        if isinstance(line, Gap):
            table.add_row("", Text("…", "dim"), Text(passed_over(line), "dim"))
        else:
            table.add_row(*cells(line, decimals))
    parts: list[RenderableType] = [Padding(table, _IN)]
    if any(isinstance(line, Gap) for line in lines):
        parts.append(Text("  (--events FILE writes every single event)", "dim"))
    return Group(*parts)


def passed_over(gap: Gap) -> str:
    """Return what is said of events that are only counted."""
    return f"and {gap.text}" if gap.eventful else f"{gap.text}: all uneventful"


def cells(row: LedgerRow, decimals: int) -> tuple[Text, Text, Text]:
    """Return one narrated event as time, sign and text; the time with so many decimals."""
    style = STYLES[row.tone]
    words = "italic cyan" if row.kind in ("said", "waited") else style
    return Text(clock(row.t, decimals), "dim"), Text(GLYPHS[row.tone], style), Text(row.text, words)


def guarantees(run: Run, outcome: Outcome) -> list[RenderableType]:
    """Return every guarantee: the broken ones with what led there, the others by name."""
    parts: list[RenderableType] = []
    for finding in outcome.findings:
        if not finding.holds:
            expected = finding.guarantee.name in outcome.expected
            parts.append(Padding(broken(run.events, finding, expected=expected), _IN))
    held = [f.guarantee.name for f in outcome.findings if f.holds]
    if held:
        table = Table.grid(padding=(0, 1))
        count = f"{len(held)} of {len(outcome.findings)} hold: "
        table.add_row(Text("✓", "green"), Text(count + ", ".join(held)))
        parts.append(Padding(table, _IN))
    return parts


def broken(events: Sequence[Event], finding: Finding, *, expected: bool) -> RenderableType:
    """Return a broken guarantee: what it promises, what was found, and what led there."""
    first = finding.first
    often = "once" if finding.violations == 1 else f"{finding.violations} times"
    table = Table.grid(padding=(0, 1))
    text = Text(finding.guarantee.name, "bold red")
    text.append(f" breaks {often}" + (", as expected" if expected else ""), "red")
    text.append(f"\n{finding.guarantee.promise}", "dim")
    if first is not None:
        because = ", because:" if finding.because else ""
        text.append(f"\nFirst at {seconds(first.time)}: {readable(first.what)}{because}")
    table.add_row(Text("✗", "bold red"), text)
    if finding.because:
        table.add_row("", chain(events, finding.because))
    if first is not None and (faults := gone_wrong(events, finding.because, first.what)):
        table.add_row("", "What had gone wrong by then:")
        table.add_row("", chain(events, faults))
    return table


def chain(events: Sequence[Event], numbers: Sequence[int]) -> Table:
    """Return a causal chain, oldest event first."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    decimals = places(events[n - 1].t for n in numbers)
    for n in numbers:
        event = events[n - 1]
        row = narrate(event)
        text = event.kind if row is None else row.text
        table.add_row(Text(clock(event.t, decimals), "dim"), Text(f"#{n}", "dim"), text)
    return table


def expectations(judgements: Sequence[Judgement]) -> list[RenderableType]:
    """Return every expectation: those not met with what was measured, the others in short."""
    if not judgements:
        return []
    parts: list[RenderableType] = [heading("Expectations")]
    for judgement in judgements:
        if not judgement.holds:
            table = Table.grid(padding=(0, 1))
            measured = number(judgement.measured)
            text = Text(readable(judgement.expect), "bold red")
            text.append(f": measured {measured} at {seconds(judgement.at)}", "not bold")
            table.add_row(Text("✗", "bold red"), text)
            parts.append(Padding(table, _IN))
    met = [readable(judgement.expect) for judgement in judgements if judgement.holds]
    if met:
        table = Table.grid(padding=(0, 1))
        count = Text(f"{len(met)} of {len(judgements)} met:")
        table.add_row(Text("✓", "green"), Group(count, Shelf([(text, "", True) for text in met])))
        parts.append(Padding(table, _IN))
    return parts


def foot(run: Run) -> list[RenderableType]:
    """Return the digest, and the command that repeats the run, each in one piece."""
    return [
        heading("Digest"),
        Text(f"  {run.digest()}", "dim"),
        heading("Again"),
        Text(f"  {reproduce(run)}", overflow="ignore", no_wrap=True),
    ]


def _dull(value: str) -> bool:
    return value in ("0", "0 s", "–")
