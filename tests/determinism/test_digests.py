"""One scenario, one seed, one digest: whatever the slices, the machine, the hash seed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.histories import overloaded, troubled
from tests.support.lab import Lab, sends
from tests.support.scenarios import ran, with_steps

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import QueueSpec
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
for name in ("competing-consumers/the-lock-is-a-lease", "queue-based-load-leveling"):
    run = Run(find(name), overrides={"every": "exponential(300ms)", "service": "exponential(1s)"})
    run.advance(60)
    print(run.digest())
"""
DAYS: dict[str, Callable[[], Scenario]] = {"troubled": troubled, "overloaded": overloaded}


def digests_in(python: str, hash_seed: str) -> list[str]:
    """Return the digests another interpreter comes to."""
    done = subprocess.run(
        [python, "-c", CODE], capture_output=True, text=True, check=True, timeout=300,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "patterns")},
    )  # fmt: skip
    return done.stdout.split()


def digest_here(name: str) -> str:
    """Return the digest this interpreter comes to."""
    drawn = {"every": "exponential(300ms)", "service": "exponential(1s)"}
    return ran(find(name), 60, overrides=drawn).digest()


@pytest.fixture(scope="module")
def here() -> list[str]:
    """The digests of this interpreter."""
    names = ("competing-consumers/the-lock-is-a-lease", "queue-based-load-leveling")
    return [digest_here(name) for name in names]


@pytest.mark.parametrize("day", DAYS)
def test_ten_runs_have_one_digest(day: str) -> None:
    assert len({ran(DAYS[day]()).digest() for _ in range(10)}) == 1


def test_another_seed_is_another_run() -> None:
    assert ran(troubled(seed=1)).digest() != ran(troubled(seed=2)).digest()


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_the_hash_seed_makes_no_difference(hash_seed: str, here: list[str]) -> None:
    assert digests_in(sys.executable, hash_seed) == here


def others() -> list[str]:
    """Return the other interpreters on the path that have what the engine needs."""
    found = []
    for minor in range(11, 16):
        path = shutil.which(f"python3.{minor}")
        if path is None or sys.version_info[:2] == (3, minor):
            continue
        asked = subprocess.run(
            [path, "-c", "import msgspec"], capture_output=True, check=False, timeout=60
        )
        if asked.returncode == 0:
            found.append(path)
    return found


def test_another_python_comes_to_the_same_digest(here: list[str]) -> None:
    pythons = others()
    if not pythons:
        pytest.skip("no other Python here has msgspec")
    for python in pythons:
        assert digests_in(python, "1") == here, python


@pytest.mark.parametrize("day", DAYS)
@given(
    slices=st.lists(
        st.tuples(st.floats(0.001, 15), st.none() | st.integers(1, 400), st.booleans()),
        min_size=1, max_size=20,
    )
)  # fmt: skip
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
def test_slices_make_no_difference(day: str, slices: list[tuple[float, int | None, bool]]) -> None:
    run = Run(DAYS[day]())
    for ahead, limit, look in slices:
        run.advance(min(40.0, run.now + ahead), limit)
        if look:
            run.view()
            run.metrics()
            run.findings()
    run.advance(40)
    assert run.digest() == ran(DAYS[day]()).digest()


@pytest.mark.parametrize("day", DAYS)
def test_event_by_event_makes_no_difference(day: str) -> None:
    run = Run(DAYS[day]())
    while run.frontier <= 40 and run.step():
        pass
    whole = ran(DAYS[day]())
    upto = sum(1 for event in run.events if event.t <= 40)
    assert list(run.events[:upto]) == list(whole.events)


def test_the_digest_sees_every_event() -> None:
    run = ran(troubled())
    digests = [run._world.journal.digest(upto) for upto in range(len(run.events) + 1)]
    assert len(set(digests)) == len(digests)
    assert digests[-1] == run.digest()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(lambda port: f"m{id(object()) ^ id(port)}", id="address"),
        pytest.param(lambda port: f"m{hash(object.__new__(object))}", id="hash"),
        pytest.param(lambda port: f"m{os.urandom(4).hex()}", id="entropy"),
    ],
)
def test_a_participant_that_cheats_is_caught(name: Callable[[Any], str]) -> None:
    kept: list[Any] = []

    def digest() -> str:
        kept.append(object())

        async def sender(port: Any) -> None:
            await sends(name(port))(port)

        lab = Lab(QueueSpec("q"), sender=sender).until(1)
        kept.append(lab)
        return lab.world.journal.digest()

    assert len({digest() for _ in range(10)}) > 1


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("time", [0.0, 7.3, 16.0, 39.9])
def test_a_fork_shares_the_past(day: str, time: float) -> None:
    run = ran(DAYS[day]())
    twin = run.fork(time)
    upto = len(twin.events)
    assert twin.frontier == time
    assert list(run.events[:upto]) == list(twin.events)
    assert run._world.journal.digest(upto) == twin.digest()
    twin.advance(40)
    assert twin.digest() == run.digest()


@pytest.mark.parametrize("day", DAYS)
def test_what_was_done_by_hand_is_the_same_as_steps(day: str) -> None:
    made = DAYS[day]()
    chance = random.Random(11)
    run = Run(with_steps(made, ()))
    for timed in made.steps:
        while run.frontier < timed.at:
            run.advance(min(timed.at, run.frontier + chance.uniform(0.01, 1.5)))
        try:
            run.do(timed.command)
        except BadInput:
            pytest.fail(f"{timed} was refused")
    run.advance(40)
    assert run.digest() == ran(made).digest()
    assert run.fork(40).digest() == run.digest()


def test_a_fork_may_differ_and_the_original_does_not() -> None:
    run = ran(troubled(), 20)
    before = run.digest()
    twin = run.fork(10)
    twin.do(parse_timed("0s spawn consumer 3").command)
    twin.advance(20)
    assert twin.digest() != before
    run.seek(20)
    assert run.digest() == before
