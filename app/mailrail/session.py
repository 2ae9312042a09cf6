"""One sitting in front of one scenario: the run, its playback, and everything a person can do.

It knows no screen: the lab calls :meth:`Session.tick` from its frame timer and draws
:meth:`Session.frame`; tests do the same with a clock of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Final, TypeVar

from msgspec.structs import replace

from mailrail_patterns.commands import Command, Timed, format_command
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario

from .errands import Errand
from .foresight import Foresight
from .frames import LabFrame
from .framing import Framer
from .futures import MOST, Future, carrying_out, reaching
from .heralds import Herald
from .notices import Way
from .playback import captioned
from .rehearsal import Rehearsal
from .selection import Kind, Selection
from .timekeeping import Timekeeping

T = TypeVar("T")

RETURNING: Final = Way("other_future", "returns to it")


class Session(Timekeeping):
    """A run being watched and worked on.

    Attributes:
        run: The run on the screen.
        futures: The latest runs left behind by forking or running anew, oldest first.
        forks: How many forks led to the present run.
        captioned: Whether anything is ever said in it.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        overrides: Mapping[str, object] | None = None,
        commands: Sequence[Timed] = (),
        speed: float = 1.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare the run; nothing has happened yet.

        Args:
            scenario: What to run.
            seed: The seed; None: the scenario's.
            overrides: Settings given on top of the scenario's.
            commands: What is done as if by hand, at its time.
            speed: Playback speed; 1 is real time.
            clock: Wall-clock seconds; a test gives its own.

        Raises:
            BadInput: If a setting, step or command cannot be used.
        """
        self.futures: list[Future] = []
        self.forks = 0
        super().__init__(speed, clock)
        self._rehearsal = Rehearsal()
        self._show(Run(scenario, seed=seed, overrides=overrides, commands=commands))
        self.run.advance(0.0)
        consumers = [actor.name for actor in self.run.view().actors if actor.kind == "consumer"]
        if consumers:
            self.selected = consumers[0]
            self.selection = Selection(Kind.ACTOR, self.selected)

    def beside(self, run: Run) -> Session:
        """Return a session of another run, to be shown beside this one."""
        twin = Session(run.scenario, seed=run.seed, overrides=run.overrides, clock=self.clock)
        twin.adopt(run)
        twin.selected, twin.selection = self.selected, self.selection
        return twin

    def adopt(self, run: Run) -> None:
        """Put a run that was prepared elsewhere in the place of the present one."""
        self._show(run)
        self.reselect()

    def _show(self, run: Run, framer: Framer | None = None) -> None:
        self.run = run
        self.captioned = captioned(run)
        self._plan = self._rehearsal.of(run)
        self._framer = framer or Framer(run, self._plan)
        self._herald = Herald(run)
        self._foresight = Foresight(run)
        self._moved()

    # --- what a person does ---------------------------------------------------------------

    def do(self, command: Command, then: Callable[[], object] | None = None) -> None:
        """Carry out a command at the playhead; in the past, fork first and keep the old future.

        Args:
            command: What is done.
            then: Is called once it has been done; None: nothing is.

        Raises:
            BadInput: If it turns out at once that it names something unknown or does not apply;
                nothing has changed then.
        """
        what = format_command(command)
        self.work_on(what, carrying_out(command), lambda _: then() if then else None)

    def work_on(
        self,
        what: str,
        work: Callable[[Run], Generator[float, None, T]],
        then: Callable[[T], object],
    ) -> None:
        """Do several things at the playhead; in the past, in one fork.

        Given up on the way, a fork leaves no trace, and what was done at the frontier stays done.

        Args:
            what: What it is, as it is told while it lasts.
            work: Does it to a run, a little between two of its shares from 0 to 1.
            then: Is called with what came of it.

        Raises:
            BadInput: If it turns out at once that it cannot be done.
        """

        def done(came: T) -> None:
            self.captioned = captioned(self.run)
            then(came)

        if self._at_frontier():
            self._moved()
            self.set_out(Errand(what, work(self.run), done, deed=True))
        else:
            self._fork_and(work, done)

    def _at_frontier(self) -> bool:
        """Return whether something can be done without a fork, after all else of the instant.

        Raises:
            BadInput: If nothing can be done now.
        """
        self.hold_off()
        run = self.run
        if run.now < run.frontier:
            return False
        if run.stalled:
            raise BadInput("the run has stalled here; go back, or run it anew")
        run.advance(run.now)
        return True

    def _fork_and(
        self,
        work: Callable[[Run], Generator[float, None, T]],
        then: Callable[[T], object],
    ) -> None:
        run = self.run
        twin = run.branch()
        framer = Framer(twin, self._plan)
        when = format_duration(round(run.now, 3))

        def forked(came: T) -> None:
            self._keep()
            self.forks += 1
            self._show(twin, framer)
            self.tell(f"Forked at {when}: the future you had is kept.", ways=(RETURNING,))
            then(came)

        way = reaching(twin, framer, run.now, work)
        self.set_out(Errand(f"forking at {when}", way, forked, deed=True))

    def _keep(self) -> None:
        self.futures.append(Future(self.run, self._framer, self.forks))
        del self.futures[:-MOST]

    def rerun(self, seed: int | None = None) -> None:
        """Start the scenario anew, without what was done by hand; the old run is kept.

        Args:
            seed: The seed; None: the same again.
        """
        run = self.run
        anew = Run(run.scenario, seed=run.seed if seed is None else seed, overrides=run.overrides)
        self._keep()
        self.forks = 0
        self._show(anew)
        anew.advance(0.0)
        self.reselect()
        kept = " What you did is kept." if run.commands else ""
        self.tell(
            f"Run anew with seed {anew.seed}.{kept}", ways=(RETURNING,) if run.commands else ()
        )

    def new_seed(self) -> None:
        """Start the scenario anew with the next seed, settings kept."""
        self.rerun((self.run.seed + 1) % 2**63)

    def other_future(self, index: int = -1) -> None:
        """Go to a run left behind, the last one by default; the present one takes its place."""
        if not self.futures:
            self.tell("There is no other future yet: go back and do something to make one.")
            return
        left = self.futures[index]
        self.futures[index] = Future(self.run, self._framer, self.forks)
        self.forks = left.forks
        self.playing = False
        self._show(left.run, left.framer)
        self.reselect()
        self.tell(f"The future you left: {left.where}, {left.done}.")

    def longer(self) -> None:
        """Let the scenario last as long again as it has been planned for.

        Raises:
            BadInput: If something takes its time, which counts on when the scenario ends.
        """
        self.hold_off()
        run = self.run
        # A file states its duration, so a saved scenario carries the longer one too.
        run.scenario = replace(run.scenario, duration=run.duration * 2)
        self.tell(f"The scenario now lasts {format_duration(run.duration)}.")

    # --- what it looks like ---------------------------------------------------------------

    def frame(self, panes: Collection[str] = ()) -> LabFrame:
        """Return the frozen picture of this moment.

        Args:
            panes: Names of the panes in sight; what only a hidden one shows is not worked out.
        """
        self.notices += self._herald.news()
        picture = self.run.picture
        return self._framer.frame(
            speed=self.playback.speed,
            playing=self.playing,
            forks=self.forks,
            selected=self.selected,
            selection=self.selection,
            panes=panes,
            wall=self.clock(),
            lecture=self.lecture.on,
            answered=self.lecture.answered(picture.caption_at, picture.caption),
            underway=self.underway,
        )
