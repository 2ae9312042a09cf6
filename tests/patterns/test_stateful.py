"""Random histories: whatever is done to a pattern, the promises that can hold do hold.

Run longer with ``pytest tests/patterns/test_stateful.py --fuzz 5000``. A failure is shrunk and
printed as a scenario file that shows it.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from tests.support.broker_state import assert_folds_match
from tests.support.scenarios import (
    CONSUMER,
    CONSUMING,
    LEVELING,
    PRODUCER,
    as_file,
    scenario,
    with_steps,
)

from mailrail_patterns.commands import (
    Command,
    Crash,
    CrashPoint,
    Heal,
    Inject,
    Pause,
    Redrive,
    Restart,
    Resume,
    Set,
    Spawn,
    Stop,
)
from mailrail_patterns.kernel import agenda
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario

WISHES = {"answered-in-time", "nobody-turned-away"}
"""What callers hope for; a queue cannot promise it."""

FUZZ = int(os.environ.get("MAILRAIL_FUZZ", "0"))
SPACING = ("250ms", "500ms", "1s", "exponential(700ms)")
SERVICE = ("0s", "500ms", "1s", "2500ms", "uniform(100ms, 3s)")


class Histories(RuleBasedStateMachine):
    """Does to a run what a person with a keyboard, a bad day and no mercy could do."""

    pattern: ClassVar[str] = CONSUMING
    faults: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.run: Run | None = None
        self.made: Scenario | None = None
        self.asleep: set[str] = set()

    @initialize(
        idempotent=st.booleans(),
        renewal=st.booleans(),
        prefetch=st.sampled_from([1, 1, 1, 3]),
        mode=st.sampled_from(["peek-lock", "peek-lock", "peek-lock", "receive-and-delete"]),
        redelivery=st.sampled_from(["head", "tail"]),
        capacity=st.sampled_from(["unbounded", "unbounded", 0, 1, 4]),
        overflow=st.sampled_from(["reject", "drop-oldest", "block"]),
        ttl=st.sampled_from(["0s", "0s", "2s", "6s"]),
        keep_expired=st.booleans(),
        limit=st.sampled_from([0, 1, 2, 3]),
        retry=st.sampled_from(["0s", "700ms", "3s"]),
        latency=st.sampled_from(["0s", "0s", "0s", "100ms"]),
        lock=st.sampled_from(["2s", "5s"]),
        every=st.sampled_from(SPACING),
        service=st.sampled_from(SERVICE),
        restart=st.sampled_from(["0s", "0s", "4s"]),
        more=st.data(),
    )
    def start(self, more: Any, **drawn: Any) -> None:
        """Draw a configuration."""
        chosen = {
            "idempotent": drawn["idempotent"], "renewal": drawn["renewal"],
            "prefetch": drawn["prefetch"], "mode": drawn["mode"], "lock": drawn["lock"],
            "redelivery": drawn["redelivery"], "capacity": drawn["capacity"],
            "overflow": drawn["overflow"], "ttl": drawn["ttl"],
            "dead_letter_expired": drawn["keep_expired"], "max_deliveries": drawn["limit"],
            "retry_delay": drawn["retry"], "latency": drawn["latency"], "every": drawn["every"],
            "service": drawn["service"], "restart_after": drawn["restart"],
            **self.own(more),
        }  # fmt: skip
        self.chosen = chosen
        self.made = scenario(self.pattern, duration=100_000.0, **chosen)
        self.run = Run(self.made)

    def own(self, more: Any) -> dict[str, Any]:
        """Draw what only this pattern has."""
        return {}

    # --- the rules ------------------------------------------------------------------------

    def do(self, command: Command) -> None:
        """Do it, if it applies."""
        assert self.run is not None
        try:
            self.run.do(command)
        except BadInput as problem:
            note(f"refused: {problem}")
        self.look()

    @rule(seconds=st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.5, 7.0]))
    def advance(self, seconds: float) -> None:
        """Let time pass."""
        assert self.run is not None
        self.run.advance(self.run.frontier + seconds)
        self.look()

    @rule(count=st.integers(1, 8), every=st.sampled_from(("1ms", *SPACING)))
    def send(self, count: int, every: str) -> None:
        """Send some messages through a further producer."""
        options = (("every", every), ("count", str(count)))
        self.do(Spawn(PRODUCER[self.pattern], 1, options))

    @rule(count=st.integers(1, 2))
    def spawn(self, count: int) -> None:
        """Add consumers."""
        self.do(Spawn(CONSUMER[self.pattern], count))

    @rule(number=st.integers(1, 4), at=st.sampled_from([None, *CrashPoint]))
    def crash(self, number: int, at: CrashPoint | None) -> None:
        """Kill a consumer now or at a crash point."""
        self.do(Crash(f"{CONSUMER[self.pattern]}-{number}", at))

    @rule(at=st.sampled_from(CrashPoint))
    def crash_any(self, at: CrashPoint) -> None:
        """Kill whoever passes a point first."""
        self.do(Crash("any", at))

    @rule(number=st.integers(1, 3), what=st.sampled_from([Crash, Stop, Pause, Resume, Restart]))
    def trouble_producer(self, number: int, what: Any) -> None:
        """Do something to a producer."""
        self.do(what(f"{PRODUCER[self.pattern]}-{number}"))

    @rule(number=st.integers(1, 4), what=st.sampled_from([Stop, Pause, Resume, Restart, Restart]))
    def trouble_consumer(self, number: int, what: Any) -> None:
        """Do something to a consumer."""
        self.do(what(f"{CONSUMER[self.pattern]}-{number}"))

    @rule()
    def redrive(self) -> None:
        """Send the dead letters back."""
        self.do(Redrive("work"))

    @rule(pick=st.data())
    def inject(self, pick: Any) -> None:
        """Switch a fault on."""
        name = pick.draw(st.sampled_from(self.faults))
        target = ""
        if name in {"poison", "expire-lock", "malformed", "early"}:
            target = pick.draw(st.sampled_from(["", "m01", "m02", "m03", "n01"]))
        amount = "3" if name == "slow" else ""
        self.do(Inject(name, target, amount))

    @rule(fault=st.sampled_from(["slow", "broker-down"]))
    def heal(self, fault: str) -> None:
        """Switch a fault off."""
        self.do(Heal(fault))

    @rule(
        pair=st.sampled_from(
            [("lock", "2s"), ("lock", "7s"), ("service", "200ms"), ("service", "3s"),
             ("retry_delay", "0s"), ("retry_delay", "1s"), ("redelivery", "tail"),
             ("redelivery", "head"), ("overflow", "block"), ("overflow", "drop-oldest"),
             ("capacity", "unbounded"), ("capacity", "2"), ("max_deliveries", "5"),
             ("max_deliveries", "1"), ("every", "300ms")]
        )
    )  # fmt: skip
    def change(self, pair: tuple[str, str]) -> None:
        """Change a setting."""
        self.do(Set(*pair))

    # --- what must be true ----------------------------------------------------------------

    def may_break(self) -> set[str]:
        """Return the guarantees this configuration does not give."""
        loose = set(WISHES)
        if not self.chosen["idempotent"]:
            loose.add("effect-once")
        if self.chosen["mode"] == "receive-and-delete":
            loose.add("done-or-dead")
        if self.chosen["max_deliveries"] == 0:
            loose.add("time-moves")  # poison without limit or delay goes round for ever
        return loose

    def look(self) -> None:
        """Compare folds with the broker; ask what broke."""
        run = self.run
        assert run is not None
        try:
            assert_folds_match(run)
            loose = self.may_break()
            broke = {
                f.guarantee.name: f.first.what
                for f in run.findings()
                if f.first is not None and f.guarantee.name not in loose
            }
            assert not broke
            bugs = [e.text for e in run.events if e.kind == "crashed" and e.text[:4] == "bug:"]
            assert not bugs
        except AssertionError:
            assert self.made is not None
            note(as_file(self.made, run.commands, run.frontier + 1))
            raise

    def teardown(self) -> None:
        """The same commands as the steps of a file are the same run; so is a fork."""
        run, made = self.run, self.made
        if run is None or made is None:
            return
        run.advance(run.frontier)  # what the last command has set off at its instant
        again = Run(with_steps(made, run.commands))
        again.advance(run.frontier)
        if again.digest() != run.digest():
            note(as_file(made, run.commands, run.frontier + 1))
        assert again.digest() == run.digest()
        assert run.fork().digest() == run.digest()


class ConsumingHistories(Histories):
    """Competing consumers."""

    pattern = CONSUMING
    faults = (
        "poison", "slow", "lose-ack", "lose-send", "duplicate", "reorder", "expire-lock",
        "broker-down", "burst", "malformed", "early",
    )  # fmt: skip

    def own(self, more: Any) -> dict[str, Any]:
        """Publish results or not."""
        publish = st.sampled_from(["never", "never", "after-effect", "before-effect"])
        return {"publish": more.draw(publish)}


class LevelingHistories(Histories):
    """Queue-based load leveling."""

    pattern = LEVELING
    faults = ("slow", "lose-ack", "lose-send", "broker-down", "burst")

    def own(self, more: Any) -> dict[str, Any]:
        """Ask again or not; queue between or not."""
        return {
            "retries": more.draw(st.sampled_from([0, 0, 2])),
            "queue_between": more.draw(st.sampled_from([True, True, False])),
        }


@pytest.mark.parametrize("histories", [ConsumingHistories, LevelingHistories])
def test_random_histories_keep_every_promise(
    histories: type[Histories], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 2_000)  # an endless instant is found sooner
    run_state_machine_as_test(
        histories,
        settings=settings(
            max_examples=FUZZ or 60,
            stateful_step_count=30,
            derandomize=not FUZZ,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
