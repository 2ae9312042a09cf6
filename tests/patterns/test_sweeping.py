"""What a sweep tries, what it makes of it, and how a failure is made small."""

from __future__ import annotations

from itertools import pairwise

from mailrail_patterns.commands import Crash, CrashPoint, Restart, Timed, format_timed
from mailrail_patterns.document import Document, MessageTable, ProducerTable, StepTable
from mailrail_patterns.reductions import REDUCTIONS
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build
from mailrail_patterns.shrinking import shrink
from mailrail_patterns.sweeping import Trial, by_crash, by_fault, by_seed
from mailrail_patterns.tallies import shortest, tallies
from mailrail_patterns.trials import Sweep, breaks_of, carry_out


def short(**settings: object) -> Document:
    """Two messages, two consumers, twenty seconds."""
    return Document(
        pattern="competing-consumers",
        duration="20s",
        settings={"consumers": 2, **settings},
        producers=[ProducerTable(every="1s", count=2)],
    )


def finished(document: Document) -> Run:
    run = Run(build(document, "short"))
    run.advance(run.duration)
    return run


def test_seeds_follow_each_other() -> None:
    assert [trial.seed for trial in by_seed(-1, 3).trials] == [-1, 0, 1]


def test_every_actor_of_every_instant_is_crashed_once_and_restarted() -> None:
    run = finished(short())
    trials = by_crash(run, down=None, most=1000).trials
    timed = [(trial.time, trial.actor) for trial in trials if trial.point is None]
    assert timed == [
        (0.0, "consumer-1"), (0.0, "consumer-2"), (0.0, "producer-1"),
        (1.0, "consumer-2"), (2.5, "consumer-1"), (3.5, "consumer-2"),
    ]  # fmt: skip
    assert trials[0].commands == (
        Timed(0.0, Crash("consumer-1")),
        Timed(5.0, Restart("consumer-1")),
    )


def test_every_finished_message_is_torn_apart_at_its_crash_points() -> None:
    trials = by_crash(finished(short()), down=3.0, most=1000).trials
    told = [" + ".join(map(format_timed, t.commands)) for t in trials if t.point is not None]
    assert told == [
        "0s crash consumer-1 at K5 + 5.5s restart consumer-1",
        "0s crash consumer-1 at K6 + 5.5s restart consumer-1",
        "1s crash consumer-2 at K5 + 6.5s restart consumer-2",
        "1s crash consumer-2 at K6 + 6.5s restart consumer-2",
    ]


def test_points_around_publishing_are_tried_where_anything_is_published() -> None:
    before = by_crash(finished(short(publish="before-effect")), down=None, most=1000)
    assert {trial.point for trial in before.trials if trial.point} == {
        CrashPoint.K3, CrashPoint.K4, CrashPoint.K5, CrashPoint.K6,
    }  # fmt: skip
    after = by_crash(finished(short(publish="after-effect")), down=None, most=1000)
    assert CrashPoint.K4 not in {trial.point for trial in after.trials}


def test_every_trial_strikes_where_it_was_meant_to() -> None:
    document = short(publish="before-effect", latency="0.1s", service="exponential(2s)")
    run = finished(document)
    sweep = Sweep(run.scenario)
    for trial in by_crash(run, down=None, most=1000).trials:
        struck = carry_out(sweep, trial).struck
        assert struck is not None
        assert abs(struck - trial.time) <= 0.2


def test_a_supervisor_restarts_what_it_looks_after() -> None:
    trials = by_crash(finished(short(restart_after="2s")), down=None, most=1000).trials
    for trial in trials:
        assert (len(trial.commands) == 2) is (trial.actor == "producer-1")


def test_no_restart_is_planned_after_the_end() -> None:
    trials = by_crash(finished(short()), down=18.0, most=1000).trials
    assert [len(trial.commands) for trial in trials if trial.time > 2] == [1] * 6


def test_every_fault_of_every_instant_and_what_lasts_is_healed() -> None:
    run = finished(short())
    plan = by_fault(run, down=None, most=1000)
    assert len(plan.trials) == 4 * len(run.pattern.faults)
    told = [[format_timed(timed) for timed in trial.commands] for trial in plan.trials]
    assert told[0] == ["0s inject poison", "5s heal poison"]
    assert ["1s inject broker-down", "6s heal broker-down"] in told


def test_of_too_many_some_are_left_out_evenly() -> None:
    run = finished(Document(pattern="competing-consumers", duration="60s"))
    whole = by_fault(run, down=None, most=10_000).trials
    plan = by_fault(run, down=None, most=len(whole) // 9)
    assert len(plan.trials) + plan.left_out == len(whole)
    assert len({trial.fault for trial in plan.trials}) == len(run.pattern.faults)
    places = [whole.index(trial) for trial in plan.trials]
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert places[0] == 0
    assert max(gaps) <= 21


def test_adding_up_and_the_shortest() -> None:
    run = finished(short())
    sweep, plan = Sweep(run.scenario), by_crash(run, down=None, most=1000)
    found = [carry_out(sweep, trial) for trial in plan.trials]
    assert [(t.name, t.runs) for t in tallies(found)] == [("effect-once", 2)]
    best = shortest(found)
    assert best is not None
    assert plan.trials[best[0]].actor == "consumer-1"
    assert shortest([result for result in found if not result.breaks]) is None


def test_what_is_expected_to_break_may_and_figures_count_only_if_asked() -> None:
    document = short()
    document.expect = ["completed == 3", "effect-once breaks"]
    run = finished(document)
    crash = Trial(1, (Timed(0.0, Crash("consumer-1", CrashPoint.K5)),))
    names = [each.name for each in carry_out(Sweep(run.scenario), crash).breaks]
    assert names == ["completed == 3"]
    assert not carry_out(Sweep(run.scenario, strict=False), crash).breaks
    asked = Sweep(run.scenario, expect=("completed == 4",), strict=False)
    assert [each.name for each in carry_out(asked, crash).breaks] == ["completed == 4"]


def test_a_failure_is_made_small() -> None:
    document = Document(
        pattern="competing-consumers",
        duration="60s",
        settings={"consumers": 5},
        steps=[
            StepTable("0s", "say nothing of interest"),
            StepTable("1s", "pause consumer-4"),
            StepTable("3s", "crash consumer-3 at K5"),
            StepTable("30s", "restart consumer-3"),
        ],
        expect=["completed == 40", "renewal-holds breaks"],
    )
    broken = breaks_of(finished(document))
    assert [each.name for each in broken] == [
        "effect-once",
        "completed == 40",
        "renewal-holds breaks",
    ]
    small = shrink(document, broken[0])
    assert small.broken.name == "effect-once"
    assert small.events < 30
    assert [step.do for step in small.document.steps] == ["crash consumer-1 at K5"]
    assert small.document.expect == []
    assert float(str(small.document.duration).removesuffix("s")) - small.broken.time <= 1.0
    assert [each.name for each in breaks_of(finished(small.document))] == ["effect-once"]


def test_an_expectation_is_not_made_small() -> None:
    document = short()
    document.expect = ["completed == 3"]
    small = shrink(document, breaks_of(finished(document))[0])
    assert small.document == document
    assert small.tried == 1


def test_effort_is_bounded() -> None:
    document = short()
    document.steps = [StepTable("0s", "crash consumer-1 at K5")]
    small = shrink(document, breaks_of(finished(document))[0], effort=1)
    assert small.tried <= 2


def test_every_way_to_make_it_smaller_changes_something_and_comes_to_an_end() -> None:
    document = short()
    document.duration = "1s"
    document.steps = [StepTable("1s", "inject duplicate"), StepTable("1s", "crash consumer-2")]
    document.messages = {"m01": MessageTable(poison=True)}
    candidates, steps = [document], 0
    while candidates and steps < 1000:
        now = candidates.pop()
        smaller = [each for reduce in REDUCTIONS for each in reduce(now)]
        assert now not in smaller
        candidates += smaller[:1]
        steps += 1
    assert steps < 20
