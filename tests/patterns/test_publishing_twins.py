"""One subscriber's log is the same with and without another, whatever befalls the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailrail_patterns.commands import parse_command
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

Log = list[tuple[float, str, str, str, int]]
TROUBLES = (
    "crash {0}",
    "pause {0}",
    "stop {0}",
    "inject slow on {0} 30",
    "inject partition on {0}",
)
TIMES = st.integers(0, 80).map(lambda tick: tick / 8)


def log(run: Run, *names: str) -> Log:
    """Return everything that befell the copies of some subscriptions, in their own order."""
    return [(e.t, e.kind, e.queue, e.message, e.delivery) for e in run.events
            if e.queue in names and e.kind != "declared"]  # fmt: skip


def lived(*commands: tuple[float, str], **given_settings: str) -> Run:
    run = Run(find("publisher-subscriber"), overrides=given_settings)
    for at, command in sorted(commands):
        run.advance(at)
        run.do(parse_command(command))
    run.advance(12)
    return run


@settings(max_examples=60, deadline=None)
@given(
    policy=st.sampled_from(["drop-oldest", "drop-newest", "disconnect"]),
    buffer=st.integers(0, 6),
    service=st.sampled_from(["0s", "300ms", "2s", "9s"]),
    joins=TIMES,
    trouble=st.sampled_from(TROUBLES),
    strikes=TIMES,
)
def test_who_joins_stumbles_and_lags_is_nobody_elses_business(
    policy: str, buffer: int, service: str, joins: float, trouble: str, strikes: float
) -> None:
    alone = lived()
    given_ = f"policy={policy} buffer={buffer} durable=off service={service}"
    both = lived(
        (joins, f"spawn subscriber {given_} filter=orders.#"),
        (max(joins, strikes) + 0.01, trouble.format("subscriber-1")),
    )
    names = ("audit-1", "billing-1", "eu-1", "dash-1")
    assert log(alone, *names) == log(both, *names)


@settings(max_examples=25, deadline=None)
@given(trouble=st.sampled_from(TROUBLES), strikes=TIMES)
def test_what_befalls_audit_does_not_befall_billing(trouble: str, strikes: float) -> None:
    alone, struck = lived(), lived((strikes, trouble.format("audit-1")))
    assert log(alone, "billing-1", "eu-1", "dash-1") == log(struck, "billing-1", "eu-1", "dash-1")


@pytest.mark.parametrize("policy", ["block", "drop-oldest"])
def test_only_a_policy_to_block_is_felt_by_the_others(policy: str) -> None:
    slow = lived((1.0, f"spawn subscriber buffer=2 policy={policy} service=3s"))
    same = log(lived(), "audit-1") == log(slow, "audit-1")
    assert same is (policy != "block")
