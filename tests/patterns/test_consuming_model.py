"""Competing consumers against a second, naive model: a loop over a sorted list of what is due."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.support.scenarios import CONSUMING, ran, scenario

MS = 1000
NAMES = "mnopqrstuvwxyzabcdefghijkl"


class Job(NamedTuple):
    """One message: when it is sent, how long its work takes, whether it always fails."""

    at: int
    work: int
    poison: bool


Found = tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]
"""Message and time in milliseconds: of every start, every completion, every dead letter."""


class Tie(Exception):
    """Two things are due at one instant; which goes first is not this model's business."""


def naive(jobs: list[Job], consumers: int, lock: int, most: int) -> Found:
    """Play the messages; a returned one goes to the head of the line."""
    due: list[tuple[int, str, int, int]] = [(job.at, "send", n, 0) for n, job in enumerate(jobs)]
    line: list[int] = []
    count = [0] * len(jobs)
    held = [0] * len(jobs)  # the valid delivery of each message; 0: it is not locked
    idle = consumers
    starts, done, dead = [], [], []
    while due:
        due.sort()
        if len(due) > 1 and due[0][0] == due[1][0]:
            raise Tie
        now, what, n, delivery = due.pop(0)
        if what == "send":
            line.append(n)
        elif what == "finish":
            idle += 1
            if held[n] == delivery:
                held[n] = 0
                if not jobs[n].poison:
                    done.append((n, now))
                elif count[n] >= most:
                    dead.append((n, now))
                else:
                    line.insert(0, n)
        elif held[n] == delivery:  # the lock runs out
            held[n] = 0
            if count[n] >= most:
                dead.append((n, now))
            else:
                line.insert(0, n)
        while idle and line:
            n = line.pop(0)
            idle -= 1
            count[n] += 1
            held[n] = count[n]
            starts.append((n, now))
            due.append((now + jobs[n].work, "finish", n, count[n]))
            due.append((now + lock, "expire", n, count[n]))
    return starts, done, dead


def engine(jobs: list[Job], consumers: int, lock: int, most: int) -> Found:
    """Return the same from the engine: one producer for each message."""
    lines, names = [], {}
    for n, job in enumerate(jobs):
        name = f"{NAMES[n]}01"
        names[name] = n
        lines.append(f'[[producers]]\ncount = 1\nevery = "1s"\nstart = "{job.at}ms"')
        poison = "true" if job.poison else "false"
        lines.append(f'[messages."{name}"]\nwork = "{job.work}ms"\npoison = {poison}')
    run = ran(
        scenario(
            CONSUMING, duration=900.0, text="\n".join(lines), consumers=consumers,
            lock=f"{lock}ms", max_deliveries=most,
        )
    )  # fmt: skip

    def told(kind: str) -> list[tuple[int, int]]:
        return [(names[e.message], round(e.t * MS)) for e in run.events if e.kind == kind]

    return told("working"), told("completed"), told("dead_lettered")


JOBS = st.lists(
    st.builds(Job, st.integers(1, 20_000), st.integers(1, 9_000), st.booleans()),
    min_size=1,
    max_size=12,
    unique_by=lambda job: job.at,
)


@given(jobs=JOBS, consumers=st.integers(1, 4), lock=st.integers(500, 6_000), most=st.integers(1, 4))
@example(jobs=[Job(1, 7_001, False), Job(2, 300, True)], consumers=2, lock=5_003, most=3)
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_every_start_and_every_end_agree(
    jobs: list[Job], consumers: int, lock: int, most: int
) -> None:
    try:
        expected = naive(jobs, consumers, lock, most)
    except Tie:
        assume(False)
    assert engine(jobs, consumers, lock, most) == expected


def test_the_model_notices_a_lease() -> None:
    starts, done, dead = naive([Job(1, 7_001, False)], 2, 5_003, 3)
    assert starts == [(0, 1), (0, 5_004), (0, 10_007)]
    assert done == []
    assert dead == [(0, 15_010)]
