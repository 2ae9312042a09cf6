"""Chance: one stream for each component, so that spawning X never perturbs Y."""

from __future__ import annotations

import math
import random

from tests.support.scenarios import CONSUMING, ran, scenario

from mailrail_patterns.kernel.chance import Chance
from mailrail_patterns.run import Run


def arrivals(run: Run, producer: str = "producer-1") -> list[tuple[float, str]]:
    """Return what a producer sent, and when."""
    return [(e.t, e.message) for e in run.events if e.kind == "sent" and e.actor == producer]


def test_a_stream_is_the_same_object_each_time() -> None:
    chance = Chance(1)
    assert chance.stream("a") is chance.stream("a")


def test_streams_do_not_share_numbers() -> None:
    chance = Chance(1)
    names = [f"consumer/consumer-{n}" for n in range(200)]
    firsts = {chance.stream(name).random() for name in names}
    assert len(firsts) == len(names)


def test_drawing_from_one_leaves_the_other() -> None:
    one, two = Chance(7), Chance(7)
    for _ in range(100):
        one.stream("noisy").random()
    assert [one.stream("quiet").random() for _ in range(5)] == [
        two.stream("quiet").random() for _ in range(5)
    ]


def test_seeds_differ() -> None:
    assert Chance(1).stream("a").random() != Chance(2).stream("a").random()


def test_spawning_more_actors_never_perturbs_a_producer() -> None:
    alone = ran(scenario(CONSUMING, every="exponential(400ms)", service="exponential(1s)"))
    crowd = ran(
        scenario(
            CONSUMING, "3s spawn consumer 5", "4s spawn producer 2 'every=exponential(200ms)'",
            "9s crash consumer-2", every="exponential(400ms)", service="exponential(1s)",
        )
    )  # fmt: skip
    assert len(arrivals(alone)) > 80
    assert arrivals(alone) == arrivals(crowd)


def test_each_producer_has_arrivals_of_its_own() -> None:
    run = ran(scenario(CONSUMING, producers=2, every="exponential(400ms)"))
    first = [t for t, _ in arrivals(run)]
    assert first != [t for t, _ in arrivals(run, "producer-2")]


def test_exponential_arrivals_are_the_oracle_s() -> None:
    """An oracle of three lines: the stream of the producer, the inverse of the exponential."""
    run = ran(scenario(CONSUMING, every="exponential(400ms)"), 20)
    stream: random.Random = Chance(1).stream("producer/producer-1")
    expected, now = [], 0.0
    while now <= 20:
        expected.append(now)
        now = round((now + round(-math.log(1 - stream.random()) * 0.4, 6)) * 1e6) / 1e6
    assert [t for t, _ in arrivals(run)] == expected


def test_constant_arrivals_do_not_drift() -> None:
    run = ran(scenario(CONSUMING, every="exponential(1s)", text='[[producers]]\nrate = "12/s"'))
    times = [t for t, _ in arrivals(run)]
    assert times == [round(n / 12 * 1e6) / 1e6 for n in range(721)]
