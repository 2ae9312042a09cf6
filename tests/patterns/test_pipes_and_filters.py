"""What pipes and filters promise: golden numbers, backpressure, twins, and every fault."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.commands import parse_command, parse_timed
from mailrail_patterns.declaration import Fault
from mailrail_patterns.items import is_copy, item_of
from mailrail_patterns.pipes_and_filters import FAULTS, PIPES
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

BASE = "pipes-and-filters/moving-bottleneck"
TWICE = "pipes-and-filters/twice-published"
PLAIN = "decode>resize>publish"
MARKED_FIRST = "decode>watermark>resize>publish"
MARKED_LAST = "decode>resize>watermark>publish"


@pytest.mark.parametrize(
    ("variant", "last"),
    [("", 62), ("-two-resizers", 33), ("-three-resizers", 24), ("-six-resizers", 24),
     ("-one-filter", 100)],
)  # fmt: skip
def test_twenty_items_take_as_long_as_the_slowest_stage_lets_them(variant: str, last: int) -> None:
    metrics = ran(BASE + variant, 120).metrics()
    assert (metrics["first_out_at"], metrics["last_out_at"]) == (5, last)
    assert metrics["items_out"] == 20


def test_what_waits_before_the_bottleneck_peaks_at_thirteen() -> None:
    run = ran(BASE, 62)
    assert run.metrics()["resize_pipe_max"] == 13
    assert run.metrics()["publish_utilisation"] == pytest.approx(20 / 62, abs=0.001)
    assert run.metrics()["predicted_rate"] == run.metrics()["measured_rate"]


def test_one_filter_for_everything_can_do_one_item_in_five_seconds() -> None:
    metrics = ran(f"{BASE}-one-filter", 110).metrics()
    assert metrics["predicted_rate"] == metrics["measured_rate"] == 0.2


def test_what_a_stage_can_do_follows_faults_and_crashes() -> None:
    run = ran(BASE, 6, "5s inject slow on resize-1 5")
    assert run.metrics()["predicted_rate"] == pytest.approx(1 / 15, abs=0.001)
    run.do(parse_command("heal slow on resize-1"))
    run.do(parse_command("pause decode-1"))
    assert run.metrics()["predicted_rate"] == 0
    run.do(parse_command("resume decode-1"))
    assert run.metrics()["predicted_rate"] == pytest.approx(1 / 3, abs=0.001)


# --- twins ----------------------------------------------------------------------------------


def test_a_crash_before_settling_publishes_twice() -> None:
    run = ran(TWICE, 90)
    assert broken(run) == {"effect-once"}
    effects = [item_of(e.message) for e in run.events if e.kind == "effect"]
    assert [name for name in set(effects) if effects.count(name) == 2] == ["m09"]
    assert run.metrics()["published_twice"] == 1


def test_an_inbox_at_the_last_filter_keeps_the_twin_out() -> None:
    run = ran(TWICE, 90, idempotent="on")
    assert broken(run) == set()
    metrics = run.metrics()
    assert (metrics["published_twice"], metrics["effects_skipped"]) == (0, 1)
    assert (metrics["items_out"], metrics["duplicates_dropped"]) == (20, 1)


def test_a_broker_that_detects_duplicates_keeps_it_out_too() -> None:
    run = ran(TWICE, 90, broker_dedupe="on")
    assert broken(run) == set()
    dropped = [(e.queue, e.message, e.text) for e in run.events if e.kind == "dropped"]
    assert dropped == [("to-publish", "m09-decode-resize", "duplicate")]
    assert (run.metrics()["published_twice"], run.metrics()["duplicates_dropped"]) == (0, 1)


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_no_item_is_lost_wherever_a_filter_dies(point: str) -> None:
    run = ran(BASE, 200, f"6s crash resize-1 at {point}", lock="5s", restart_after="1s")
    assert run.metrics()["items_out"] == 20
    assert run.metrics()["crashes"] == 1
    assert broken(run) == ({"effect-once"} if point == "K5" else set())


def test_names_of_outputs_tell_their_item() -> None:
    assert item_of("m09-decode-resize~2") == "m09"
    assert item_of("x27-01-decode") == "x27-01"
    assert item_of("x27-01") == "x27-01"
    assert is_copy("m09-decode~2")
    assert not is_copy("m09-decode")


def test_the_items_of_many_sources_are_counted_apart() -> None:
    run = ran("pipes-and-filters", 90, producers="30", count="2", every="10s", resizers="9")
    metrics = run.metrics()
    assert (metrics["items_in"], metrics["items_out"], metrics["published_twice"]) == (60, 60, 0)


def test_a_second_copy_is_no_second_item() -> None:
    metrics = ran(BASE, 120, "0s inject duplicate").metrics()
    assert metrics["items_in"] == 20


# --- backpressure ---------------------------------------------------------------------------


@pytest.mark.parametrize("bound", [1, 2, 3, 7])
def test_a_bounded_pipe_never_holds_more_and_a_blocked_filter_holds_one(bound: int) -> None:
    run = Run(find("pipes-and-filters/backpressure"), overrides={"capacity": str(bound)})
    blocked = 0
    for tick in range(1, 280):
        run.advance(tick / 4)
        view = run.view()
        pipes = {queue.name: queue for queue in view.queues}
        assert max(pipes[name].depth for name in PIPES[1:] if name in pipes) <= bound
        for actor in view.actors:
            if actor.state != "blocked":
                continue
            blocked += 1
            assert actor.held == 1
            assert view.now >= actor.began + actor.takes, "it has finished its work"
            sent = {m.name for q in view.queues[1:] for m in (*q.ready, *q.locked, *q.gone)}
            assert f"{actor.message}-{actor.role}" not in sent, "its result is nowhere yet"
    assert blocked
    assert run.metrics()["items_out"] == 20
    assert run.metrics()["last_out_at"] == 62
    assert broken(run) == set()


def test_with_a_bound_the_bottleneck_stays_and_decode_waits_instead() -> None:
    metrics = ran("pipes-and-filters/backpressure", 70).metrics()
    assert (metrics["resize_pipe_max"], metrics["last_out_at"]) == (3, 62)
    assert metrics["decode_blocked"] == 29


def test_a_blocked_filter_that_is_paused_is_still_blocked_when_it_runs_on() -> None:
    def state(at: float, *commands: str) -> str:
        run = ran("pipes-and-filters/backpressure", at, *commands)
        return next(actor.state for actor in run.view().actors if actor.name == "decode-1")

    assert state(11.2) == "blocked"
    assert state(11.3, "11.1s pause decode-1", "11.2s resume decode-1") == "blocked"
    assert state(13.3, "11.1s pause decode-1", "13.2s resume decode-1") == "working"


def test_a_filter_that_waited_to_send_a_duplicate_does_not_stay_blocked() -> None:
    run = ran(
        "pipes-and-filters/backpressure", 60, "6.5s crash decode-1 at K5",
        lock="5s", restart_after="0.5s", broker_dedupe="on", capacity="2",
    )  # fmt: skip
    states = {actor.name: actor.state for actor in run.view().actors}
    assert states["decode-1"] in {"working", "idle", "blocked"}
    run.advance(200)
    assert {a.state for a in run.view().actors if a.kind == "consumer"} == {"idle"}
    assert (run.metrics()["duplicates_dropped"] or 0) >= 1
    assert run.metrics()["items_out"] == 20


# --- faults ---------------------------------------------------------------------------------

TWINS = {"slow", "duplicate", "lose-ack", "expire-lock", "broker-down", "store-down"}
"""Faults that make a filter do its work twice while a lock lasts 10 s and nobody looks."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_breaks_what_it_must_and_an_inbox_mends_it(fault: Fault) -> None:
    target = " on m12" if fault.name == "poison" else ""
    commands = [f"8s inject {fault.name}{target}"]
    if fault.lasts and fault.name != "poison":  # healed in time it would never be buried
        commands.append(f"17s heal {fault.name}")
    bare = ran(BASE, 400, *commands, lock="10s")
    assert broken(bare) == ({"effect-once"} if fault.name in TWINS else set())
    for cure in ({"idempotent": "on"}, {"broker_dedupe": "on"}):
        mended = ran(BASE, 400, *commands, lock="10s", **cure)
        assert broken(mended) == set()
        metrics = mended.metrics()
        out, dead = metrics["items_out"] or 0, metrics["dead_lettered"] or 0
        lost = 1 if fault.name == "lose-send" else 0
        assert out + dead + lost == metrics["items_in"]
        assert dead == (1 if fault.name == "poison" else 0)


def outputs(*steps: str) -> list[str]:
    """Return the items that come out, by name."""
    commands = [parse_timed(step) for step in steps]
    run = Run(find("pipes-and-filters/moving-bottleneck"), commands=commands)
    run.advance(120)
    assert broken(run) == set()
    return sorted(item_of(e.message) for e in run.events if e.kind == "effect")


def test_filters_that_change_places_live_let_the_same_items_out() -> None:
    plain = outputs()
    assert len(plain) == len(set(plain)) == 20
    assert outputs(f"10s set wiring={MARKED_FIRST}") == plain
    assert outputs(f"10s set wiring={MARKED_LAST}", f"25s set wiring={MARKED_FIRST}") == plain
    assert outputs(f"0s set wiring={MARKED_FIRST}", f"30s set wiring={PLAIN}") == plain


def test_the_id_of_an_output_does_not_tell_which_filter_came_first() -> None:
    for wiring in (MARKED_FIRST, MARKED_LAST):
        run = Run(find("pipes-and-filters"), overrides={"wiring": wiring})
        run.advance(20)
        sent = {e.message for e in run.events if e.kind == "sent" and e.queue == "to-publish"}
        assert "m01-decode-resize-watermark" in sent


def test_a_filter_is_swapped_while_items_are_on_their_way() -> None:
    assert len(outputs("5s spawn resize service=2s", "6s stop resize-1")) == 20
