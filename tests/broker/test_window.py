"""The front of a queue: which messages a receiver looks through, against a plain list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.broker_rules import read_declared
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.port import Message, Overflow, QueueSpec, Sessions
from mailrail_patterns.projections.convoy_scene import HIDDEN, WAITING, ConvoyScene
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.window import Window

Q = QueueSpec("q", lock=5.0, sessions=Sessions(scan=2))


def of(*names: str) -> tuple[Message, ...]:
    """Return messages; the first letter of a name is its group."""
    return tuple(Message(name, group=name[0].upper()) for name in names)


def deliveries(lab: Lab) -> list[tuple[float, str, str]]:
    """Return who received what, and when."""
    return [(e.t, e.actor, e.message) for e in lab.events if e.kind == "delivered"]


@given(st.integers(1, 5), st.lists(st.tuples(st.sampled_from(["last", "first", "leave"]),
                                              st.integers(0, 11)), max_size=60))  # fmt: skip
@settings(deadline=None, derandomize=True, database=None)
def test_it_is_the_front_of_a_list(size: int, steps: list[tuple[str, int]]) -> None:
    window, model = Window(size), list[str]()
    for step, number in steps:
        name, front = f"m{number}", model[:size]
        if step == "leave":
            model = [each for each in model if each != name]
            up = [each for each in model[:size] if each not in front]
            assert window.leave(name) == "".join(up)
        else:
            window.enter(name, first=step == "first")
            if name not in model:
                model = [name, *model] if step == "first" else [*model, name]
        assert [each for each in model if window.sees(each)] == model[:size]


def test_a_group_behind_the_first_so_many_is_not_delivered() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "a2", "a3", "b1")), one=takes(2), two=takes(2)).until(20)
    assert deliveries(lab) == [
        (0, "one-1", "a1"), (2, "one-1", "a2"), (4, "two-1", "b1"), (4, "one-1", "a3"),
    ]  # fmt: skip
    assert lab.broken() == []


def test_a_holder_lets_its_lane_go_when_the_next_of_it_is_out_of_sight() -> None:
    spec = replace(Q, sessions=Sessions(scan=1))
    lab = Lab(spec, sender=sends(*of("a1", "b1", "a2", "b2")), one=takes(1), two=takes(1)).until(9)
    assert [(t, m) for t, _, m in deliveries(lab)] == [(0, "a1"), (1, "b1"), (2, "a2"), (3, "b2")]
    assert len(lab.times("session_accepted")) == 4


def test_a_holder_that_waits_in_its_lane_gets_what_comes_into_sight() -> None:
    spec = replace(Q, sessions=Sessions(scan=1, idle=9.0))
    lab = Lab(spec, sender=sends(*of("a1", "b1", "a2")), one=takes(1), two=takes(1)).until(20)
    assert deliveries(lab) == [(0, "one-1", "a1"), (1, "two-1", "b1"), (2, "one-1", "a2")]


def test_what_is_put_off_takes_up_its_place() -> None:
    async def fickle(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).abandon(3.0)
        assert await receiver.next(timeout=1.0) is None  # which lets the lane go

    spec = replace(Q, sessions=Sessions(scan=1))
    lab = Lab(spec, sender=sends(*of("a1", "b1")), one=fickle, two=takes(1)).until(20)
    assert deliveries(lab) == [(0, "one-1", "a1"), (3, "two-1", "a1"), (4, "two-1", "b1")]


def test_what_is_set_aside_takes_up_its_place() -> None:
    async def fickle(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).defer()
        await port.clock.sleep(2)
        await (await receiver.deferred("a1")).complete()

    spec = replace(Q, sessions=Sessions(scan=1))
    lab = Lab(spec, sender=sends(*of("a1", "b1")), one=fickle, two=takes(1)).until(20)
    assert deliveries(lab) == [(0, "one-1", "a1"), (2, "one-1", "a1"), (2, "two-1", "b1")]


def test_what_is_dropped_for_want_of_room_makes_another_one_visible() -> None:
    spec = replace(Q, sessions=Sessions(scan=2), capacity=2, overflow=Overflow.DROP_OLDEST)
    lab = Lab(spec, sender=sends(*of("a1", "a2", "b1", "c1")), one=takes(2), two=takes(1)).until(9)
    assert deliveries(lab) == [(0, "one-1", "a1"), (0, "two-1", "b1"), (1, "two-1", "c1")]


def hidden(run: Run) -> set[str]:
    """Return the lanes that the picture calls hidden."""
    scene = run.view().scene
    assert isinstance(scene, ConvoyScene)
    return {lane.key for lane in scene.lanes if lane.state == HIDDEN}


def waiting(run: Run) -> set[str]:
    """Return the lanes that wait for a consumer."""
    scene = run.view().scene
    assert isinstance(scene, ConvoyScene)
    return {lane.key for lane in scene.lanes if lane.state == WAITING}


def naive(events: tuple[Event, ...], scan: int) -> set[str]:
    """Return the groups that have messages, all of them behind the first so many."""
    queue: list[tuple[str, str]] = []
    for event in events:
        if event.kind == "sent":
            queue.append((event.message, event.group))
        elif event.kind == "completed":
            queue = [each for each in queue if each[0] != event.message]
    return {group for _, group in queue} - {group for _, group in queue[:scan]}


@pytest.mark.parametrize("scan", [1, 3, 20, 40])
def test_what_is_hidden_is_what_a_plain_list_says(scan: int) -> None:
    run = Run(find("sequential-convoy/hot-group-hides"), overrides={"scan_limit": str(scan)})
    for second in range(70):
        run.advance(second + 0.5)
        assert hidden(run) == naive(tuple(run.events), scan), second
        assert not waiting(run)


def test_the_limit_can_be_changed_while_it_hides_somebody() -> None:
    run = Run(find("sequential-convoy/hot-group-hides"))
    run.advance(30.5)
    assert hidden(run) == {"B", "C", "D"}
    run.do(parse_timed("31s set scan_limit=0").command)
    run.advance(31.5)
    assert hidden(run) == set()
    assert run.metrics()["parallel"] == 4
    run.do(parse_timed("32s set scan_limit=5").command)
    run.advance(34.5)
    assert hidden(run) == naive(tuple(run.events), 5)


def test_what_is_declared_is_read_again() -> None:
    run = Run(find("sequential-convoy/hot-group-hides"))
    run.advance(0.0)
    assert [read_declared(e.text).scan for e in run.events if e.kind == "declared"] == [20]
    assert read_declared("peek-lock reject head").scan == 0
