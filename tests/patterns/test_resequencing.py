"""The resequencer: against a plain loop, and through crashes, gaps, floods and switches."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.by_hand import broken, driven, ran
from tests.support.scenarios import as_written

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message
from mailrail_patterns.progress import Progress
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

CONVOY = "sequential-convoy"
GAP = f"{CONVOY}/a-gap-that-stays"
MS = 1000


def effects(run: Run, group: str = "") -> list[str]:
    """Return what was applied, in order; of one group, if it is named."""
    return [e.message for e in run.events if e.kind == "effect"
            and group in ("", group_of(run, e.message))]  # fmt: skip


def group_of(run: Run, message: str) -> str:
    """Return the group a message was sent with."""
    return next(e.group for e in run.events if e.kind == "sent" and e.message == message)


def dead(run: Run) -> list[tuple[str, str]]:
    """Return the dead letters and why."""
    return [(e.message, e.text) for e in run.events if e.kind == "dead_lettered"]


# --- against a model ------------------------------------------------------------------------


class Step(NamedTuple):
    """One message of a group: how long it is on its way, how long it takes; milliseconds."""

    late: int
    takes: int


def naive(groups: list[list[Step]]) -> list[tuple[int, int]]:
    """Return when each step was begun and ended: when it is there, and the one before is done."""
    spells = []
    for steps in groups:
        free = 0
        for step in steps:
            begun = max(step.late, free)
            free = begun + step.takes
            spells.append((begun, free))
    return spells


STEPS = st.lists(
    st.lists(
        st.builds(
            Step,
            st.integers(0, 60).map(lambda tenths: tenths * 100),
            st.integers(1, 40).map(lambda tenths: tenths * 100 + 1),
        ),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=3,
)


@given(groups=STEPS, lock=st.sampled_from(["2s", "5s"]))
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_a_step_is_done_when_it_is_there_and_the_one_before_is_done(
    groups: list[list[Step]], lock: str
) -> None:
    count = sum(map(len, groups))
    lines = [
        'pattern = "sequential-convoy"', 'duration = "900s"', "[settings]", "resequence = true",
        'gap_timeout = "0s"', f'lock = "{lock}"', f"consumers = {len(groups)}",
        "[[producers]]", 'every = "0s"', f"count = {count}",
    ]  # fmt: skip
    names = [f"m{number + 1:02d}" for number in range(count)]
    for name, (number, step) in zip(
        names, ((n, step) for n, steps in enumerate(groups) for step in steps), strict=True
    ):
        lines += [
            f"[messages.{name}]", f'group = "{"ABC"[number]}"', f'work = "{step.takes}ms"',
            f'delay = "{step.late}ms"',
        ]  # fmt: skip
    run = Run(as_written("\n".join(lines)))
    run.advance(900.0)
    begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
    done = {e.message: round(e.t * MS) for e in run.events if e.kind == "completed"}
    assert [(begun[name], done[name]) for name in names] == naive(groups)
    assert broken(run) == set()
    assert run.metrics()["out_of_sequence"] == run.metrics()["given_up"] == 0


# --- what it survives -----------------------------------------------------------------------


@pytest.mark.parametrize("crash", ["6.5s crash worker-1", "4s crash worker-2", "9s crash worker-2"])
def test_what_is_set_aside_survives_whoever_did_it(crash: str) -> None:
    name = crash.rsplit(maxsplit=1)[-1]
    run = ran(GAP, 60, crash, f"12s restart {name}")
    assert effects(run, "A") == ["m01", "m05", "m07"]
    assert broken(run) == set()


def test_it_survives_all_of_them() -> None:
    run = ran(GAP, 8, "6.5s crash worker-1", "6.6s crash worker-2")
    assert effects(run, "A") == ["m01"]
    driven(run, 60, "20s restart worker-1")
    assert effects(run, "A") == ["m01", "m05", "m07"]
    assert broken(run) == set()


def test_a_gap_is_given_up_while_there_is_somebody_who_has_nothing_to_do() -> None:
    run = ran(GAP, 60, "6.5s crash worker-1")
    given = [e for e in run.events if e.kind == "noted"]
    assert [(e.t, e.text, e.value) for e in given] == [
        (9.0, "given-up: goes on without 2 of A", 2.0)
    ]


# --- gaps -----------------------------------------------------------------------------------


def test_what_comes_after_it_was_given_up_is_too_late() -> None:
    run = ran(GAP, 60, resend_after="9s")
    assert dead(run) == [("m03", "TooLate")]
    assert effects(run, "A") == ["m01", "m05", "m07"]
    assert run.metrics()["too_late"] == 1
    assert broken(run) == set()


def test_who_waits_for_ever_gets_what_comes_late() -> None:
    run = ran(GAP, 60, resend_after="30s", gap_timeout="0s")
    assert effects(run, "A") == ["m01", "m03", "m05", "m07"]
    assert run.metrics()["groups_complete"] == 2
    assert broken(run) == set()


def test_after_an_alert_it_still_waits() -> None:
    run = ran(f"{GAP}-alert", 60, resend_after="30s")
    noted = [(e.t, e.text) for e in run.events if e.kind == "noted"]
    assert noted == [(9.0, "gap: waits in vain for number 2 of A: 2 set aside")]
    assert effects(run, "A") == ["m01", "m03", "m05", "m07"]
    assert broken(run) == set()


def test_a_full_buffer_gives_the_gap_up_at_once() -> None:
    run = ran(GAP, 60, gap_timeout="0s", gap_buffer="1", steps="0", count="12")
    noted = [(e.t, e.text) for e in run.events if e.kind == "noted"]
    assert noted == [(6.0, "given-up: goes on without 2 of A")]
    assert effects(run, "A") == ["m01", "m05", "m07"]
    assert run.metrics()["buffered_max"] == 2, "the one that was too many, for an instant"
    assert broken(run) == set()


def test_a_full_buffer_that_must_wait_turns_down_what_comes() -> None:
    run = ran(f"{GAP}-alert", 60, gap_buffer="1", resend_after="10s")
    assert dead(run) == [("m07", "BufferFull")]
    assert effects(run, "A") == ["m01", "m03", "m05"]
    assert broken(run) == set()


def test_what_has_come_back_to_its_lane_is_not_missing() -> None:
    steps = (
        "2.25s inject out-of-order", "5.25s inject duplicate", "20.5s inject lose-ack",
        "21.25s inject poison", "22.25s crash worker-3", "28s inject lose-ack",
        "31.5s inject poison", "33s inject expire-lock",
    )  # fmt: skip
    run = ran(CONVOY, 40, *steps, resequence="on")
    assert [(e.t, e.message) for e in run.events if e.kind == "lock_expired"] == [(33.0, "m27")]
    assert [e.text for e in run.events if e.kind == "noted"] == [
        "given-up: goes on without 6 of C"
    ], "m23, which is dead; m27 is number 7 and comes again"
    assert dead(run) == [("m23", "MaxDeliveryCountExceeded")]
    assert [name for name in effects(run, "C") if name in ("m27", "m31", "m35")] == [
        "m27", "m31", "m35",
    ]  # fmt: skip
    assert broken(run) == {"worked-on-by-one"}


def test_a_dead_letter_is_a_gap() -> None:
    run = ran(CONVOY, 30, "0s inject poison on m02", groups="1", count="4", service="1s",
              resequence="on")  # fmt: skip
    assert dead(run) == [("m02", "MaxDeliveryCountExceeded")]
    assert effects(run) == ["m01", "m03", "m04"]
    assert run.metrics()["given_up"] == 1
    assert broken(run) == set()


def test_parking_a_group_takes_along_what_was_set_aside() -> None:
    text = """
    pattern = "sequential-convoy"
    duration = "60s"
    [settings]
    resequence = true
    gap_timeout = "0s"
    poison_policy = "park"
    service = "1s"
    groups = 1
    consumers = 1
    [[producers]]
    every = "0s"
    count = 3
    [messages.m01]
    poison = true
    delay = "5s"
    """
    run = Run(as_written(text))
    run.advance(30)
    assert dead(run) == [
        ("m01", "MaxDeliveryCountExceeded"), ("m02", "GroupParked"), ("m03", "GroupParked"),
    ]  # fmt: skip
    assert run.metrics()["buffered"] == 0
    assert broken(run) == set()


# --- copies and switches --------------------------------------------------------------------


def test_a_copy_of_what_is_set_aside_is_fetched_and_skipped() -> None:
    steps = ("3s inject out-of-order", "3.5s inject duplicate")
    run = ran(CONVOY, 30, *steps, resequence="on", groups="1", resend_after="0s", gap_timeout="0s")
    for kind in ("deferred", "effect_skipped", "completed"):
        assert "m06~2" in [e.message for e in run.events if e.kind == kind]
    assert effects(run) == sorted(effects(run))
    assert broken(run) == set()


def test_switched_off_it_lets_go_of_what_it_has() -> None:
    run = ran(GAP, 60, "7s set resequence=off")
    assert effects(run, "A") == ["m01", "m05", "m07"]
    assert run.metrics()["given_up"] == 0
    assert run.metrics()["buffered"] == 0


def test_switched_on_it_goes_on_from_where_the_group_is() -> None:
    run = ran(CONVOY, 40, "7s set resequence=on", "12s inject out-of-order", groups="2")
    assert run.metrics()["given_up"] == 0
    assert run.metrics()["buffered_max"] == 1
    assert broken(run) == set()


def test_without_lanes_it_does_nothing() -> None:
    run = ran(GAP, 60, sessions="off")
    assert run.metrics()["buffered_max"] == 0
    assert effects(run, "A") == ["m01", "m05", "m07"]


def test_lanes_can_be_shared_anew_while_something_is_set_aside() -> None:
    run = ran(GAP, 60, "6.5s set partitions=2", "7.5s set partitions=1", resend_after="8s",
              gap_timeout="0s")  # fmt: skip
    assert effects(run, "A") == ["m01", "m03", "m05", "m07"]
    assert run.metrics()["gaps"] == 1


def test_what_is_deleted_on_receipt_cannot_be_set_aside() -> None:
    with pytest.raises(BadInput, match="resequence: what is deleted on receipt"):
        Run(find(CONVOY), overrides={"resequence": "on", "mode": "receive-and-delete"})


# --- senders --------------------------------------------------------------------------------


def test_two_senders_take_their_numbers_from_one_count() -> None:
    run = ran(f"{CONVOY}/out-of-order", 30)
    numbers: dict[str, list[int]] = {}
    for event in run.events:
        if event.kind == "sent":
            numbers.setdefault(event.group, []).append(event.sequence)
    assert {group: sorted(found) for group, found in numbers.items()} == {
        group: [1, 2, 3, 4, 5, 6] for group in "ABC"
    }


def test_an_order_has_so_many_steps_and_then_the_next_begins() -> None:
    run = ran(CONVOY, 30, groups="2", steps="3", count="12", every="100ms", service="100ms")
    sent = [(e.group, e.sequence) for e in run.events if e.kind == "sent"]
    assert sent == [(g, n) for pair in ("AB", "CD") for n in (1, 2, 3) for g in pair]
    assert run.metrics()["groups_complete"] == 4
    assert run.metrics()["groups_incomplete"] == 0


def test_what_is_held_back_to_the_end_is_sent_at_the_end() -> None:
    run = ran(CONVOY, 30, "0.5s inject out-of-order", groups="1", count="2")
    assert [e.message for e in run.events if e.kind == "sent"] == ["m01", "m02"]


def test_what_is_refused_is_sent_again_until_there_is_room() -> None:
    run = ran(CONVOY, 120, groups="1", consumers="1", count="8", every="100ms", capacity="2",
              resend_after="3s", resequence="on", gap_timeout="0s")  # fmt: skip
    assert [e for e in run.events if e.kind == "rejected"]
    assert effects(run) == [f"m{n:02d}" for n in range(1, 9)]
    assert broken(run) == set()


def test_a_restarted_sender_goes_on_with_the_numbers() -> None:
    run = ran(CONVOY, 30, "3.5s crash sender-1", "6.5s restart sender-1", groups="1", count="8")
    assert [e.sequence for e in run.events if e.kind == "sent"] == list(range(1, 9))


# --- the row --------------------------------------------------------------------------------


def test_the_row_of_a_group_says_what_is_next_and_what_waits() -> None:
    def step(number: int, *, last: bool = False) -> Message:
        return Message(f"m{number}", group="A", sequence=number, last=last)

    row = Progress().applied(step(1), 1.0).aside("m3", 3, 2.0).aside("m4", 4, 3.0)
    assert (row.steps, row.next, row.first(), row.since) == (1, 2, ("m3", 3), 2.0)
    over = row.without("m3").passing_over(3)
    assert (over.next, over.given_up, over.waiting) == (3, (2,), {"m4": 4})
    end = over.applied(step(3), 9.0).without("m4").applied(step(4, last=True), 9.5)
    assert (end.state, end.since, end.steps, end.of) == ("Incomplete", 0.0, 3, 4)
    assert row.applied(step(2), 5.0).since == 5.0
    assert row.passing_over(4).given_up == (2,), "what is there is not given up"
    assert Progress(steps=3, of=3).state == "Complete"


def test_commands_reach_it_as_any_setting() -> None:
    run = Run(find(GAP))
    run.advance(6.5)
    run.do(parse_timed("6.5s set gap_timeout=1s").command)
    run.advance(30)
    assert effects(run, "A") == ["m01", "m05", "m07"]
