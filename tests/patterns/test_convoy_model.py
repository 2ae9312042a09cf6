"""The convoy against a model that shares nothing with the engine: a plain loop over a list."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.scenarios import as_written, broken

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

MS = 1000
Spell = tuple[int, int]
"""When the work on a message began and ended, in milliseconds."""


class Job(NamedTuple):
    """One message: when it comes, which lane it belongs to, how long it takes; milliseconds."""

    comes: int
    lane: str
    takes: int


def naive(jobs: list[Job], workers: int, scan: int = 10_000) -> list[Spell]:
    """Return when each message was begun and finished, whatever the number of lanes.

    At each instant first everybody who comes is put into a lane; then every worker that is
    finished goes on in its lane, or leaves it if it is empty; then the workers that have no
    lane, the longest idle first, take the lanes nobody has, the longest waiting first. A lane
    whose first message is not among the first ``scan`` that are not finished cannot be seen:
    nobody takes it, and whoever is in it leaves it.
    """
    spells: list[Spell] = [(-1, -1)] * len(jobs)
    coming = sorted(range(len(jobs)), key=lambda number: jobs[number].comes)
    lanes: dict[str, list[int]] = {}
    unfinished: list[int] = []
    waiting: list[str] = []
    idle = list(range(workers))
    busy: list[tuple[int, int, int, str]] = []  # when finished, in which order begun, who, lane
    done: dict[int, int] = {}  # what each worker is finished with next
    order = 0

    def begin(worker: int, lane: str, now: int) -> None:
        nonlocal order
        order += 1
        number = lanes[lane].pop(0)
        done[worker] = number
        spells[number] = (now, now + jobs[number].takes)
        busy.append((now + jobs[number].takes, order, worker, lane))

    def seen(lane: str) -> bool:
        return bool(lanes[lane]) and lanes[lane][0] in unfinished[:scan]

    def come_into_sight(now: int) -> None:
        for lane in sorted(lanes, key=lambda each: lanes[each][:1]):
            if seen(lane) and lane not in waiting and all(lane != each[3] for each in busy):
                waiting.append(lane)
        hand_out(now)

    def hand_out(now: int) -> None:
        while idle and waiting:
            begin(idle.pop(0), waiting.pop(0), now)

    while coming or busy:
        now = min([jobs[n].comes for n in coming[:1]] + [each[0] for each in busy])
        while coming and jobs[coming[0]].comes == now:
            number = coming.pop(0)
            lane = jobs[number].lane
            lanes.setdefault(lane, []).append(number)
            unfinished.append(number)
            come_into_sight(now)
        for each in sorted(one for one in busy if one[0] == now):
            _, _, worker, lane = each
            unfinished.remove(done.pop(worker))
            come_into_sight(now)
            busy.remove(each)
            if seen(lane):
                begin(worker, lane, now)
            else:
                idle.append(worker)
                hand_out(now)
    return spells


def engine(
    jobs: list[Job], workers: int, partitions: int = 0, scan: int = 0
) -> tuple[list[Spell], Run]:
    """Return the same from the engine: a sender for each instant at which something comes."""
    lines = [
        'pattern = "sequential-convoy"',
        'duration = "9000s"',
        "[settings]",
        'lock = "5s"',
        f"consumers = {workers}",
        f"partitions = {partitions}",
        f"scan_limit = {scan}",
    ]
    instants = sorted({job.comes for job in jobs})
    names = []
    letters = "mnopqrstuvwxyzabcdefghijkl"
    for index, instant in enumerate(instants):
        here = [job for job in jobs if job.comes == instant]
        letter = letters[index] if index < len(letters) else f"x{index + 1}-"
        lines += ["[[producers]]", f"count = {len(here)}", 'every = "0s"', f'start = "{instant}ms"']
        for number, job in enumerate(here, 1):
            names.append(f"{letter}{number:02d}")
            lines += [
                f'[messages."{names[-1]}"]', f'work = "{job.takes}ms"', f'group = "{job.lane}"',
            ]  # fmt: skip
    run = Run(as_written("\n".join(lines)))
    run.advance(9000.0)
    begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
    done = {e.message: round(e.t * MS) for e in run.events if e.kind == "completed"}
    return [(begun[name], done[name]) for name in names], run


JOBS = st.lists(
    st.builds(
        Job,
        st.integers(0, 60).map(lambda tenths: tenths * 100),
        st.sampled_from("ABCDE"),
        # Never a round sum of rounds: nothing comes at the very instant another is finished.
        st.integers(1, 70).map(lambda tenths: tenths * 100 + 1),
    ),
    min_size=1,
    max_size=40,
).map(lambda jobs: sorted(jobs, key=lambda job: job.comes))


@given(jobs=JOBS, workers=st.integers(1, 6))
@settings(max_examples=120, deadline=None, derandomize=True, database=None)
def test_every_message_is_begun_and_finished_when_the_model_says(
    jobs: list[Job], workers: int
) -> None:
    found, run = engine(jobs, workers)
    assert found == naive(jobs, workers)
    assert not broken(run)
    assert run.metrics()["order_violations"] == 0


@given(jobs=JOBS, workers=st.integers(1, 4))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_one_partition_is_one_lane_for_all(jobs: list[Job], workers: int) -> None:
    found, _ = engine(jobs, workers, partitions=1)
    assert found == naive([job._replace(lane="p0") for job in jobs], workers)


@given(jobs=JOBS, workers=st.integers(1, 6), scan=st.integers(1, 12))
@settings(max_examples=120, deadline=None, derandomize=True, database=None)
def test_nobody_works_on_what_is_too_far_back_to_be_seen(
    jobs: list[Job], workers: int, scan: int
) -> None:
    found, run = engine(jobs, workers, scan=scan)
    assert found == naive(jobs, workers, scan)
    assert broken(run).keys() <= {"lanes-served"}


DEMO = [
    Job(0, group, 6000 if (group, step) == ("A", 1) else 2000)
    for step in range(1, 6)
    for group in "ABCD"
]


def test_the_model_gives_the_numbers_worked_out_by_hand() -> None:
    alive = dict(zip([(j.lane, i // 4 + 1) for i, j in enumerate(DEMO)], naive(DEMO, 3),
                     strict=True))  # fmt: skip
    assert alive["A", 1] == (0, 6000)
    assert alive["A", 2] == (6000, 8000)
    assert alive["A", 3][0] == 8000
    assert alive["D", 1][0] == 10_000, "D waits for the first worker that is free of its lane"


def test_model_and_engine_agree_on_the_demo_until_something_goes_wrong() -> None:
    run = Run(find("sequential-convoy/lanes"))
    run.advance(45.0)
    begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
    spells = naive(DEMO, 3)
    for number, job in enumerate(DEMO):
        name = f"m{number + 1:02d}"
        if job.lane in ("C", "D"):  # nothing fails there
            assert begun[name] == spells[number][0], name


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_no_more_runs_in_parallel_than_there_are_lanes_or_workers(workers: int) -> None:
    spells, run = engine(DEMO, workers)
    most = max(sum(a <= at < b for a, b in spells) for at, _ in spells)
    assert most == min(4, workers) == run.metrics()["parallel_max"]
