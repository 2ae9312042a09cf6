"""Random histories: whatever happens, only hopes are lost while every safeguard is on."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.scenarios import firmly_broken

from mailrail_patterns.commands import parse_command
from mailrail_patterns.names import BadInput
from mailrail_patterns.publisher_subscriber import FAULTS
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

ACTORS = st.sampled_from(
    ["audit-1", "billing-1", "eu-1", "dash-1", "search-1", "subscriber-1", "publisher-1"]
)
SPAWNS = st.sampled_from([
    "billing", "billing group=billing-1", "subscriber durable=off group=g", "subscriber replay=-5",
    "subscriber durable=off buffer=2 policy=disconnect service=2s",
    "subscriber buffer=2 policy=block service=1s", "subscriber buffer=0 policy=drop-newest",
    "subscriber buffer=3 policy=drop-oldest service=700ms", "publisher rate=5/s",
    "subscriber 'where=region > 3' on_error=dead-letter", "subscriber 'where=region > 3'",
])  # fmt: skip


@st.composite
def commands(draw: st.DrawFn) -> str:
    """Draw a command that somebody might give."""
    sort = draw(st.sampled_from(["actor", "actor", "point", "fault", "heal", "spawn", "set"]))
    if sort == "actor":
        verb = draw(st.sampled_from(["crash", "restart", "pause", "resume", "stop"]))
        return f"{verb} {draw(ACTORS)}"
    if sort == "point":
        return f"crash any at K{draw(st.integers(1, 6))}"
    if sort == "spawn":
        return f"spawn {draw(SPAWNS)}"
    if sort == "set":
        return draw(st.sampled_from(["set unsubscribe=on", "set lock=2s", "set ttl=3s"]))
    fault = draw(st.sampled_from(FAULTS))
    aimed = fault.target == "consumer" and draw(st.booleans())
    target = f" on {draw(ACTORS)}" if aimed else ""
    return f"{'heal' if sort == 'heal' and fault.lasts else 'inject'} {fault.name}{target}"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 60).map(lambda tick: tick / 4), commands()), max_size=12),
    st.sampled_from(["drop-oldest", "drop-newest", "disconnect", "block", "buffer"]),
    st.sampled_from(["0s", "1s", "4s"]),
)
def test_only_hopes_are_lost(given_: list[tuple[float, str]], policy: str, keepalive: str) -> None:
    chosen = {"policy": policy, "keepalive": keepalive, "searches": "1", "lock": "3s",
              "retain": "20", "idempotent": "on", "reconnect": "1s"}  # fmt: skip
    run = Run(find("publisher-subscriber"), overrides=chosen)
    for at, command in sorted(given_):
        run.advance(at)
        try:
            run.do(parse_command(command))
        except BadInput:
            continue  # it does not apply now, and nothing happened
    run.advance(25)
    assert not firmly_broken(run)
