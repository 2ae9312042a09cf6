"""The verdict as JUnit XML, which every CI server can show."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from mailrail_patterns.expectations import Judgement
from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.verdict import Outcome

from .blame import gone_wrong
from .measurements import number
from .narration import clock, narrate, readable, seconds
from .reproduce import reproduce


def junit(run: Run, outcome: Outcome) -> bytes:
    """Return one test case a guarantee and one an expectation.

    A guarantee that broke because an expectation says it must is a test that passes.
    """
    name = readable(run.scenario.name)
    suite = Tree.Element("testsuite", name=name)
    for finding in outcome.findings:
        expected = finding.guarantee.name in outcome.expected
        _guarantee(suite, f"{name}.guarantees", run.events, finding, expected=expected)
    for judgement in outcome.judgements:
        _expectation(suite, f"{name}.expectations", judgement)
    if run.stalled:
        case = Tree.SubElement(suite, "testcase", classname=name, name="the run comes to its end")
        Tree.SubElement(case, "failure", message=f"stalled at {seconds(run.now)}")
    cases, failures = suite.findall("testcase"), suite.findall("testcase/failure")
    counts = {"tests": str(len(cases)), "failures": str(len(failures)), "errors": "0"}
    for key, value in counts.items():
        suite.set(key, value)
    output = Tree.SubElement(suite, "system-out")
    output.text = f"{readable(reproduce(run))}\ndigest {run.digest()}"
    root = Tree.Element("testsuites", attrib={"name": "mailrail", **counts})
    root.append(suite)
    Tree.indent(root)
    data: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _guarantee(
    suite: Tree.Element, where: str, events: Sequence[Event], finding: Finding, *, expected: bool
) -> None:
    case = Tree.SubElement(suite, "testcase", classname=where, name=finding.guarantee.name)
    first = finding.first
    if finding.holds or first is None:
        return
    what = f"breaks {finding.violations}×, first at {seconds(first.time)}: {readable(first.what)}"
    if expected:
        Tree.SubElement(case, "system-out").text = f"{what}, as expected"
        return
    failure = Tree.SubElement(case, "failure", message=what)
    rows = [finding.guarantee.promise, *_told(events, finding.because)]
    if faults := _told(events, gone_wrong(events, finding.because, first.what)):
        rows += ["what had gone wrong by then:", *faults]
    failure.text = "\n".join(rows)


def _told(events: Sequence[Event], numbers: Sequence[int]) -> list[str]:
    rows = (narrate(events[n - 1]) for n in numbers)
    return [f"{clock(row.t)} #{row.n} {row.text}" for row in rows if row is not None]


def _expectation(suite: Tree.Element, where: str, judgement: Judgement) -> None:
    text = readable(judgement.expect)
    case = Tree.SubElement(suite, "testcase", classname=where, name=text)
    if not judgement.holds:
        found = f"measured {number(judgement.measured)} at {seconds(judgement.at)}"
        Tree.SubElement(case, "failure", message=f"{text}: {found}")
