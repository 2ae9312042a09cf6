"""The priority queue against a model that shares nothing with the engine but arithmetic."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.by_hand import broken
from tests.support.scenarios import as_written

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

MS = 1000
HIGH, LOW = "high", "low"


class Flow(NamedTuple):
    """One stream of a sender; times in tenths of a second."""

    kind: str
    every: int
    number: int
    start: int


class Job(NamedTuple):
    """One message: when it comes, what it is, how long it takes, in milliseconds."""

    comes: int
    kind: str
    takes: int


def jobs_of(flows: list[Flow], takes: list[int]) -> list[Job]:
    """Return the messages in the order in which they come; streams in order where they tie."""
    due = sorted(
        ((flow.start + flow.every * number) * 100, index, number)
        for index, flow in enumerate(flows)
        for number in range(flow.number)
    )
    return [
        Job(time, flows[index].kind, takes[place % len(takes)])
        for place, (time, index, _) in enumerate(due)
    ]


Spell = tuple[int, int]
"""When the work on a message began and ended, in milliseconds."""


def naive(jobs: list[Job], workers: int, policy: str, aging: int, share: int) -> list[Spell]:
    """Return when each message is begun and finished.

    A plain loop over the instants: first everybody who comes at it, then every worker that
    becomes free at it takes whoever is next.
    """
    spells: list[Spell] = [(-1, -1)] * len(jobs)
    due = {HIGH: 10 * MS, LOW: 20 * MS}
    waiting: list[int] = []
    busy: list[tuple[int, int]] = []  # when free, in which order begun
    coming = list(range(len(jobs)))
    favoured = order = 0

    def begin(number: int, now: int) -> None:
        nonlocal order
        order += 1
        spells[number] = (now, now + jobs[number].takes)
        busy.append((spells[number][1], order))

    def choose(now: int) -> int:
        nonlocal favoured
        highs = [n for n in waiting if jobs[n].kind == HIGH]
        lows = [n for n in waiting if jobs[n].kind == LOW]
        if policy == "fifo" or (policy != "shortest" and not (highs and lows)):
            favoured = 0
            return waiting[0]
        if policy == "aging":
            aged = [n for n in lows if now - jobs[n].comes >= aging]
            return min(highs[0], *aged[:1]) if aged else highs[0]
        if policy == "deadline":
            return min(waiting, key=lambda n: jobs[n].comes + due[jobs[n].kind])
        if policy == "shortest":
            return min(waiting, key=lambda n: jobs[n].takes)
        if policy == "share" and favoured >= share:
            favoured = 0
            return lows[0]
        favoured += 1
        return highs[0]

    while coming or busy:
        now = min([jobs[n].comes for n in coming[:1]] + [time for time, _ in busy])
        while coming and jobs[coming[0]].comes == now:
            number = coming.pop(0)
            if len(busy) < workers:
                begin(number, now)
            else:
                waiting.append(number)
        for each in sorted(one for one in busy if one[0] == now):
            busy.remove(each)
            if waiting:
                number = choose(now)
                waiting.remove(number)
                begin(number, now)
    return spells


def run_of(flows: list[Flow], takes: list[int], **chosen: object) -> Run:
    """Return a finished run of the engine with one sender of these streams."""
    count = sum(flow.number for flow in flows)
    streams = ",\n".join(
        f'{{ kind = "{f.kind}", every = "{f.every * 100}ms", count = {f.number}, '
        f'start = "{f.start * 100}ms" }}'
        for f in flows
    )
    lines = ['pattern = "priority-queue"', 'duration = "1000s"', "[settings]"]
    lines += [f"{key} = {value!r}".replace("'", '"') for key, value in chosen.items()]
    lines += ["[[producers]]", f"streams = [{streams}]"]
    for number in range(count):
        lines += [f"[messages.m{number + 1:02d}]", f'work = "{takes[number % len(takes)]}ms"']
    run = Run(as_written("\n".join(lines)))
    run.advance(1000.0)
    return run


def spells_in(run: Run, count: int) -> list[Spell]:
    """Return when each message was begun and finished, in the order of their names."""
    begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
    done = {e.message: round(e.t * MS) for e in run.events if e.kind == "completed"}
    names = [f"m{number + 1:02d}" for number in range(count)]
    return [(begun[name], done[name]) for name in names]


FLOWS = st.lists(
    st.builds(
        Flow,
        st.sampled_from([HIGH, LOW]),
        st.integers(0, 30),
        st.integers(1, 15),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=5,
)
TAKES = st.lists(st.integers(1, 25).map(lambda tenths: tenths * 100), min_size=1, max_size=6)
BREAKABLE = {"nobody-starves"}


@pytest.mark.parametrize("policy", ["fifo", "strict", "aging", "share", "deadline", "shortest"])
@given(flows=FLOWS, takes=TAKES, workers=st.integers(1, 4), aging=st.integers(1, 90),
       share=st.integers(1, 6))  # fmt: skip
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
def test_every_message_is_begun_and_finished_when_the_model_says(
    policy: str, flows: list[Flow], takes: list[int], workers: int, aging: int, share: int
) -> None:
    jobs = jobs_of(flows, takes)
    run = run_of(flows, takes, policy=policy, consumers=workers, aging=f"{aging * 100}ms",
                 share=share, lock="900s")  # fmt: skip
    assert spells_in(run, len(jobs)) == naive(jobs, workers, policy, aging * 100, share)
    assert broken(run) <= BREAKABLE


@given(flows=FLOWS, takes=TAKES, high=st.integers(1, 3), low=st.integers(1, 3))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_with_pools_each_class_is_a_queue_of_its_own(
    flows: list[Flow], takes: list[int], high: int, low: int
) -> None:
    jobs = jobs_of(flows, takes)
    run = run_of(flows, takes, policy="pools", high_pool=high, low_pool=low, lock="900s")
    spells = spells_in(run, len(jobs))
    for kind, workers in ((HIGH, high), (LOW, low)):
        mine = [number for number, job in enumerate(jobs) if job.kind == kind]
        alone = naive([jobs[number] for number in mine], workers, "fifo", 0, 0)
        assert [spells[number] for number in mine] == alone, "the other class makes no difference"


DEMO = [Flow(HIGH, 5, 60, 50), Flow(LOW, 20, 30, 0)]


@pytest.mark.parametrize(
    ("policy", "high", "low", "gap"),
    [
        ("fifo", 7.5, 7.5, None), ("strict", 0.0, 29.0, 31.0), ("aging", 7.0, 8.0, None),
        ("share", 7.0, 8.5, 4.0), ("deadline", 5.0, 14.5, None),
    ],
)  # fmt: skip
def test_the_golden_numbers_hold_in_the_model_and_in_the_engine(
    policy: str, high: float, low: float, gap: float | None
) -> None:
    jobs = jobs_of(DEMO, [1000])
    spells = naive(jobs, 2, policy, 8000, 4)
    waits: dict[str, list[float]] = {HIGH: [], LOW: []}
    for job, (at, _) in zip(jobs, spells, strict=True):
        waits[job.kind].append((at - job.comes) / MS)
    assert (max(waits[HIGH]), max(waits[LOW])) == (high, low)
    name = "starve-then-age" + ("" if policy == "strict" else f"-{policy}")
    run = Run(find(f"priority-queue/{name}"))
    run.advance(75.0)
    metrics = run.metrics()
    assert (metrics["high_wait_max"], metrics["low_wait_max"]) == (high, low)
    assert metrics["last_completed_at"] == max(end for _, end in spells) / MS == 59.0
    if gap is not None:
        starts = [at / MS for job, (at, _) in zip(jobs, spells, strict=True) if job.kind == LOW]
        assert max(b - a for a, b in pairwise(starts)) == gap
        assert metrics["low_gap_max"] == gap


@pytest.mark.parametrize(("name", "start"), [("", 10.0), ("-fair", 1.0)])
def test_the_coda_of_prefetching(name: str, start: float) -> None:
    run = Run(find(f"priority-queue/prefetch-inversion{name}"))
    run.advance(20.0)
    (begun,) = (e.t for e in run.events if e.kind == "working" and e.message == "m11")
    assert begun == start
    assert run.metrics()["inversions"] == (0 if name else 1)


def test_an_age_is_reached_at_its_very_instant_whatever_the_fractions() -> None:
    flows = [Flow(LOW, 10, 1, 1), Flow(HIGH, 1, 90, 0)]
    run = run_of(flows, [100], policy="aging", consumers=1, aging="1100ms", lock="900s")
    jobs = jobs_of(flows, [100])
    assert spells_in(run, len(jobs)) == naive(jobs, 1, "aging", 1100, 4)
