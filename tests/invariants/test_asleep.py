"""A rule that has nothing to judge sleeps, and knows once it wakes what it has slept through."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.scenarios import CONSUMING, broken, ran, scenario

PUBLISHES = "1s set publish=after-effect"
CROWDED: dict[str, Any] = {"service": "3s", "every": "200ms", "consumers": 4}
DUAL_WRITES = {"no-zombie-records", "no-ghost-messages"}


def test_work_begun_while_the_rule_slept_is_no_dual_write_gone_wrong() -> None:
    run = ran(scenario(CONSUMING, PUBLISHES, count=4))
    assert any(event.queue == "results" for event in run.events if event.kind == "sent")
    assert not DUAL_WRITES & broken(run).keys()


@pytest.mark.parametrize(
    ("publish", "point", "deliveries", "broke"),
    [
        ("after-effect", "K3", 3, "no-zombie-records"),
        ("before-effect", "K4", 1, "no-ghost-messages"),
    ],
)
def test_a_rule_that_was_woken_judges(
    publish: str, point: str, deliveries: int, broke: str
) -> None:
    steps = f"1s set publish={publish}", f"1s crash any at {point}"
    run = ran(scenario(CONSUMING, *steps, count=4, idempotent=True, max_deliveries=deliveries))
    assert DUAL_WRITES & set(broken(run)) == {broke}


@pytest.mark.parametrize(("limit", "breach"), [(4, None), (2, 6.0)])
def test_a_limit_is_no_limit_for_what_was_before_it(limit: int, breach: float | None) -> None:
    before = "3.5s set retry_delay=1s"  # a change among what is told again once the rule wakes
    run = ran(scenario(CONSUMING, before, f"4.1s set database={limit}", **CROWDED), 6.0)
    (finding,) = [f for f in run.findings() if f.guarantee.name == "concurrency-limit"]
    assert (finding.first.time if finding.first else None) == breach
