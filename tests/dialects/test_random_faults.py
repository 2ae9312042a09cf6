"""Whatever befalls a pattern, what it promises holds under every dialect, and from one to another.

Run longer with ``pytest tests/dialects --fuzz 5000``; what fails is printed as a scenario.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.proofs.test_random_faults import broken, commands
from tests.support.broker_state import assert_folds_match
from tests.support.safeguards import guarded
from tests.support.scenarios import CONSUMING, LEVELING, as_file, with_steps

from mailrail_patterns import catalog
from mailrail_patterns.broker_rules import Dialect
from mailrail_patterns.commands import Redrive, Set, Timed
from mailrail_patterns.dialects import PRESETS
from mailrail_patterns.kernel import agenda
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, Scenario, build

EXAMPLES = int(os.environ.get("MAILRAIL_FUZZ", "0")) or 25
SECONDS = 40.0
TIMES = st.integers(0, int(SECONDS * 4)).map(lambda quarter: quarter / 4)
QUEUEING = {CONSUMING, LEVELING, "priority-queue", "pipes-and-filters"}
"""The patterns whose promises hold whatever is said of their queues."""
FIFO = {CONSUMING, LEVELING}
"""The patterns whose picture keeps the order of the queue itself."""
DIALECTS = st.sampled_from([Set("dialect", dialect.value) for dialect in Dialect])
CHANGES = DIALECTS | st.sampled_from(
    [
        Set("lock", "2s"), Set("lock", "9s"), Set("max_deliveries", "2"), Set("prefetch", "2"),
        Set("gives_back", "reject"), Set("redelivery", "returns"), Set("redelivery", "head"),
    ]
)  # fmt: skip
SAID = st.fixed_dictionaries(
    {},
    optional={
        "lock": st.sampled_from(["2s", "5s"]),
        "max_deliveries": st.sampled_from([1, 2, 3]),
        "gives_back": st.just("reject"),
        "prefetch": st.sampled_from([2, 3]),
        "retry_delay": st.sampled_from(["700ms", "2s"]),
        "longest_delay": st.just("5s"),
        "renewal": st.just(True),
        "redelivery": st.sampled_from(["head", "tail", "returns"]),
        "ttl": st.sampled_from(["4s", "9s"]),
        "dead_letter_ttl": st.sampled_from(["3s", "8s"]),
        "restart_after": st.just("3s"),
    },
)


def played(made: Scenario, *, look: bool = False) -> Run:
    """Play a scenario to its end, comparing the folds with the broker on the way."""
    run = Run(made)
    for step in range(1, 9):
        run.advance(SECONDS * step / 8)
        if look:
            assert_folds_match(run)
    return run


@pytest.mark.parametrize("dialect", [dialect.value for dialect in PRESETS])
@pytest.mark.parametrize("name", catalog.MODULES)
def test_the_promises_hold(name: str, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 20_000)  # an endless instant is found sooner
    pattern = catalog.pattern(name)
    steps = commands(name, {}) | (CHANGES if name in QUEUEING else DIALECTS)
    queues = [spec.name for spec in pattern.queues(pattern.settings())]
    last = [Timed(30.0, Redrive(name)) for name in queues[:1]]

    @settings(
        max_examples=EXAMPLES, derandomize=EXAMPLES <= 25, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @drawn(
        st.lists(st.builds(Timed, TIMES, steps), max_size=12),
        SAID if name in QUEUEING else st.fixed_dictionaries({}),
        st.integers(1, 99),
    )
    def keeps(drawn_steps: list[Timed], said: dict[str, Any], seed: int) -> None:
        chosen = {**guarded(pattern), **said, "dialect": dialect}
        document = Document(pattern=name, seed=seed, duration=SECONDS, settings=chosen)
        ends = last if name in QUEUEING else []
        ordered = sorted([*drawn_steps, *ends], key=lambda each: each.at)
        made = with_steps(build(document, name), ordered)
        try:
            run = played(made, look=name in FIFO)
        except BadInput as problem:
            note(f"refused: {problem}")  # what one dialect has and another has not
            return
        except AssertionError:
            note(as_file(made, made.steps, SECONDS))
            raise
        found = broken(run)
        if found:
            note(as_file(made, made.steps, SECONDS))
        assert not found
        assert played(made).digest() == run.digest()

    keeps()
