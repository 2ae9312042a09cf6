"""Claim checks inside a pipeline: nothing lost, nothing left, and next to nothing on the bus."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace
from tests.support.by_hand import broken, driven

from mailrail_patterns import catalog
from mailrail_patterns.claimed import CLAIMS, SPENT, WITHDRAWN, ClaimRow
from mailrail_patterns.items import item_of
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import change_live
from mailrail_patterns.sweeping import Trial, by_crash
from mailrail_patterns.trials import Sweep, run_of

CLAIMED = "pipes-and-filters/claims-in-the-pipes"
INLINE = f"{CLAIMED}-inline"
MB = 1_000_000
MARKED_FIRST = "decode>watermark>resize>publish"
MARKED_LAST = "decode>resize>watermark>publish"


def ran(seconds: float, *commands: str, name: str = CLAIMED, **settings: str) -> Run:
    """Return a run without the steps of its scenario, commands done by hand instead."""
    scenario = replace(find(name), steps=(), expect=())
    if "every" in settings:
        scenario, settings = replace(scenario, cast=()), {"count": "20", **settings}
    return driven(Run(scenario, overrides=settings), seconds, *commands)


def of(run: Run, kind: str, message: str) -> list[Event]:
    """Return the events of a kind that happened to a message."""
    return [e for e in run.events if e.kind == kind and e.message == message]


def published(run: Run) -> list[str]:
    """Return the items that came out, each as often as it did."""
    return sorted(item_of(e.message) for e in run.events if e.kind == "effect")


def claims(run: Run) -> dict[str, list[tuple[str, str]]]:
    """Return for each message the tokens and states written down, in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for e in run.events:
        if e.kind == "state" and e.queue == CLAIMS:
            token = run_row(e).token
            found.setdefault(e.message, []).append((token, e.group))
    return found


def run_row(event: Event) -> ClaimRow:
    """Return the row an event wrote."""
    return msgspec.json.decode(event.text, type=ClaimRow)


# --- what a claim check is for ----------------------------------------------------------------


def test_only_tickets_travel_and_the_store_is_empty_in_the_end() -> None:
    run = ran(70)
    metrics = run.metrics()
    assert published(run) == [f"m{number:02d}" for number in range(1, 21)]
    assert metrics["bus_bytes"] == 60 * 300
    assert (metrics["stored"], metrics["fetched"], metrics["lockers"]) == (60, 60, 0)
    assert metrics["last_out_at"] == 62, "claims take no time where the store takes none"
    assert broken(run) == set()


def test_at_any_time_an_item_is_stored_once() -> None:
    run = ran(20.5)
    assert run.metrics()["lockers"] == 20 - (run.metrics()["items_out"] or 0) == 15 - 1
    assert run.metrics()["store_bytes"] == 14 * 5 * MB
    # decode put its first result while the input of all twenty was there
    assert run.metrics()["store_bytes_max"] == 21 * 5 * MB


def test_the_order_is_written_down_stored_sent_settled_deleted() -> None:
    run = ran(10)
    result = "m01-decode"
    drawn = of(run, "state", result)[0]
    order = [
        drawn, of(run, "stored", result)[0], of(run, "sent", result)[0],
        of(run, "state", "m01")[-1], of(run, "completed", "m01")[0], of(run, "removed", "m01")[0],
    ]  # fmt: skip
    assert [e.n for e in order] == sorted(e.n for e in order)
    assert of(run, "state", "m01")[-1].group == SPENT


def test_a_result_is_a_payload_of_its_own() -> None:
    run = ran(10)
    digests = {name: of(run, "stored", name)[0].text for name in ("m01", "m01-decode")}
    assert len(set(digests.values())) == 2
    assert of(run, "fetched", "m01-decode")[0].text == digests["m01-decode"]
    rows = claims(run)
    assert rows["m01"][0][0] != rows["m01-decode"][0][0]


def test_without_claim_checks_every_hop_carries_the_item_or_refuses_it() -> None:
    inline = ran(70, name=INLINE).metrics()
    assert inline["bus_bytes"] == 3 * 20 * (5 * MB + 300)
    assert (inline["stored"], inline["items_out"]) == (0, 20)
    refused = ran(70, claim_check="off").metrics()
    assert (refused["too_large"], refused["items_out"]) == (20, 0)


def test_on_a_slow_bus_claim_checks_are_what_makes_it_fast() -> None:
    slow = ran(400, name=INLINE, bandwidth="1MB/s").metrics()["last_out_at"]
    quick = ran(400, bandwidth="1MB/s", store_bandwidth="50MB/s").metrics()["last_out_at"]
    assert slow is not None
    assert quick is not None
    assert quick < slow - 30


def test_items_of_their_own_size_travel_with_it() -> None:
    small = ran(70, item_size="0B").metrics()
    assert (small["stored"], small["bus_bytes"], small["items_out"]) == (0, 0, 20)


@pytest.mark.parametrize("wiring", [MARKED_FIRST, MARKED_LAST])
def test_a_filter_that_is_put_in_passes_claims_on_too(wiring: str) -> None:
    run = ran(90, f"9s set wiring={MARKED_LAST}", f"20s set wiring={MARKED_FIRST}",
              wiring=wiring)  # fmt: skip
    assert len(published(run)) == len(set(published(run))) == 20
    assert run.metrics()["lockers"] == 0
    assert broken(run) == set()


def test_one_filter_for_everything_claims_too() -> None:
    run = ran(110, split="off")
    assert len(published(run)) == 20
    assert (run.metrics()["stored"], run.metrics()["lockers"]) == (20, 0)
    assert broken(run) == set()


# --- what happens when somebody dies ----------------------------------------------------------


def test_a_result_keeps_its_claim_when_the_input_comes_back() -> None:
    for point in ("K3", "K5"):
        run = ran(90, f"26s crash resize-1 at {point}", "30s restart resize-1")
        tokens = {token for token, _ in claims(run)["m09-decode-resize"]}
        assert len(tokens) == 1, point
        assert len(of(run, "stored", "m09-decode-resize")) == 1, point
        assert len(of(run, "delivered", "m09-decode")) == 2, point
        assert published(run).count("m09") == 1
        assert run.metrics()["lockers"] == 0


def trials_of(scenario: str, *, down: float | None) -> tuple[Sweep, Sequence[Trial]]:
    """Return a crash after every event of a scenario that befell an actor."""
    found = replace(find(scenario), duration=240.0, expect=())
    pattern = catalog.pattern(found.pattern)
    sweep = Sweep(found, {each.setting: each.on for each in pattern.safeguards}, strict=False)
    calm = run_of(sweep, Trial(found.seed))
    calm.advance(100.0)
    return sweep, by_crash(calm, down=down, most=1_000_000).trials


@pytest.mark.parametrize("scenario", [CLAIMED, f"{CLAIMED}-left-behind"])
def test_a_crash_at_any_event_loses_nothing_and_leaves_nothing(scenario: str) -> None:
    sweep, trials = trials_of(scenario, down=3.0)
    assert len(trials) > 200
    for trial in trials:
        run = run_of(sweep, trial)
        run.advance(240.0)
        told = [str(command) for command in trial.commands]
        assert published(run) == [f"m{number:02d}" for number in range(1, 21)], told
        assert run.metrics()["lockers"] == 0, told
        assert broken(run) == set(), told


def test_who_never_comes_back_leaves_only_what_is_still_referred_to() -> None:
    sweep, trials = trials_of(CLAIMED, down=None)
    for trial in trials[::5]:
        run = run_of(sweep, trial)
        run.advance(240.0)
        metrics, told = run.metrics(), [str(command) for command in trial.commands]
        assert broken(run) == set(), told
        assert metrics["orphans"] == metrics["leftovers"] == metrics["dangling"] == 0, told


def test_what_a_filter_leaves_behind_is_swept_and_not_without_a_sweeper() -> None:
    crash = ("26s crash resize-1 at K6", "30s restart resize-1")
    assert ran(45, *crash).metrics()["swept"] == 1
    without = ran(90, *crash, sweepers="0")
    assert (without.metrics()["leftovers"], without.metrics()["lockers"]) == (1, 1)
    assert broken(without) == {"orphans-swept"}


def test_a_source_goes_on_with_what_it_had_written_down() -> None:
    run = ran(90, "0.1s crash source-1 at K3", "25s restart source-1", every="1s")
    stored, sent = of(run, "stored", "m02"), of(run, "sent", "m02")
    assert (len(stored), [e.t for e in sent]) == (1, [25.0])
    assert "m02" in published(run)
    assert run.metrics()["lockers"] == 0
    assert broken(run) == set(), "its locker waited longer than the grace, and was not swept"


# --- faults -----------------------------------------------------------------------------------


def test_a_twin_of_a_ticket_is_only_settled() -> None:
    run = ran(90, "0.5s inject duplicate", every="1s")
    (twin,) = [e for e in run.events if e.kind == "duplicated"]
    item = item_of(twin.message)
    assert published(run).count(item) == 1
    stored = [e.message for e in run.events if e.kind == "stored" and item_of(e.message) == item]
    assert len(stored) == len(set(stored)) == 3
    assert broken(run) == set()


def test_a_dead_letter_keeps_its_payload_until_it_is_redriven_and_done() -> None:
    run = ran(120, "1s inject poison on m05", retry_delay="0s", max_deliveries="2")
    (dead,) = [e for e in run.events if e.kind == "dead_lettered"]
    assert dead.message == "m05"
    assert (run.metrics()["lockers"], run.metrics()["orphans"]) == (1, 0)
    assert len(published(run)) == 19


def test_a_lost_ticket_leaves_an_orphan_that_is_swept() -> None:
    run = ran(120, "10s inject lose-send")
    assert len(published(run)) == 19
    assert (run.metrics()["swept"], run.metrics()["lockers"]) == (1, 0)
    assert broken(run) == set()


def test_while_the_store_is_down_nothing_is_lost() -> None:
    run = ran(200, "10s inject store-down", "25s heal store-down")
    assert published(run) == [f"m{number:02d}" for number in range(1, 21)]
    assert run.metrics()["lockers"] == 0
    assert broken(run) == set()


def test_a_refused_ticket_is_taken_back_by_its_sender() -> None:
    run = ran(5, overflow="reject", capacity="1")
    assert {state for states in claims(run).values() for _, state in states} <= {
        "Drawn", "Sent", SPENT, WITHDRAWN,
    }  # fmt: skip
    assert broken(run) == set()


LATE = {
    "every": "1s", "count": "8", "capacity": "1", "overflow": "block", "ttl": "20s", "lock": "5s",
    "resize_time": "20s", "max_deliveries": "0",
}  # fmt: skip
"""Decode waits for room before resize for longer than its lock and the time to live last."""


def test_no_ticket_is_sent_once_its_payload_may_be_swept() -> None:
    run = ran(200, **LATE)
    refused = [e for e in run.events if e.kind == "rejected"]
    assert {e.text for e in refused} == {"InputGone"}
    for e in refused:
        source = e.message.rpartition("-")[0]
        assert of(run, "expired", source)
        assert e.t >= of(run, "sent", source)[0].t + 20
    metrics = run.metrics()
    assert (metrics["dead_lettered"], metrics["dangling"], metrics["lockers"]) == (0, 0, 0)
    assert broken(run) == set()


def test_who_keeps_its_lock_may_wait_for_room_for_as_long_as_it_takes() -> None:
    run = ran(200, renewal="on", **LATE)
    assert not [e for e in run.events if e.kind == "rejected"]
    waited = max(
        sent.t - e.t for e in run.events if e.kind == "blocked"
        for sent in of(run, "sent", e.message)
    )  # fmt: skip
    assert waited > 5
    assert run.metrics()["dead_lettered"] == 0
    assert broken(run) == set()


def test_a_filter_that_was_refused_does_not_look_blocked() -> None:
    run = ran(60, **LATE)
    (refused, *_) = [e for e in run.events if e.kind == "rejected"]
    run.seek(refused.t)
    (decode,) = [actor for actor in run.view().actors if actor.name == refused.actor]
    again = [e for e in run.events if e.kind == "blocked" and e.t == refused.t]
    assert decode.state != "blocked" or again


def test_an_item_that_has_expired_does_not_come_out_all_the_same() -> None:
    run = ran(200, name=INLINE, **LATE)
    expired = {e.message: e.t for e in run.events if e.kind == "expired"}
    sent = [(e.message.partition("~")[0].removesuffix("-decode"), e.t)
            for e in run.events if e.kind == "sent" and e.actor == "decode-1"]  # fmt: skip
    assert expired.keys() & {item_of(name) for name in expired}
    assert not [name for name, at in sent if at > expired.get(name, at)]


# --- settings ---------------------------------------------------------------------------------


def test_a_ticket_must_fit_into_a_pipe() -> None:
    with pytest.raises(BadInput, match="bus_limit: a ticket alone weighs 300 B"):
        Run(find(CLAIMED), overrides={"bus_limit": "299B"})


def test_whether_items_are_claimed_is_settled_at_the_start() -> None:
    run = ran(1)
    with pytest.raises(BadInput, match="claim_check only counts at the start"):
        change_live(run.pattern, run.pattern.settings(), "claim_check", "on")


def test_where_nobody_asks_for_it_the_pattern_is_as_it_was() -> None:
    run = Run(find("pipes-and-filters/moving-bottleneck"))
    run.advance(70)
    assert "bus_bytes" not in run.metrics()
    assert "orphans-swept" not in {f.guarantee.name for f in run.findings()}
    assert "sweeper-1" not in {actor.name for actor in run.view().actors}
