"""What a percentile is taken from is as many as what it is about, or the verdict says so."""

from __future__ import annotations

import pytest
from tests.support.scenarios import broken

from mailrail_patterns.invariants.sampling import Sampling
from mailrail_patterns.projections.metrics import CommonMeter
from mailrail_patterns.projections.samples import Sampled, Samples
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SAMPLED = {
    "competing-consumers/the-lock-is-a-lease": {"wait"},
    "priority-queue/a-pool-each": {"wait", "high_wait and low_wait"},
    "pipes-and-filters/moving-bottleneck": {"wait", "item"},
    "choreography/who-noticed": {"wait", "order"},
    "asynchronous-request-reply/lost-receipt": {"wait", "result"},
    "saga/point-of-no-return": {"wait", "step"},
    "claim-check/lost-luggage": {"wait", "put", "get", "image"},
}
"""A scenario, and the distributions behind its percentiles."""


def ended(name: str) -> Run:
    """Return a bundled scenario at its end."""
    run = Run(find(name))
    run.advance(run.duration)
    return run


def miscounted(run: Run) -> set[str]:
    """Return the distributions that are not of the size they should be."""
    begun = sum(1 for e in run.events if e.kind == "delivered" and e.delivery == 1)
    rule = Sampling(run.picture.sampled, lambda: begun)
    return {breach.what.partition(":")[0] for breach in rule.closing(run.now, run.quiet)}


@pytest.mark.parametrize(("name", "known"), SAMPLED.items())
def test_every_distribution_is_of_the_size_it_should_be(name: str, known: set[str]) -> None:
    run = ended(name)
    assert {each.name for each in run.picture.sampled()} == known
    assert all(each.samples for each in run.picture.sampled()), "nothing to be judged"
    assert not miscounted(run)
    assert "all-sampled" not in broken(run)


@pytest.mark.parametrize(("name", "known"), SAMPLED.items())
def test_a_sample_too_many_shows(
    name: str, known: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(samples: Samples, value: float) -> None:
        super(Samples, samples).append(value)
        super(Samples, samples).append(value)

    monkeypatch.setattr(Samples, "append", twice, raising=False)
    run = ended(name)
    assert miscounted(run) == known
    assert "all-sampled" in broken(run)


def test_a_count_that_lies_in_step_with_its_samples_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deliveries are counted by another fold as well, that of the messages' lives."""
    again = CommonMeter._delivered

    def deaf(meter: CommonMeter, event: object) -> None:
        if getattr(event, "message", "") != "m03":
            again(meter, event)  # type: ignore[arg-type]

    monkeypatch.setattr(CommonMeter, "_delivered", deaf)
    run = ended("competing-consumers/the-lock-is-a-lease")
    (wait,) = run.picture.sampled()
    assert wait.samples == wait.described
    assert "all-sampled" in broken(run)


def test_a_delivery_that_does_not_count_is_no_first_one_when_it_comes_again() -> None:
    """A session that was closed gives its message back as if it had never been delivered."""
    run = ended("sequential-convoy/done-and-not-said")
    ones = [e.message for e in run.events if e.kind == "delivered" and e.delivery == 1]
    assert len(ones) > len(set(ones)), "no delivery was taken back"
    (wait, *_) = run.picture.sampled()
    assert wait.samples == len(set(ones))
    assert run.metrics()["redelivered"] == run.metrics()["delivered"] - len(set(ones))  # type: ignore[operator]


def test_the_past_is_not_judged_by_its_end() -> None:
    run = ended("competing-consumers/the-lock-is-a-lease")
    run.seek(5.0)
    assert run.metrics()
    assert "all-sampled" not in broken(run)


def test_the_verdict_judges_metrics_that_nobody_has_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unlike the findings by themselves, which spare a long run the folding."""
    monkeypatch.setattr(CommonMeter, "sampled", lambda meter: [Sampled("wait", 2, 3, "waits")])
    run = ended("competing-consumers/the-lock-is-a-lease")
    assert "all-sampled" not in broken(run)
    verdict = {each.guarantee.name: each.holds for each in run.outcome().findings}
    assert verdict["all-sampled"] is False
