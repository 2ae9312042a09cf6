"""One sitting in front of one scenario: the run, its playback, and everything a person can do.

It knows no screen: the lab calls :meth:`Session.tick` from its frame timer and draws
:meth:`Session.frame`; tests do the same with a clock of their own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from mailrail_patterns.commands import Command, Timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario

from .frames import LabFrame
from .framing import Framer
from .futures import MOST, Future
from .heralds import Herald
from .lecture import ANSWER, Lecture
from .notices import Notice, Tone
from .playback import GRID, Playback, next_stop, search
from .rehearsal import Rehearsal
from .selection import Kind, Selecting, Selection

BUDGET: Final = 0.025
"""Wall-clock seconds the engine may take in one frame."""

CHUNK: Final = 500
"""Steps of the engine between two looks at the clock."""


class Session(Selecting):
    """A run being watched and worked on.

    Attributes:
        run: The run on the screen.
        futures: The latest runs left behind by forking or running anew, oldest first.
        forks: How many forks led to the present run.
        playing: Whether time passes.
        clock: Wall-clock seconds.
        playback: Speed, and the way from wall-clock time to virtual time.
        seeking: Where the playhead is still on its way to, in seconds; None: nowhere.
        notices: What the person has not been told yet; the screen takes them out.
        lecture: Whether and how it is presented to an audience.
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
        self.playing = False
        self.playback = Playback(speed)
        super().__init__()
        self.seeking: float | None = None
        self.notices: list[Notice] = []
        self.lecture = Lecture()
        self.clock = clock
        self._unopened = True
        self._rehearsal = Rehearsal()
        self._show(Run(scenario, seed=seed, overrides=overrides, commands=commands))
        self.run.advance(0.0)
        consumers = [actor.name for actor in self.run.view().actors if actor.kind == "consumer"]
        if consumers:
            self.selected = consumers[0]
            self.selection = Selection(Kind.ACTOR, self.selected)

    def beside(self, run: Run) -> Session:
        """Return a session of another run, to be shown beside this one."""
        twin = Session(run.scenario, clock=self.clock)
        twin.adopt(run)
        twin.selected, twin.selection = self.selected, self.selection
        return twin

    def adopt(self, run: Run) -> None:
        """Put a run that was prepared elsewhere in the place of the present one."""
        self._show(run)
        self.reselect()

    def _show(self, run: Run, framer: Framer | None = None) -> None:
        self.run = run
        self._framer = framer or Framer(run, self._rehearsal.of(run))
        self._herald = Herald(run)
        self._moved()

    def tell(self, text: str, tone: Tone = "information") -> None:
        """Leave something to be told to the person."""
        self.notices.append(Notice(text, tone))

    # --- time -----------------------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether anything moves; while it is False no timer needs to run."""
        return self.playing or self.seeking is not None

    @property
    def ended(self) -> bool:
        """Whether the playhead is at the end of the scenario."""
        return self.run.now >= self.run.duration

    def play(self) -> None:
        """Let time pass; from the end, from the start again."""
        if self.run.stalled and not self.run.rewound:
            self._say_stalled()
            return
        again = self.ended
        opening, self._unopened = self._unopened or again, False
        # Who goes from caption to caption has the first one on the screen already.
        if again:
            self._begin()
        elif opening and not self.lecture.stops_at_captions:
            self._moved()
            self._stop_at_start()
        else:
            self._moved()
            self.playing = True

    def _begin(self) -> None:
        """Play from the start, unless a stop is planned there."""
        self.seek(0.0)
        self._stop_at_start()

    def _stop_at_start(self) -> None:
        wait = next_stop(self.run, -1.0, captions=self.lecture.stops_at_captions)
        self.playing = wait is None or wait[0] != self.run.now
        if wait is not None and not self.playing:
            self._break(wait[1])

    def reveal(self) -> bool:
        """Show the answer to the question on the screen; False if there is none to show."""
        picture = self.run.picture
        return self.lecture.reveal(picture.caption_at, picture.caption)

    def _break(self, text: str) -> None:
        self.lecture.once = False
        if not self.lecture.on:
            self.tell(f"{text.partition(ANSWER)[0].strip() or 'A break.'} (space goes on)")

    def pause(self) -> None:
        """Hold time."""
        self.playing = False
        self._moved()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
            if not self.run.rewound:  # it stopped amid a millisecond if there was much to do
                self._advance(math.ceil(self.run.now * GRID - 1e-6) / GRID)
        else:
            self.play()

    def tick(self, delta: float) -> bool:
        """Let ``delta`` wall-clock seconds pass.

        Returns:
            Whether anything may look different now.
        """
        if self.seeking is not None:
            if self._advance(self.seeking) or self.run.stalled:
                self.seeking = None
            return True
        if not self.playing:
            return False
        run = self.run
        target = min(self.playback.target(run.now, delta), run.duration)
        wait = next_stop(run, run.now, captions=self.lecture.stops_at_captions)
        if wait is not None and wait[0] <= target:
            target = wait[0]
        else:
            wait = None
        if not self._advance(target):
            self.playback.forget()  # too much for one frame: time runs slower, nothing freezes
        elif wait is not None:
            self.pause()
            self._break(wait[1])
        elif self.ended and self.lecture.loop:
            self._begin()
        elif self.ended:
            self.pause()
            self.tell(
                f"The end, {format_duration(run.duration)}. Space plays it again; "
                "R runs it anew; L makes it longer."
            )
        return True

    def _advance(self, until: float) -> bool:
        """Advance until arrived, out of time for this frame, or stalled."""
        deadline = self.clock() + BUDGET
        while not self.run.advance(until, CHUNK):
            if self.run.stalled:
                self.playing = False
                self._say_stalled()
                return False
            if self.clock() >= deadline:
                return False
        return True

    def _say_stalled(self) -> None:
        self.tell(
            f"The run was given up at {format_duration(self.run.frontier)}: one instant would "
            "not end. Go back and do something else, or run it anew.",
            "error",
        )

    def _moved(self) -> None:
        self.seeking = None
        self.playback.forget()

    def forward(self) -> None:
        """Pause and go one event forward, never beyond the end of the scenario."""
        self.pause()
        run = self.run
        if not self._more():
            self.tell("Nothing more happens before the end." if not run.stalled else "Stalled.")
            return
        run.seek_event(run.position + 1)

    def _more(self) -> bool:
        """Make sure that there is an event after the playhead."""
        run = self.run
        wanted = run.position
        while len(run.events) == wanted:
            if run.advance(run.duration, 1) or run.stalled:
                return len(run.events) > wanted
        run.seek_event(wanted)
        return True

    def back(self) -> None:
        """Pause and go one event back."""
        self.pause()
        self.run.back()

    def jump(self, seconds: float) -> None:
        """Move the playhead by so many seconds; playing goes on."""
        self.seek(self.run.now + seconds)

    def seek(self, time: float) -> None:
        """Move the playhead to an instant in seconds, within the scenario's duration."""
        self._moved()
        time = min(max(0.0, time), self.run.duration)
        self.lecture.went_to(time)
        if time < self.run.frontier:
            self.run.seek(time)
        elif not self._advance(time) and not self.run.stalled:
            self.seeking = time

    def seek_event(self, number: int) -> None:
        """Pause at the event of that number."""
        self.pause()
        self.run.seek_event(number)

    def seek_mark(self, step: int, kinds: frozenset[str] = frozenset()) -> bool:
        """Pause at the next mark (``step`` 1) or the one before (``step`` -1).

        Args:
            step: 1 or -1.
            kinds: Kinds of mark to look for; empty: any.

        Returns:
            Whether there was one.
        """
        self.pause()
        self._framer.read()
        here = self.run.position
        marks = [m.n for m in self._framer.marks if not kinds or m.kind in kinds]
        found = [n for n in marks if n > here] if step > 0 else [n for n in marks if n < here][::-1]
        if not found and step > 0:
            found = search(self.run, self._framer, kinds)
        if found:
            self.run.seek_event(found[0])
            return True
        what = "or ".join(sorted(kinds)) or "mark"
        self.tell(f"No {what} after this." if step > 0 else f"No {what} before this.")
        return False

    # --- what a person does ---------------------------------------------------------------

    def do(self, command: Command) -> None:
        """Carry out a command at the playhead; in the past, fork first and keep the old future.

        Raises:
            BadInput: If it names something unknown or does not apply; nothing has changed then.
        """
        run = self.run
        if run.now < run.frontier:
            self._fork_and(command)
        else:
            if run.stalled:
                raise BadInput("the run was given up here; go back, or run it anew")
            run.advance(run.now)
            run.do(command)
        self._moved()

    def _fork_and(self, command: Command) -> None:
        twin = self.run.fork()
        twin.do(command)
        self._keep()
        self.forks += 1
        self._show(twin)
        self.tell(
            f"Forked at {format_duration(twin.now)}: the future you had is kept; U returns to it."
        )

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
        kept = " What you did is kept; U returns to it." if run.commands else ""
        self.tell(f"Run anew with seed {anew.seed}.{kept}")

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
        """Let the scenario last as long again as it has been planned for."""
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
        )
