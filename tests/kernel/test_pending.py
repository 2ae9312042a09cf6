"""Faults that wait for their next occurrence: seen to wait, told when they strike, taken back."""

from __future__ import annotations

import pytest
from tests.kernel.test_arming import of_kind
from tests.support.by_hand import ran

from mailrail_patterns import catalog
from mailrail_patterns.commands import parse_command
from mailrail_patterns.faults import EFFECTS, NEXT
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run

SPARE = "competing-consumers"
WAITING = [
    (pattern, fault.name)
    for pattern in catalog.MODULES
    for fault in catalog.pattern(pattern).faults
    if fault.name in NEXT or (not fault.lasts and fault.name not in EFFECTS)
]


def waiting(run: Run) -> list[tuple[str, str, int]]:
    return [(each.name, each.target, each.left) for each in run.view().pending]


def test_it_waits_strikes_so_often_as_was_said_and_is_over() -> None:
    run = ran(SPARE, 30, "0s inject lose-ack 2", "0s inject lose-ack")
    struck = of_kind(run, "struck")
    assert [event.value for event in struck] == [2.0, 1.0, 0.0]
    lost = of_kind(run, "dropped")
    assert [(event.actor, event.group) for event in struck] == [
        (event.actor, event.message) for event in lost
    ]
    first = of_kind(run, "injected")[0]
    assert {event.token for event in struck} == {first.n}
    assert waiting(run) == []


def test_what_is_left_is_seen_at_every_instant_back_and_forth() -> None:
    run = ran(SPARE, 30, "0s inject lose-ack 2")
    one, two = (event.n for event in of_kind(run, "struck"))
    seen = []
    for n in (two, one - 1, one, two - 1, two):
        run.seek_event(n)
        seen.append(waiting(run))
    twice, once = [("lose-ack", "", 2)], [("lose-ack", "", 1)]
    assert seen == [[], twice, once, once, []]


@pytest.mark.parametrize(("pattern", "fault"), WAITING)
def test_every_fault_that_can_wait_is_listed_until_it_is_taken_back(
    pattern: str, fault: str
) -> None:
    run = ran(pattern, 0.0)
    run.do(parse_command(f"inject {fault}"))
    assert waiting(run) == [(fault, "", 1)]
    run.do(parse_command(f"heal {fault}"))
    assert waiting(run) == []
    run.advance(5)
    (mine,) = (event for event in of_kind(run, "injected") if event.t == 0)
    assert mine.n not in {event.token for event in of_kind(run, "struck")}


def test_one_for_a_message_is_taken_back_alone() -> None:
    run = ran(SPARE, 0.0)
    for command in ("inject early on m02", "inject early on m03", "inject early"):
        run.do(parse_command(command))
    run.do(parse_command("heal early on m02"))
    assert waiting(run) == [("early", "m03", 1), ("early", "", 1)]
    run.do(parse_command("heal early"))
    assert waiting(run) == []


def test_there_is_nothing_to_heal_once_it_has_struck() -> None:
    run = ran(SPARE, 30, "0s inject lose-ack")
    with pytest.raises(BadInput, match="no lose-ack waits"):
        run.do(parse_command("heal lose-ack"))
    with pytest.raises(BadInput, match="no early on m02 waits"):
        run.do(parse_command("heal early on m02"))


def test_what_is_for_everything_is_not_healed_for_one() -> None:
    run = ran(SPARE, 2, "1s inject broker-down")
    with pytest.raises(BadInput, match="broker-down applies to everything, not to 'consumer-1'"):
        run.do(parse_command("heal broker-down on consumer-1"))
    with pytest.raises(BadInput, match="unknown actor 'consumer-9'"):
        run.do(parse_command("heal slow on consumer-9"))
    assert [fault.name for fault in run.view().faults] == ["broker-down"]


def test_the_next_poison_is_known_by_its_name_once_there_is_one() -> None:
    run = ran(SPARE, 6, "0s inject poison")
    assert waiting(run) == []
    (struck,) = of_kind(run, "struck")
    assert [(each.name, each.target) for each in run.view().faults] == [("poison", struck.group)]
    told = of_kind(run, "injected")
    assert [event.cause for event in told] == [0, struck.n]
    run.do(parse_command(f"heal poison on {struck.group}"))
    assert run.view().faults == ()


def test_what_waits_on_the_way_costs_nothing_once_it_is_over() -> None:
    run = ran(SPARE, 30, "0s inject lose-send", "0s inject duplicate", "0s inject reorder")
    assert {event.message for event in of_kind(run, "struck")} == {
        "lose-send", "duplicate", "reorder",
    }  # fmt: skip
    assert run._world.network.clear


@pytest.mark.parametrize("whom", ["", " on m02"])
@pytest.mark.parametrize(
    ("pattern", "healed", "done"),
    [
        ("scheduler-agent-supervisor", "3s", ("m02", "Processed")),
        ("asynchronous-request-reply", "12s", ("k02", "Succeeded")),
    ],
)
def test_poison_in_a_row_or_a_request_is_healed_too(
    pattern: str, healed: str, done: tuple[str, str], whom: str
) -> None:
    sick = ran(pattern, 20, "0s inject poison")
    well = ran(pattern, 20, "0s inject poison", f"{healed} heal poison{whom}")
    reached = [
        {(event.message, event.group) for event in of_kind(run, "state")} for run in (sick, well)
    ]
    assert [done in each for each in reached] == [False, True]
    assert (well.view().faults, well.view().pending) == ((), ())
