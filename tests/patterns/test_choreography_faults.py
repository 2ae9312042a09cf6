"""Every fault and crash of the choreography's row, with the safeguards on and off."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from tests.patterns.test_choreography import orders, rows
from tests.support.by_hand import broken, ran

from mailrail_patterns import catalog
from mailrail_patterns.choreography import FAULTS
from mailrail_patterns.declaration import Fault
from mailrail_patterns.messages import Message
from mailrail_patterns.names import BadInput
from mailrail_patterns.records import Row
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find, load
from mailrail_patterns.shop import book_when_paid_and_reserved
from mailrail_patterns.steps import Done

REGRESSIONS = Path(__file__).parents[1] / "regressions"
HOPES = {"over-by-its-deadline"}
PATTERN = catalog.pattern("choreography")


@pytest.mark.parametrize("choreographed", ["on", "off"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("at", [0.0, 5.0, 8.5])
def test_under_every_fault_the_promises_hold(fault: Fault, at: float, choreographed: str) -> None:
    target = " on stock-1" if fault.target == "consumer" else ""
    commands = [f"{at}s inject {fault.name}{target}"]
    if fault.lasts:
        commands.append(f"{at + 20}s heal {fault.name}{target}")
    run = ran("choreography", 150, *commands, count="8", choreographed=choreographed)
    assert broken(run) <= HOPES


@pytest.mark.parametrize("service", ["order", "payment", "stock", "shipping", "delivery"])
@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_a_crash_anywhere_changes_nothing_in_the_end(service: str, point: str) -> None:
    calm = rows(ran("choreography", 80, count="4"), "m02")
    run = ran(
        "choreography", 80, f"3.9s crash {service}-1 at {point}", "9s restart " + f"{service}-1",
        count="4",
    )  # fmt: skip
    assert run.metrics()["crashes"] == 1
    assert rows(run, "m02") == calm
    assert broken(run) <= HOPES


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_an_orchestrator_goes_on_where_it_was(point: str) -> None:
    run = ran(
        "choreography", 80, f"3.9s crash orchestrator-1 at {point}", "5s restart orchestrator-1",
        count="4", choreographed="off",
    )  # fmt: skip
    assert run.metrics()["crashes"] == 1
    assert run.metrics()["orders_completed"] == 4
    assert broken(run) <= HOPES


# --- the join -------------------------------------------------------------------------------


class Rows:
    """The rows of one service, as its decisions read them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Row] = {}

    def row(self, table: str, key: str) -> Row:
        return self.kept.get((table, key)) or Row(key)

    def rows(self, table: str) -> list[Row]:
        return [row for (each, _), row in self.kept.items() if each == table]


HEARD = ("payment.authorised", "stock.reserved", "payment.authorised", "stock.reserved")


@pytest.mark.parametrize("heard", sorted(set(permutations(HEARD))))
def test_the_join_fires_once_for_every_order_and_every_duplicate(heard: tuple[str, ...]) -> None:
    own, fired = Rows(), []
    for number, subject in enumerate(heard):
        message = Message(f"m01-{number}", subject=subject, headers=(("order", "m01"),))
        settings = PATTERN.settings()
        reaction = book_when_paid_and_reserved(settings, message, own)
        assert reaction == book_when_paid_and_reserved(settings, message, own), (
            "nothing else counts"
        )
        for write in reaction.writes:
            version = own.row(write.table, write.key).version + 1
            own.kept[write.table, write.key] = Row(write.key, write.text, write.state, version)
        fired += [(number, outgoing.message.id) for outgoing in reaction.sends]
    complete = next(n for n in range(4) if set(heard[: n + 1]) == set(HEARD))
    assert fired == [(complete, "m01-booked")]
    row = own.row("couriers", "m01")
    assert (row.state, row.fields(Done).times) == ("Booked", 1)


@pytest.mark.parametrize("fault", ["duplicate 9", "reorder 9", "lose-ack 9"])
def test_the_join_fires_once_whatever_the_network_does(fault: str) -> None:
    run = orders("", 60, "0s crash delivery-1", f"0s inject {fault}", "4s restart delivery-1",
                 idempotent=fault.startswith("reorder"))  # fmt: skip
    booked = [e for e in run.events if e.kind == "state" and e.group == "Booked"]
    assert len(booked) == 1
    assert "join-fires-once" not in broken(run)


# --- safeguards -----------------------------------------------------------------------------

FILES = sorted(path for path in REGRESSIONS.rglob("*.toml") if path.parent.name == "choreography")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_sweep_found_still_breaks_and_the_safeguard_mends_it(path: Path) -> None:
    scenario = load(path)
    run = Run(scenario)
    run.advance(run.duration)
    assert run.outcome().held
    found = catalog.pattern(scenario.pattern)
    setting = path.stem.partition("-off")[0]
    guard = next(each for each in found.safeguards if each.setting == setting)
    assert broken(run)
    mended = Run(scenario, overrides={setting: guard.on})
    mended.advance(60)
    assert broken(mended) <= {*HOPES, "stuck-only-by-fault"}, "some are wired to be stuck"


def test_there_is_a_regression_for_every_safeguard() -> None:
    guards = {guard.setting for guard in PATTERN.safeguards}
    assert {
        path.stem.removesuffix("-off") for path in FILES if path.parent.name == "choreography"
    } == guards
    for guard in PATTERN.safeguards:
        run = Run(load(REGRESSIONS / "choreography" / f"{guard.setting}-off.toml"))
        run.advance(run.duration)
        assert guard.keeps in broken(run)


def test_an_outbox_goes_before_publishing_first() -> None:
    with pytest.raises(BadInput, match="K4 after-publish is not passed by payment-1"):
        orders("", 60, "0.5s crash payment-1 at K4", publish_first=True)
    run = orders("", 60, "0.5s crash payment-1 at K3", publish_first=True, restart_after="2s")
    assert run.metrics()["crashes"] == 1
    assert broken(run) == set()


def test_what_the_outbox_holds_is_sent_even_where_nobody_keeps_an_inbox() -> None:
    run = orders(
        "", 60, "1.5s crash delivery-1 at K3", idempotent=False, restart_after="1s"
    )  # fmt: skip
    assert rows(run)["orders"] == "Completed"
    assert "no-zombie-records" not in broken(run)


def test_a_schema_that_lacks_a_field_is_a_dead_letter_and_one_more_field_is_not() -> None:
    assert rows(orders(schema="v2-additive"))["orders"] == "Completed"
    run = orders(schema="v2-breaking")
    (dead,) = [e for e in run.events if e.kind == "dead_lettered"]
    assert (dead.actor, dead.text) == ("payment-1", "SchemaMismatch")
    assert rows(run)["watch"] == "Stuck"


def test_the_defaults_of_all_scenarios_have_every_safeguard_on() -> None:
    settings = PATTERN.settings()
    assert all((settings.idempotent, settings.outbox, settings.versions, settings.correlation))
    assert settings.hop_limit == 8
    assert find("choreography").pattern == "choreography"
