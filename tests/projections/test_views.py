"""What the frozen pictures say of messages and actors."""

from __future__ import annotations

from tests.support.scenarios import CONSUMING, ran, scenario


def test_a_locked_message_shows_owner_and_end() -> None:
    run = ran(scenario(CONSUMING, count=1, service="3s", lock="5s"), 1)
    (queue,) = run.view().queues
    (message,) = queue.locked
    assert (message.name, message.owner, message.until, message.delivery) == (
        "m01", "consumer-1", 5.0, 1,
    )  # fmt: skip


def test_a_dead_letter_keeps_its_reason() -> None:
    run = ran(scenario(CONSUMING, count=1, text="[messages.m01]\npoison = true"), 30)
    (queue,) = run.view().queues
    assert [(m.name, m.reason) for m in queue.dead] == [("m01", "MaxDeliveryCountExceeded")]
    assert queue.dead_count == 1


def test_what_an_actor_does() -> None:
    run = ran(scenario(CONSUMING, "3s crash consumer-2", "4s pause consumer-3"), 5)
    states = {actor.name: actor.state for actor in run.view().actors}
    assert states["consumer-2"] == "crashed"
    assert states["consumer-3"] == "paused"
    assert states["producer-1"] == "idle"


def test_a_working_actor_shows_its_progress() -> None:
    run = ran(scenario(CONSUMING, count=1, service="4s"), 1)
    actor = next(a for a in run.view().actors if a.name == "consumer-1")
    assert (actor.message, actor.began, actor.takes, actor.until) == ("m01", 0, 4, 5)
    assert actor.busy == 1


def test_what_is_armed_is_shown_until_it_strikes() -> None:
    run = ran(scenario(CONSUMING, "0.5s crash consumer-1 at K5"), 1)
    armed = {a.name: a.armed for a in run.view().actors}
    assert armed["consumer-1"].startswith("K5")
    run.advance(10)
    assert {a.armed for a in run.view().actors} == {""}


def test_faults_that_last_are_listed_until_healed() -> None:
    run = ran(scenario(CONSUMING, "1s inject slow on consumer-1 3", "2s inject lose-ack"), 3)
    assert [(f.name, f.target, f.since) for f in run.view().faults] == [("slow", "consumer-1", 1)]
    run.advance(3)
    healed = ran(scenario(CONSUMING, "1s inject slow 3", "2s heal slow"), 3)
    assert healed.view().faults == ()


def test_settings_are_those_of_the_instant() -> None:
    run = ran(scenario(CONSUMING, "5s set lock=9s"), 10)
    assert dict(run.view().settings)["lock"] == "9s"
    run.seek(4)
    assert dict(run.view().settings)["lock"] == "5s"


def test_a_caption_stays_until_the_next() -> None:
    run = ran(scenario(CONSUMING, "1s say one", "3s say two"), 2)
    assert (run.view().caption, run.view().caption_at) == ("one", 1)
    run.advance(4)
    assert run.view().caption == "two"
