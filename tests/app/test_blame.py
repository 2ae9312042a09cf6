"""What a chain of causes cannot tell: who had died, and what had been lost, before it broke."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.commandline import Typed

from mailrail.blame import gone_wrong
from mailrail.inspection.inspector import Inspector
from mailrail.narration import narrate
from mailrail.preparation import Request, prepare
from mailrail.selection import Kind, Selection
from mailrail_patterns.run import Run


def told(name: str, guarantee: str, *commands: str) -> list[str]:
    """Return what is told to have gone wrong when a guarantee broke."""
    run = prepare(Request(name, commands=commands))
    run.advance(run.duration)
    finding = next(each for each in run.findings() if each.guarantee.name == guarantee)
    assert finding.first is not None
    numbers = gone_wrong(run.events, finding.because, finding.first.what)
    assert not set(numbers) & set(finding.because)
    rows = [narrate(run.events[n - 1]) for n in numbers]
    return ["" if row is None else f"{row.t:g} {row.text}" for row in rows]


CRASH = "crashes: no cleanup, no lock released"
DEAD_CARD = ("9s crash card-1", "11s crash shipping-1", "11.5s restart shipping-1")


@pytest.mark.parametrize(
    ("name", "guarantee", "commands", "expected"),
    [
        ("saga", "no-human-needed", DEAD_CARD, [f"9 card-1 {CRASH}"]),
        ("choreography", "over-by-its-deadline", ("20s crash stock-1",), [f"20 stock-1 {CRASH}"]),
        ("choreography/a-lost-event", "over-by-its-deadline", (),
         ["5 lose-send strikes m02-placed-paid (payment-1)"]),
        ("competing-consumers/the-lock-is-a-lease", "effect-once", (), []),
        ("sequential-convoy/a-stale-write-unfenced", "as-sent", (),
         ["1 fault injected: partition on worker-1, until healed"]),
        ("publisher-subscriber/paid-before-new", "handled-in-order", (),
         ["2.5 reorder strikes m06 (publisher-1)"]),
        ("saga/sent-before-written", "intent-before-send", (), []),
    ],
)  # fmt: skip
def test_the_faults_that_bear_on_a_breach_are_told_and_no_others(
    name: str, guarantee: str, commands: tuple[str, ...], expected: list[str]
) -> None:
    assert told(name, guarantee, *commands) == expected


def test_the_report_and_the_verdict_for_ci_tell_who_had_died(typed: Typed, tmp_path: Path) -> None:
    verdict = tmp_path / "verdict.xml"
    said = typed("run", "saga", "--do", "9s crash card-1", "--junit", str(verdict))
    assert said.code == 1
    _, _, rest = said.out.partition("What had gone wrong by then:")
    assert rest.split("\n")[1].split() == ["9.0", "s", "#151", "card-1", *CRASH.split()]
    _, _, rest = verdict.read_text(encoding="utf-8").partition("what had gone wrong by then:\n")
    assert rest.split("<")[0].split() == ["9.0", "s", "#151", "card-1", *CRASH.split()]


def dead_card() -> Run:
    run = prepare(Request("saga", commands=("9s crash card-1",)))
    run.advance(run.duration)
    return run


def test_the_sheet_of_a_breach_tells_it_and_the_sheets_of_other_events_do_not() -> None:
    run = dead_card()
    inspector = Inspector(run, narrate)
    finding = next(each for each in run.findings() if not each.holds)
    assert finding.first is not None
    for number in (finding.first.event, finding.first.event + 1):
        sheet = inspector.sheet(Selection(Kind.EVENT, str(number)))
        found = {each.title: each.entries for each in sheet.sections}
        assert [entry.text for entry in found["gone wrong by then"]] == [f"card-1 {CRASH}"]
    other = inspector.sheet(Selection(Kind.EVENT, "38"))
    assert "gone wrong by then" not in {each.title for each in other.sections}
