"""In every pattern anything can be selected, and says what it is there for."""

from __future__ import annotations

import pytest
from tests.support.scenarios import ran

from mailrail.inspection.inspector import Inspector
from mailrail.journey import journey
from mailrail.narration import narrate
from mailrail.selection import Kind, Selection
from mailrail.sheet import Entry, Sheet
from mailrail.tui.widgets.sequence import paint_sequence
from mailrail.waiting import Waiting
from mailrail_patterns import catalog
from mailrail_patterns.kernel.events import STATE
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

INSTANTS = (3.0, 9.5, 16.0)
"""Seconds into the demo: what is there at one of them at least."""


def part(sheet: Sheet, title: str) -> tuple[Entry, ...]:
    """Return the rows of the section whose title begins so."""
    return next((each.entries for each in sheet.sections if each.title.startswith(title)), ())


@pytest.fixture(scope="module", params=list(catalog.MODULES))
def shown(request: pytest.FixtureRequest) -> list[tuple[Run, Inspector]]:
    """Return the demo of a pattern at each instant, and who looks things up in it."""
    name = catalog.demo(request.param)
    runs = [ran(find(name), until) for until in INSTANTS]
    return [(run, Inspector(run, narrate)) for run in runs]


def test_a_message_tells_its_journey(shown: list[tuple[Run, Inspector]]) -> None:
    for run, inspector in shown:
        sent = [e.message for e in run.events if e.kind == "sent"]
        for name in (*sent[:4], *sent[-4:]):
            sheet = inspector.sheet(Selection(Kind.MESSAGE, name))
            known = [e for e in run.events if e.message == name]
            found = journey(run.events, name)
            assert {e.n for e in known if narrate(e) is not None} <= {s.n for s in found.steps}
            assert len(found.places) >= 2
            drawn = paint_sequence(found, 100, 20, 0, 0).text()
            assert found.places[0][:6] in drawn
            assert any(step.source != step.target for step in found.steps)
            assert part(sheet, "what happened to it")
            assert part(sheet, "because")
            own = {e.n for e in known if e.kind != STATE}
            led = any(e.cause in own and e.message not in ("", name) for e in run.events)
            assert not led or part(sheet, "and so"), name


def test_an_actor_tells_what_it_holds_and_where_it_waits(
    shown: list[tuple[Run, Inspector]],
) -> None:
    lit = 0
    for run, inspector in shown:
        waiting = Waiting(run)
        home = catalog.MODULES[run.pattern.name]
        for actor in run.view().actors:
            code = waiting.view(actor.name)
            sheet = inspector.sheet(Selection(Kind.ACTOR, actor.name), code)
            locks = run.picture.actors.actors[actor.name].locks
            assert {row.label for row in part(sheet, "holds")} >= set(list(locks)[:10])
            if actor.state in ("stopped", "crashed"):
                continue
            assert part(sheet, "waits at"), actor.name
            place = code.places[0]
            lit += place.source.name.removesuffix(".py") == home.rpartition(".")[2]
            assert place.text.strip(), actor.name
            assert place.text == place.source.lines[place.line - 1]
    assert lit


def test_a_queue_is_peeked_without_consuming(shown: list[tuple[Run, Inspector]]) -> None:
    for run, inspector in shown:
        before = run.digest()
        for queue in run.view().queues:
            sheet = inspector.sheet(Selection(Kind.QUEUE, queue.name))
            rows = [row for section in sheet.sections for row in section.entries]
            listed = {row.label for row in rows}
            seen = (*queue.ready[:20], *queue.locked[:20], *queue.dead[:20])
            assert {message.name for message in seen} <= listed
        assert run.digest() == before


def test_an_event_tells_its_chain_of_causes(shown: list[tuple[Run, Inspector]]) -> None:
    run, inspector = shown[-1]
    for event in run.events[:: max(1, len(run.events) // 40)]:
        sheet = inspector.sheet(Selection(Kind.EVENT, str(event.n)))
        because = part(sheet, "because")
        chain, at = 0, event
        while at.cause:
            at, chain = run.events[at.cause - 1], chain + 1
        assert bool(chain) == (because[0].target is not None)


def test_a_durable_row_tells_its_versions_and_why(shown: list[tuple[Run, Inspector]]) -> None:
    run, inspector = shown[-1]
    for table in run.view().tables:
        for row in table.rows[:5]:
            sheet = inspector.sheet(Selection(Kind.ROW, row.key, table.name))
            assert part(sheet, "durable log") or part(sheet, "versions")
