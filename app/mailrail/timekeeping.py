"""What passing time means for one sitting: playing, seeking, stepping, going to a mark.

Whatever takes longer than a frame is done in slices, so that the screen stays alive.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from mailrail_patterns.kernel.events import Event
from mailrail_patterns.quantities import format_duration

from .arrival import to_event, to_instant
from .comparison import Comparison
from .errands import SLICE, Errand
from .foresight import Foresight
from .framing import Framer
from .lecture import ANSWER, Lecture
from .narration import mark
from .notices import Way
from .playback import GRID, Playback, next_stop
from .rehearsal import Plan
from .selection import Selecting
from .working import BUDGET, Working

ASIDE: Final = 0.004
"""Wall-clock seconds of a frame in which there is more to do that looking ahead may take."""

AT_THE_END: Final = (
    Way("play_pause", "plays it again"), Way("rerun", "runs it anew"),
    Way("longer", "makes it longer"),
)  # fmt: skip
"""What can be done where nothing more comes."""


class Timekeeping(Working, Selecting):
    """The part of a session that knows what time it is.

    Attributes:
        playing: Whether time passes, as soon as nothing else takes it.
        playback: Speed, and the way from wall-clock time to virtual time.
        lecture: Whether and how it is presented to an audience.
    """

    _framer: Framer
    _foresight: Foresight
    _plan: Plan

    def __init__(self, speed: float, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.playing = False
        self.playback = Playback(speed)
        self.lecture = Lecture()
        self._unopened = True

    @property
    def moving(self) -> bool:
        """Whether there is anything to do; while it is False no timer needs to run."""
        return self.playing or self.errand is not None or self._plan.open

    @property
    def ended(self) -> bool:
        """Whether the playhead is at the end of the scenario."""
        return self.run.now >= self.run.duration

    def play(self) -> None:
        """Let time pass; from the end, from the start again."""
        if self.run.stalled and not self.run.rewound:
            self._stall()
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
        if self.lecture.on:
            return
        picture = self.run.picture
        if text and text == picture.caption and picture.caption_at == self.run.now:
            told = ""  # what the break is for is read in the caption
        else:
            told = text.partition(ANSWER)[0].strip() or "A break."
        self.tell(told, ways=(Way("play_pause", "goes on"),))

    def pause(self) -> None:
        """Hold time."""
        self.playing = False
        self._moved()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
            if not self.run.rewound:  # it stopped amid a millisecond if there was much to do
                self._run_on(math.ceil(self.run.now * GRID - 1e-6) / GRID)
        else:
            self.play()

    def tick(self, delta: float) -> bool:
        """Let ``delta`` wall-clock seconds pass.

        Returns:
            Whether anything may look different now.
        """
        if self._plan.open:
            self.look_ahead(self._plan)
            self._pass(delta)
            return True
        return self._pass(delta)

    def look_ahead(self, ahead: Plan | Comparison) -> None:
        """Look further ahead, little while time passes or somebody waits for something else."""
        busy = self.playing or self.errand is not None
        deadline = self.clock() + (ASIDE if busy else BUDGET)
        while ahead.open:
            ahead.go_on(SLICE)
            if self.clock() >= deadline:
                return

    def _pass(self, delta: float) -> bool:
        if self.errand is not None:
            self.attempt(lambda: self._go_on(BUDGET))
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
            self.tell(f"The end, {format_duration(run.duration)}.", ways=AT_THE_END)
        return True

    def _advance(self, until: float) -> bool:
        """Advance until arrived, out of time for this frame, or stalled."""
        deadline = self.clock() + BUDGET
        while not self.run.advance(until, SLICE):
            if self.run.stalled:
                self._stall()
                return False
            if self.clock() >= deadline:
                return False
        return True

    def _run_on(self, time: float) -> None:
        """Go to an instant in seconds that is not behind the frontier."""

        def over(arrived: bool) -> None:
            if not arrived:
                self._stall()

        what = f"going to {format_duration(round(time, 3))}"
        # Told from the first frame on: whoever drags the playhead along does it again and again.
        self.set_out(Errand(what, to_instant(self.run, time), over), BUDGET)

    def _stall(self) -> None:
        """Hold time where the run has stalled, and tell why."""
        self.playing = False
        self.tell(
            f"The run stalled at {format_duration(self.run.frontier)}: an instant would not end. "
            "Go back and do something else, or run it anew.",
            "error",
        )

    def _moved(self) -> None:
        self._drop()
        self.playback.forget()

    def forward(self) -> None:
        """Pause and go one event forward, never beyond the end of the scenario."""
        self.pause()
        run = self.run
        if run.position < len(run.events):
            run.seek_event(run.position + 1)
        else:
            self._step_on(run.position + 1)

    def _step_on(self, number: int) -> None:
        """Run on to the event of a number, which is beyond all that have happened, or to the end.

        The run itself goes there: it is no further than to what is looked at next.
        """
        run = self.run

        def reached(_: None) -> None:
            if len(run.events) >= number:
                run.seek_event(number)
            elif run.stalled:
                self._stall()
            else:
                self.tell("Nothing more happens before the end.")

        self.set_out(Errand("going to what happens next", to_event(run, number), reached))

    def _seek_ahead(self, what: str, wanted: Callable[[Event], bool], nothing: str) -> None:
        """Go to the first event beyond the frontier that is wanted; without one, stay.

        Args:
            what: What is looked for, as it is told meanwhile.
            wanted: Whether it is that event.
            nothing: What is told if there is none.
        """
        run = self.run

        def found(number: int | None) -> None:
            if number is None:
                self.tell(nothing)
            else:
                way = to_event(run, number)
                self.go_on_with(Errand(f"going to {what}", way, lambda _: run.seek_event(number)))

        self.set_out(Errand(f"looking for {what}", self._foresight.find(wanted), found))

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
        else:
            self._run_on(time)

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
        run, here = self.run, self.run.position
        marks = [m.n for m in self._framer.marks if not kinds or m.kind in kinds]
        found = [n for n in marks if n > here] if step > 0 else [n for n in marks if n < here][::-1]
        what = " or ".join(sorted(kinds)) or "mark"

        def wanted(event: Event) -> bool:
            sort = mark(event)
            return sort is not None and (not kinds or sort.kind in kinds)

        if found:
            run.seek_event(found[0])
        elif step < 0:
            self.tell(f"No {what} before this.")
        else:
            self._seek_ahead(f"the next {what}", wanted, f"No {what} after this.")
        return run.position != here
