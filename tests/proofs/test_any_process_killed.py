"""A10: whichever single process is killed, whenever, every order still ends Processed.

Two of each do the work, and nobody is restarted but the remote, which is somebody else's and of
which there is one. The proof is by trying: every process at every instant at which anything
happens, and at every crash point it passes. It holds for whoever picks the agents, too: a task that
lies in the queue of a dead one comes back by a scan, and is given to another.
"""

from __future__ import annotations

from functools import cache

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.orders import CHARGES, PROCESSED, TABLE, Charge
from mailrail_patterns.records import Row
from mailrail_patterns.run import Run

NAME = "scheduler-agent-supervisor"
CREW = [f"{role}-{n}" for role in ("scheduler", "agent", "supervisor") for n in (1, 2)]
ALONE = ["remote-1", "submitter-1"]
POLICIES = ["whoever-is-free", "round-robin", "least-loaded"]
"""Each of them gives both agents something to do."""
PICKED = ["round-robin", "least-loaded", "random"]


def played(*commands: str, assignment: str = POLICIES[0], **settings: str) -> Run:
    """Return a run of three orders, long enough for every remedy."""
    given = {"count": "3", "every": "1s", "assignment": assignment, **settings}
    return ran(NAME, 80, *commands, **given)


def ends(run: Run) -> list[str]:
    """Return the state each order that was submitted was in at last."""
    states = {e.message: e.group for e in run.events if e.kind == "state" and e.queue == TABLE}
    return list(states.values())


def charged(run: Run) -> list[int]:
    """Return how often each order was charged."""
    rows = {e.message: e.text for e in run.events if e.kind == "state" and e.queue == CHARGES}
    return [Row(key, text).fields(Charge).times for key, text in rows.items()]


@cache
def instants() -> list[float]:
    """Return when anything happens while nothing goes wrong, and moments between."""
    calm = played()
    assert ends(calm) == [PROCESSED] * 3
    found = {event.t for event in calm.events if event.t <= 13}
    assert len(found) >= 8
    return sorted(found | {quarter / 4 for quarter in range(52)})


@pytest.mark.parametrize("actor", [*CREW, *ALONE])
def test_killed_at_any_instant_it_takes_no_order_along(actor: str) -> None:
    leaves = 2.0 if actor == "submitter-1" else 13.0
    for t in (each for each in instants() if each < leaves):
        again = [f"{t + 3}s restart {actor}"] if actor == "remote-1" else []
        run = played(f"{t}s crash {actor}", *again)
        assert run.metrics()["crashes"] == 1, t
        submitted = len(ends(run))
        assert submitted == 3 or actor == "submitter-1", t
        assert ends(run) == [PROCESSED] * submitted, t
        assert charged(run) == [1] * submitted, t
        assert broken(run) == set(), t


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("actor", [*CREW, "remote-1"])
def test_killed_at_any_crash_point_it_takes_no_order_along(actor: str, policy: str) -> None:
    points = played().points(actor)
    assert len(points) >= 2
    for point in points:
        again = ["6s restart remote-1"] if actor == "remote-1" else []
        run = played(f"0s crash {actor} at {point.name}", *again, assignment=policy)
        died = run.metrics()["crashes"]
        assert died == 1 or actor.startswith("supervisor"), point  # nothing expires: no scan acts
        assert ends(run) == [PROCESSED] * 3, point
        assert charged(run) == [1] * 3, point
        assert broken(run) == set(), point


@pytest.mark.parametrize("policy", PICKED)
@pytest.mark.parametrize("actor", ["agent-1", "agent-2"])
def test_an_agent_that_is_picked_and_killed_at_any_instant_takes_none_along(
    actor: str, policy: str
) -> None:
    for t in instants():
        run = played(f"{t}s crash {actor}", assignment=policy)
        assert run.metrics()["crashes"] == 1, t
        assert ends(run) == [PROCESSED] * 3, t
        assert charged(run) == [1] * 3, t
        assert broken(run) == set(), t


@pytest.mark.parametrize("policy", PICKED)
@pytest.mark.parametrize("alive", ["1", "2", "3"])
def test_two_of_three_agents_that_are_killed_take_no_order_along(alive: str, policy: str) -> None:
    """Three failures are allowed, and no order meets the same dead agent twice."""
    first, second = (f"agent-{number}" for number in "123" if number != alive)
    for at, then in [(0, 0), (0, 2), (1, 1), (1, 8), (2, 7)]:
        died = (f"{at + 0.5}s crash {first}", f"{then + 0.5}s crash {second}")
        run = played(*died, assignment=policy, agents="3", call_timeout="0s")
        assert ends(run) == [PROCESSED] * 3, (at, then)
        assert charged(run) == [1] * 3, (at, then)
        assert broken(run) == set(), (at, then)


def test_given_to_the_same_agent_again_an_order_is_taken_along() -> None:
    """What keeps the promise where agents are picked: nothing goes back to where it was lost."""
    died = ("1.5s crash agent-1",)
    crowd = {"count": "8", "every": "3s", "assignment": "least-loaded"}
    assert "every-order-processed" in broken(played(*died, **crowd, elsewhere="off"))
    run = played(*died, **crowd)
    assert ends(run) == [PROCESSED] * 8
    assert broken(run) == set()


@pytest.mark.parametrize("point", ["K3", "K4"])
def test_a_supervisor_that_dies_in_a_scan_is_followed_by_the_next_one(point: str) -> None:
    """An order that is given up: the first leader dies with the row written or the alert sent."""
    run = ran(NAME, 80, "0s crash remote-1", f"0s crash supervisor-1 at {point}", count="1",
              max_failures="1")  # fmt: skip
    dead = [event.actor for event in run.events if event.kind == "crashed"]
    assert dead == ["remote-1", "supervisor-1"]
    assert ends(run) == ["Error"]
    assert broken(run) == {"every-order-processed"}
