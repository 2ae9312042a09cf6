"""The fault menu: what fits the selection, now or at a crash point, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest
from tests.app.tui.driving import Driver, Opened
from textual.geometry import Offset
from textual.widgets import Input, OptionList

from mailrail.selection import Kind, Selection
from mailrail.session import Session
from mailrail.tui.keymap import laid
from mailrail.tui.screens import fault_menu
from mailrail.tui.screens.pick import Pick
from mailrail.tui.widgets.header import paint_header
from mailrail_patterns import catalog
from mailrail_patterns.actor_port import ActorPort
from mailrail_patterns.commands import Crash, CrashPoint, Heal, Inject, parse_command
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SHOWING = [
    *catalog.MODULES, "priority-queue/a-pool-each", "pipes-and-filters/a-filter-put-in",
    "pipes-and-filters/moving-bottleneck-one-filter", "claim-check/lost-luggage",
    "asynchronous-request-reply/forgetful-requester", "choreography/who-noticed-orchestrated",
    "publisher-subscriber/late-joiners", "claim-check/read-once-refcount",
    "choreography/ghost-payment", "scheduler-agent-supervisor/nobody-tells-the-supervisor",
    "pipes-and-filters/claims-in-the-pipes",
]  # fmt: skip
"""Scenarios in which nearly every role of every pattern plays."""


def rows(d: Driver) -> list[str]:
    options = d.app.screen.query_one(OptionList).options
    return [option.id or f"# {option.prompt}" for option in options]


async def choose(d: Driver, row: str) -> None:
    await d.press("i")
    options = d.app.screen.query_one(OptionList)
    options.highlighted = options.get_option_index(row)
    await d.press("enter")


@pytest.mark.parametrize("name", catalog.MODULES)
def test_it_offers_exactly_the_faults_of_the_pattern_whoever_is_selected(name: str) -> None:
    run = Run(find(name))
    run.advance(3.0)
    declared = [fault.name for fault in run.pattern.faults]
    for actor in run.view().actors:
        rows = fault_menu.choices(run.pattern, run.view(), actor.name, run.points)
        offered = [row.id for row in rows if row.id]
        deaths = [row for row in offered if row not in declared]
        assert sorted(row for row in offered if row in declared) == sorted(declared)
        assert {"crash", "freeze"} <= set(deaths)
        assert ("crash_at" in deaths) == bool(run.points(actor.name))
        assert ("crash-any" in deaths) == bool(run.points())
        chosen = Selection(Kind.MESSAGE, "m01", "work")
        also = fault_menu.choices(run.pattern, run.view(), actor.name, run.points, chosen)
        assert sorted(row.id for row in also if row.id) == sorted(offered)


@pytest.mark.parametrize(("kind", "name", "first"), [
    (Kind.MESSAGE, "m03", "poison"), (Kind.QUEUE, "work", "lose-ack"),
    (Kind.ACTOR, "worker-1", "crash"),
])  # fmt: skip
def test_what_fits_what_was_selected_last_comes_first(kind: Kind, name: str, first: str) -> None:
    run = Run(find("competing-consumers"))
    run.advance(3.0)
    chosen = Selection(kind, name)
    consumer = next(actor.name for actor in run.view().actors if actor.kind == "consumer")
    heading, row, *_ = fault_menu.choices(run.pattern, run.view(), consumer, run.points, chosen)
    assert row.id == first
    assert heading.label.startswith(consumer if kind is Kind.ACTOR else name)


def test_what_has_a_key_of_its_own_tells_the_one_that_was_chosen() -> None:
    run = Run(find("competing-consumers"))
    own = laid("lab", {"lab": {"crash": "f3"}})
    rows = fault_menu.choices(run.pattern, run.view(), "consumer-1", run.points, acts=own)
    keys = {row.id: row.key for row in rows if row.key}
    assert keys == {"crash": "f3", "crash_at": "C", "freeze": "p"}


def test_an_actor_passes_the_crash_points_its_role_declares_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed: set[tuple[str, str, CrashPoint]] = set()
    at = ActorPort.at

    def noted(port: ActorPort, point: CrashPoint) -> Awaitable[None]:
        role = port.actor.role
        assert point in role.passes(port.settings), f"{port.name} passes {point}"
        passed.add((port._world.pattern.name, role.name, point))
        return at(port, point)

    monkeypatch.setattr(ActorPort, "at", noted)
    said = set()
    for name in SHOWING:
        run = Run(find(name))
        run.advance(60.0)
        roles = {actor.role: run.points(actor.name) for actor in run.view().actors}
        said |= {(run.pattern.name, role, point) for role in roles for point in roles[role]}
    assert said - passed == set()
    assert len(passed) > 150


async def test_what_fits_the_selected_actor_comes_first(opened: Opened) -> None:
    async with opened() as d:
        await d.press("i")
        assert rows(d)[:5] == ["# consumer-1, working", "crash", "crash_at", "freeze", "slow"]
        await d.press("escape", "c", "i")
        assert rows(d)[:3] == ["# consumer-1, crashed", "restart", "# A message"]
        assert "slow" in rows(d)[rows(d).index("# Somebody else") :]  # the others can be slow
        await d.press("enter")
        await d.until(lambda: d.session.run.events[-1].kind == "restarted")
        d.session.select("producer-1")
        await d.press("i")
        assert rows(d)[:4] == ["# producer-1, idle", "crash", "freeze", "# A message"]
        assert "slow" in rows(d)[rows(d).index("# Somebody else") :]


async def test_a_fault_is_armed_said_before_listed_told_and_over(opened: Opened) -> None:
    async with opened() as d:
        await choose(d, "lose-ack")
        assert any("The next settlement never reaches" in row for row in d.text())
        assert not d.app.screen.query_one("#field-2").visible
        await d.press("down", "right", "right", "right", "right")
        screen = " ".join(row.strip(" │|") for row in d.text())
        assert "Once consumer-1 passes K5 before-ack (all is done but the" in screen
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        (armed,) = d.session.run.view().armed
        assert (armed.name, armed.passer, armed.point) == (
            "lose-ack",
            "consumer-1",
            "K5 before-ack",
        )
        head = d.text()[0]
        assert "↯ 1 armed" in head
        await d.pilot.click(offset=Offset(head.index("armed"), 0))
        await d.until(lambda: d.showing("Menu"))
        assert rows(d)[:2] == ["# On now, or waiting: choose to heal", "disarm 0"]
        await d.press("escape")
        await d.play_to(4.0)
        assert "armed" not in d.text()[0]
        met = "consumer-1 passes K5 before-ack, and meets lose-ack"
        assert f"{met} → fault injected: lose-ack, the next time" in d.told()
        assert d.session.run.view().armed == ()
        assert any("acknowledgement lost" in e.text for e in d.session.run.events)


async def test_a_crash_point_is_chosen_by_typing_its_name(opened: Opened) -> None:
    async with opened() as d:
        d.session.select("consumer-2")
        for point, keys in (("K3", "K3"), ("K5", "K2K5"), ("K3", "KK"), ("K6", "K9K6")):
            await d.press("C", *keys, "enter")
            await d.until(lambda: d.showing("Lab"))
            assert d.session.run.commands[-1].command == Crash("consumer-2", CrashPoint[point])


async def test_what_waits_is_taken_back(opened: Opened) -> None:
    async with opened() as d:
        for command in ("crash consumer-2 at K3", "inject slow on any 3 at K2", "crash any at K6"):
            d.session.do(parse_command(command))
        for _ in range(3):
            await choose(d, "disarm 0")
            await d.until(lambda: d.showing("Lab"))
        assert d.session.run.view().armed == ()
        assert [e.kind for e in d.session.run.events[-3:]] == ["disarmed"] * 3


async def test_what_waits_for_its_next_occurrence_is_listed_told_and_taken_back(
    opened: Opened,
) -> None:
    async with opened(size=(120, 36)) as d:
        d.session.do(parse_command("inject lose-ack 9"))
        d.session.do(parse_command("inject early on m99"))
        d.lab.redraw()
        await d.settle()
        assert "↯ lose-ack ×9, early m99 pending" in d.text()[0]
        await d.press("i")
        assert rows(d)[:3] == ["# On now, or waiting: choose to heal", "take-back 0", "take-back 1"]
        assert any("It waits to strike 9 times" in row for row in d.text())
        await d.press("escape")
        await d.play_to(6.0)
        assert any("lose-ack strikes m0" in told for told in d.told())
        for left in (1, 0):
            await choose(d, "take-back 0")
            await d.until(lambda: d.showing("Lab"))
            assert len(d.session.run.view().pending) == left
        assert "pending" not in d.text()[0]


async def test_the_mouse_goes_through_the_points_too(opened: Opened) -> None:
    async with opened() as d:
        await choose(d, "slow")
        pick = d.app.screen.query_one(Pick)
        await d.pilot.click(pick, offset=(6, 0))
        await d.pilot.click(pick, offset=(6, 0))
        assert pick.value == "K2 after-receive"
        await d.pilot.click(pick, offset=(0, 0))
        assert pick.value == "K1 before-receive"
        d.app.screen.query(Input).first().value = "any"
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        command = d.session.run.commands[-1].command
        assert command == parse_command("inject slow on any 3 at K1")


async def test_the_selected_message_is_filled_in(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(9.0)
        d.session.look_at(Selection(Kind.MESSAGE, "m10", "work"))
        await choose(d, "poison")
        assert d.app.screen.query(Input).first().value == "m10"
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.commands[-1].command == Inject("poison", "m10")


async def test_whoever_passes_needs_a_point(opened: Opened) -> None:
    async with opened() as d:
        await choose(d, "slow")
        await d.type("any")
        await d.press("enter")
        assert any("choose one" in row for row in d.text())
        await d.press("escape")


async def test_in_the_past_it_forks_and_the_fork_can_be_left(opened: Opened) -> None:
    async with opened() as d:
        d.session.seek(20.0)
        d.session.seek(5.0)
        await choose(d, "broker-down")
        await d.press("enter")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.commands[-1].command == Inject("broker-down")
        assert any("Forked at 5s" in text for text in d.told())
        assert len(d.session.futures) == 1


def test_nothing_is_offered_that_nobody_is_left_to_suffer() -> None:
    run = Run(find("competing-consumers"))
    run.advance(3.0)
    consumers = [actor.name for actor in run.view().actors if actor.kind == "consumer"]
    for name in consumers:
        run.do(Crash(name))
    rows = fault_menu.choices(run.pattern, run.view(), consumers[0], run.points)
    offered = [choice.id for choice in rows]
    assert "slow" not in offered
    assert "restart" in offered
    assert "broker-down" in offered


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_lab_tells_in_its_first_line_which_faults_are_on(
    name: str, size: tuple[int, int]
) -> None:
    session = Session(find(name), clock=lambda: 0.0)
    session.seek(3.0)
    lasting = [fault for fault in session.run.pattern.faults if fault.lasts]
    for count, fault in enumerate(lasting, 1):
        session.do(Inject(fault.name, "m99" if fault.name == "poison" else ""))
        paper = paint_header(session.frame(), size[0], 1)
        assert any(zone.name == "inject" for zone in paper.zones)
        told = paper.text()
        assert f"{count} fault" in told or f"{count} on" in told or fault.name in told
        if count == 1:
            assert f"↯ {fault.name}" in told
    for fault in lasting:
        session.do(Heal(fault.name))
    assert "↯" not in paint_header(session.frame(), size[0], 1).text()


@pytest.mark.parametrize(
    "name", ["competing-consumers/the-lock-is-a-lease", "publisher-subscriber/poison-for-one"]
)
async def test_poison_of_the_scenario_is_healed_from_the_menu(opened: Opened, name: str) -> None:
    async with opened(name) as d:
        ((fault, message),) = d.session.run.view().poison
        await choose(d, "cure 0")
        await d.until(lambda: d.showing("Lab"))
        healed = d.session.run.events[-1]
        assert (healed.kind, healed.message, healed.group) == ("healed", fault, message)
        assert d.session.run.view().poison == ()
        await d.press("i")
        assert "cure 0" not in rows(d)
