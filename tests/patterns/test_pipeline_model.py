"""The engine's pipeline against a naive one: plain loops over lists, nothing of ours in it."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.scenarios import as_written

from mailrail_patterns.run import Run

MS = 1000
STAGES = ("decode", "resize", "publish")
CREWS = ("decoders", "resizers", "publishers")
Spell = tuple[int, int]
"""When the work on an item began and ended, in milliseconds."""


def naive(arrivals: list[int], work: list[list[int]], servers: list[int]) -> list[list[Spell]]:
    """Return, for each stage, the spell of each item: first come, first served, no bounds."""
    coming = list(enumerate(arrivals))
    spells = []
    for stage, number in enumerate(servers):
        free = [0] * number
        here: list[Spell] = [(0, 0)] * len(arrivals)
        for item, at in sorted(coming, key=lambda pair: pair[1]):
            free.sort()
            start = max(at, free[0])
            free[0] = start + work[stage][item]
            here[item] = (start, free[0])
        spells.append(here)
        coming = [(item, end) for item, (_, end) in enumerate(here)]
    return spells


def name_of(item: int) -> str:
    """Return what the only item of the ``item``-th source is called."""
    letters = "mnopqrstuvwxyzabcdefghijkl"
    return f"{letters[item]}01" if item < len(letters) else f"x{item + 1}-01"


def engine(arrivals: list[int], work: list[list[int]], servers: list[int]) -> list[list[Spell]]:
    """Return the same from the engine: one source an item, its own work in the first stage."""
    lines = [
        'pattern = "pipes-and-filters"',
        'duration = "9000s"',
        "[settings]",
        'lock = "8000s"',
        *(f"{crew} = {n}" for crew, n in zip(CREWS, servers, strict=True)),
        *(f'{stage}_time = "{work[index][0]}ms"' for index, stage in enumerate(STAGES)),
    ]
    for item, at in enumerate(arrivals):
        lines.append(f'[[producers]]\ncount = 1\nevery = "1s"\nstart = "{at}ms"')
        lines.append(f'[messages."{name_of(item)}"]\nwork = "{work[0][item]}ms"')
    run = Run(as_written("\n".join(lines)))
    run.advance(9000)
    assert run.metrics()["items_in"] == run.metrics()["items_out"] == len(arrivals)
    found = []
    for index in range(len(STAGES)):
        behind = "".join(f"-{stage}" for stage in STAGES[:index])
        begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
        done = {e.message: round(e.t * MS) for e in run.events if e.kind == "completed"}
        names = [f"{name_of(item)}{behind}" for item in range(len(arrivals))]
        found.append([(begun[name], done[name]) for name in names])
    return found


@given(
    gaps=st.lists(st.integers(1, 900), min_size=1, max_size=30),
    first=st.lists(st.integers(0, 4000), min_size=30, max_size=30),
    later=st.tuples(st.integers(1, 3000), st.integers(1, 3000)),
    servers=st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 4)),
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_starts_and_finishes_of_every_item_agree(
    gaps: list[int],
    first: list[int],
    later: tuple[int, int],
    servers: tuple[int, int, int],
) -> None:
    arrivals, now = [], 0
    for gap in gaps:
        now += gap
        arrivals.append(now)
    number = len(arrivals)
    work = [first[:number], [later[0]] * number, [later[1]] * number]
    model = naive(arrivals, work, list(servers))
    # Who is first at a tie is a rule of the engine, not of the pattern.
    assume(all(len({end for _, end in stage}) == number for stage in model[:2]))
    assert engine(arrivals, work, list(servers)) == model


def test_the_naive_pipeline_gives_the_numbers_worked_out_by_hand() -> None:
    expected = {1: 62, 2: 33, 3: 24, 6: 24}
    for resizers, last in expected.items():
        work = [[1] * 20, [3] * 20, [1] * 20]
        out = [end for _, end in naive([0] * 20, work, [1, resizers, 1])[2]]
        assert (min(out), max(out)) == (5, last)
