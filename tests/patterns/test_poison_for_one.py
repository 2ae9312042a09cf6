"""A message that one subscriber cannot handle, and all others can: declared, injected, refused."""

from __future__ import annotations

import pytest
from tests.support.by_hand import driven, ran

from mailrail_patterns import scenario
from mailrail_patterns.commands import parse_command, parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SCENARIO = "publisher-subscriber/poison-for-one"


def dead(run: Run) -> list[tuple[float, str, str]]:
    return [(e.t, e.queue, e.message) for e in run.events if e.kind == "dead_lettered"]


def done(run: Run, message: str) -> set[str]:
    return {e.actor for e in run.events if e.kind == "effect" and e.message == message}


def test_only_its_own_copy_dies_and_all_others_are_done() -> None:
    run = ran(SCENARIO, 10)
    assert dead(run) == [(1.8, "billing-1", "m04"), (4.8, "eu-1", "m10")]
    assert done(run, "m04") == {"audit-1", "dash-1"}
    assert done(run, "m10") == {"audit-1", "dash-1", "billing-1"}


def test_it_stays_poison_through_a_crash_and_for_every_instance() -> None:
    run = ran("publisher-subscriber", 0, max_deliveries=3, lock="1s")
    driven(run, 8, "0.2s spawn billing group=billing", "0.3s inject poison-one on billing-2",
           "0.55s crash billing-2", "0.6s spawn billing group=billing")  # fmt: skip
    assert [(queue, name) for _, queue, name in dead(run)] == [("billing", "m02")]
    assert "billing-1" in done(run, "m02"), "a subscription of its own, and it had begun before"


def test_whoever_is_first_if_nobody_is_named() -> None:
    run = driven(ran("publisher-subscriber", 0, max_deliveries=2), 3, "0.7s inject poison-one")
    assert dead(run) == [(1.2, "audit-1", "m03")]


def test_a_service_of_a_choreography_buries_what_the_next_one_understands() -> None:
    run = driven(ran("choreography", 0, count=1, max_deliveries=2), 8,
                 "0.5s inject poison-one on delivery-1")  # fmt: skip
    assert [queue for _, queue, _ in dead(run)] == ["delivery"]
    assert run.metrics()["orders_open"] == 1


def listed(run: Run) -> list[tuple[str, str, str]]:
    return [(each.name, each.target, each.role) for each in run.view().faults]


def test_what_it_has_struck_is_listed_until_it_is_healed_and_then_handled() -> None:
    run = ran("publisher-subscriber", 3, "0.7s inject poison-one on eu-1", max_deliveries=2)
    assert listed(run) == [("poison-one", "m05", "eu")]
    assert dead(run) == [(2.2, "eu-1", "m05")]
    driven(run, 4, "3.1s redrive eu-1")
    assert dead(run)[1:] == [(3.3, "eu-1", "m05")], "nothing was mended: round again"
    driven(run, 5, "4.1s heal poison-one on m05", "4.1s redrive eu-1")
    assert listed(run) == []
    assert "eu-1" in done(run, "m05")
    with pytest.raises(BadInput, match="no poison-one on m05 waits or sticks to a message"):
        run.do(parse_command("heal poison-one on m05"))
    run.seek(2.5)
    assert listed(run) == [("poison-one", "m05", "eu")], "as it was then"


def test_healing_it_for_all_takes_back_what_waits_too() -> None:
    run = ran("publisher-subscriber", 2.6, "0.7s inject poison-one on eu-1",
              "2.6s inject poison-one on dash-1")  # fmt: skip
    assert (len(listed(run)), len(run.view().pending)) == (1, 1)
    run.do(parse_command("heal poison-one"))
    assert listed(run) == []
    assert run.view().pending == ()


def test_what_the_scenario_brings_can_be_healed_too() -> None:
    run = ran(SCENARIO, 1)
    assert run.view().poison == (("poison-one", "m04"),)
    driven(run, 2.5, "1.1s heal poison-one on m04")
    assert run.view().poison == ()
    assert dead(run) == []
    assert "billing-1" in done(run, "m04")
    late = driven(ran(SCENARIO, 2), 3, "2.1s heal poison-one", "2.2s redrive billing-1")
    assert "billing-1" in done(late, "m04")


def test_a_plan_may_heal_the_message_that_it_will_stick_to() -> None:
    steps = [parse_timed(text) for text in ("0.7s inject poison-one on eu-1",
                                            "2.3s heal poison-one on m05")]  # fmt: skip
    run = Run(find("publisher-subscriber"), commands=steps)
    run.advance(4)
    assert not dead(run)
    assert "eu-1" in done(run, "m05")


def test_a_role_that_does_not_exist_is_refused_with_the_nearest() -> None:
    document = find(SCENARIO).document
    table = document.messages["m04"]
    table.poison_for = "biling"
    with pytest.raises(BadInput, match=r"messages\.m04\.poison_for.*the nearest is 'billing'"):
        scenario.build(document, "x")
