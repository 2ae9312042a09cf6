"""The façade of one run: advance, step, do, seek, fork; views, metrics and the verdict."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from . import catalog
from .commands import ANYBODY, Command, CrashPoint, Timed
from .crash_points import passed
from .expectations import Expectation, parse_expectation
from .invariants.causality import Causality
from .invariants.effects import Effects
from .invariants.flow import Flow
from .invariants.judge import Finding, Judge
from .invariants.lifecycle import Lifecycle
from .invariants.sampling import Sampling
from .kernel.events import CHANGED, NOTED, SAID, STATE, WAITED, Event
from .names import BadInput
from .own_code import is_own
from .plan import check_plan
from .poisoning import own_poison
from .port import Options
from .projections.album import Album
from .projections.eras import Eras
from .projections.measures import Number
from .projections.picture import Picture
from .projections.samples import Sampled
from .projections.series import step_of
from .quantities import on_grid
from .scenario import Scenario
from .settings import plain, resolve, written
from .verdict import Measured, Outcome, expected_of, verdict
from .views import View
from .world import World

UNMOVED: Final = frozenset({STATE, NOTED, SAID, WAITED})
"""Events in which no message moves."""


class Rewound(RuntimeError):
    """A command was given while the playhead is in the past; fork first."""


class Run:
    """One run of one scenario.

    The engine runs at the *frontier* and never goes back. The *playhead* is the instant that
    views show; it moves anywhere between the start and the frontier, and pushes the frontier
    on when it moves beyond. Commands take effect at the frontier, after everything else of
    its instant, which is what makes them reproducible from the file they are saved to.

    Attributes:
        scenario: What is run.
        pattern: Its pattern.
        seed: The seed.
        overrides: Settings given on top of the scenario's.
        commands: What was done by hand (not the scenario's own steps), in order.
        now: The playhead's instant, in seconds.
        position: Number of the last event at or before the playhead.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        overrides: Mapping[str, object] | None = None,
        commands: Sequence[Timed] = (),
        expect: Sequence[str] = (),
    ) -> None:
        """Prepare a run; nothing has happened yet.

        Raises:
            BadInput: If a setting, step, command or expectation cannot be used.
        """
        self.scenario = scenario
        self.pattern = catalog.pattern(scenario.pattern)
        self.seed = scenario.seed if seed is None else seed
        self.overrides = dict(overrides or {})
        self.commands = list(commands)
        self.now = 0.0
        self.position = 0
        self._given = {**dict(scenario.settings), **self.overrides}
        self._settings = self._resolve()
        self._world = World(
            self.pattern, self._settings, self.seed, dict(scenario.messages), self._given
        )
        check_plan(self.pattern, self._settings, scenario, self.commands, self._given)
        world, journal = self._world, self._world.journal
        self._eras = Eras(self._settings)
        journal.watch(CHANGED, lambda event: self._eras.change(event.n, world.settings))
        lifecycle = Lifecycle(world.topology.census)
        self.events: Sequence[Event] = journal.events
        self._judge = Judge(
            journal,
            (
                lifecycle,
                Causality(journal.events),
                Effects(lambda: world.settings),
                Flow(lifecycle.left_over),
                Sampling(self._sampled, lambda: lifecycle.begun),
                *self.pattern.rules(lambda: world.settings),
            ),
        )
        self._album = Album(journal.events, self._blank)
        metrics = self._album.at(0).metrics(0.0)
        names = [guarantee.name for guarantee in self._judge.guarantees]
        self.expectations: tuple[Expectation, ...] = (
            *expected_of(scenario, metrics, names),
            *(parse_expectation(text, metrics, names, scenario.duration) for text in expect),
        )
        world.open(scenario.cast)
        world.schedule((*scenario.steps, *self.commands))
        self.position = len(self.events)

    def _resolve(self) -> Any:
        own = dict(self.scenario.settings)
        try:
            settings = resolve(self.pattern, own)
        except BadInput as problem:
            raise problem.inside(f"{self.scenario.name}: settings") from None
        return resolve(self.pattern, self._given) if self.overrides else settings

    def _blank(self) -> Picture:
        step = step_of(self.scenario.duration)
        self._eras.look_at(0)
        own = self.pattern.meter(self._eras.settings)
        settings = list(written(self.pattern, self._settings).items())
        offered = [fault.name for fault in self.pattern.faults]
        return Picture(own, step, self._eras, settings, own_poison(self.scenario.messages, offered))

    # --- time -----------------------------------------------------------------------------

    @property
    def duration(self) -> float:
        """How long the scenario is planned to run, in seconds."""
        return self.scenario.duration

    @property
    def frontier(self) -> float:
        """How far the engine has come, in seconds."""
        return self._world.journal.now

    @property
    def rewound(self) -> bool:
        """Whether the playhead is behind the frontier."""
        return self.now < self.frontier or self.position < len(self.events)

    @property
    def quiet(self) -> bool:
        """Whether nothing will ever happen again, whatever time passes, but what is routine.

        That is so once the longest routine has gone round twice and nothing came of it but rows
        it writes for its own use: no message has moved. What the rows themselves promise for
        later has to be over by then as well.
        """
        longest = self._world.agenda.routine()
        if not longest:
            return longest is not None
        idle = self.frontier - 2 * longest
        for event in reversed(self.events):
            if event.t <= idle:
                break
            if event.kind not in UNMOVED:
                return False
        return idle > self.pattern.promised(self._world.tables.rows)

    @property
    def stalled(self) -> bool:
        """Whether the run was given up because an instant would not end."""
        return self._world.agenda.stalled

    def advance(self, until: float, limit: int | None = None) -> bool:
        """Move the playhead forward to ``until`` seconds, the engine with it where needed.

        Args:
            until: Where to, in seconds; an earlier instant than the playhead's does nothing.
            limit: Most steps of the engine to take, so that a screen stays alive.

        Returns:
            Whether the playhead has arrived.
        """
        until = on_grid(until)
        arrived = True
        if until > self.frontier or not self.rewound:
            arrived = self._world.agenda.advance(until, limit)
            if not arrived:
                until = self.frontier
        if until >= self.now:
            self.now = until
            self.position = self._count_until(until)
        return arrived

    def step(self) -> bool:
        """Move the playhead one event forward; False if nothing will ever happen again."""
        if self.position == len(self.events):
            agenda = self._world.agenda
            while len(self.events) == self.position:
                if not agenda.step():
                    return False
        self.position += 1
        self.now = self.events[self.position - 1].t
        return True

    def back(self) -> bool:
        """Move the playhead one event back; False at the start."""
        if self.position == 0:
            return False
        if self.now > self.events[self.position - 1].t:
            self.now = self.events[self.position - 1].t
            return True
        self.position -= 1
        self.now = self.events[self.position - 1].t if self.position else 0.0
        return True

    def seek(self, time: float) -> None:
        """Move the playhead to any instant, in seconds; beyond the frontier the engine runs on."""
        time = max(0.0, on_grid(time))
        if time >= self.frontier:
            self.now = min(self.now, self.frontier)
            self.advance(time)
        else:
            self.now = time
            self.position = self._count_until(time)

    def seek_event(self, number: int) -> None:
        """Move the playhead to the event of that number."""
        self.position = max(0, min(number, len(self.events)))
        self.now = self.events[self.position - 1].t if self.position else 0.0

    def _count_until(self, time: float) -> int:
        return bisect_right(self.events, time, key=_time)

    def do(self, command: Command) -> None:
        """Carry out a command now, after everything else of this instant.

        Raises:
            Rewound: If the playhead is in the past.
            BadInput: If the command names something unknown or does not apply.
        """
        if self.rewound:
            raise Rewound("the playhead is in the past; fork first")
        agenda = self._world.agenda
        agenda.advance(self.frontier)
        try:
            if agenda.stalled:
                raise BadInput("the run has stalled: its last instant would not end")
            agenda.at_once(self._world.carry_out, command)
        finally:  # refused or not, the instant is over and the playhead stays at the frontier
            self.now = self.frontier
            self.position = len(self.events)
        self.commands.append(Timed(self.frontier, command))

    def fork(self, time: float | None = None) -> Run:
        """Return a new run that shares everything up to ``time`` (default: the playhead).

        Its engine is run anew from the seed and the commands given until then; its frontier
        and its playhead are at that instant, so that it can be told something else.
        """
        time = self.now if time is None else on_grid(time)
        twin = self.branch(time)
        twin.advance(time)
        return twin

    def branch(self, time: float | None = None) -> Run:
        """Return the same run at its start, with what was done by hand until ``time``, as `fork`.

        It is a fork once it has been advanced to that instant.
        """
        time = self.now if time is None else on_grid(time)
        return self._twin([timed for timed in self.commands if timed.at <= time])

    def again(self) -> Run:
        """Return the same run at its start; what was done by hand will happen at its instant."""
        return self._twin(self.commands)

    def _twin(self, commands: Iterable[Timed]) -> Run:
        twin = Run(self.scenario, seed=self.seed, overrides=self.overrides)
        twin.commands = list(commands)
        twin._world.schedule(twin.commands)  # carried out once already: not to be checked as a plan
        twin.expectations = self.expectations
        return twin

    # --- what it looks like ---------------------------------------------------------------

    @property
    def picture(self) -> Picture:
        """The folds at the playhead; to be read only."""
        return self._album.at(self.position)

    def view(self) -> View:
        """Return the frozen picture at the playhead."""
        return self.picture.view(self.now)

    def metrics(self) -> dict[str, Number]:
        """Return every metric as of the playhead."""
        return self.picture.metrics(self.now)

    def points(self, actor: str = ANYBODY) -> tuple[CrashPoint, ...]:
        """Return the crash points an actor passes, or somebody, as the settings stand now."""
        return passed(self.pattern.roles, self._world.settings, actor)

    def settings(self) -> dict[str, Any]:
        """Return the settings at the start of the run as JSON holds them."""
        return plain(self.pattern, self._settings)

    def started_with(self) -> dict[str, str]:
        """Return the settings at the start of the run as text with units."""
        return written(self.pattern, self._settings)

    def _sampled(self) -> Iterable[Sampled]:
        """Return the distributions to be judged: those of metrics that have been read.

        There are none in the past, where nothing has ended.
        """
        read = self._album.position == self.position
        return self.picture.sampled() if read and not self.rewound else ()

    def findings(self) -> list[Finding]:
        """Return how every guarantee has fared by the playhead.

        To fold the metrics of a long run takes as long as to judge it: what U10 asks of them is
        judged once they have been read, as they are for the verdict.
        """
        upto = self.position if self.rewound else None
        return self._judge.findings(self.now, self.quiet, upto)

    def digest(self) -> str:
        """Return the hash of all events up to the playhead."""
        return self._world.journal.digest(self.position)

    def stands_at(self, actor: str) -> tuple[tuple[str, int], ...]:
        """Return where an actor's coroutine stands at the frontier: file and line of each call.

        The outermost comes first: a line of the pattern, then those of what it calls as far as
        that explains it. Whoever has died stands where it died; whoever has left, nowhere.
        """
        process = self._world.actor(actor).process
        return () if process is None else process.stands_at(is_own)

    def options(self, actor: str) -> Options:
        """Return what an actor was given when it was spawned."""
        return self._world.actor(actor).options

    def outcome(self) -> Outcome:
        """Return the verdict as of the playhead."""
        measured = []
        for expectation in self.expectations:  # before the end is looked at: the album goes on
            at = self.now if expectation.at is None else min(expectation.at, self.now)
            position = self.position if expectation.at is None else self._count_until(at)
            metrics = self._album.at(position).metrics(at)
            measured.append(Measured(expectation, at, metrics, position))
        self._album.at(self.position)
        return verdict(self.findings(), measured, self.events)


def _time(event: Event) -> float:
    return event.t
