"""Makes the frozen frames the lab draws, doing again only what has changed."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.projections.measures import Number
from mailrail_patterns.run import Run
from mailrail_patterns.views import MarkView

from .frames import LabFrame, LedgerRow, MetricRow
from .narration import mark, narrate

LEDGER: Final = 400
"""Narrated rows in one frame; no terminal shows more at once."""

REHASH: Final = 20_000
"""Most events hashed anew for the digest of a place in the past."""


def number_text(value: Number) -> str:
    """Write a metric's value; ``–`` where there is none yet."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value}"
    return f"{value:.3f}".rstrip("0").rstrip(".")


class Framer:
    """Builds the frames of one run.

    Attributes:
        marks: Everything worth finding on the timeline so far, in order.
    """

    def __init__(self, run: Run) -> None:
        """Start with nothing narrated."""
        self._run = run
        self._read = 0
        self._rows: list[LedgerRow] = []
        self._numbers: list[int] = []
        self.marks: tuple[MarkView, ...] = ()
        picture = run.picture
        self._about = {
            measure.name: measure for measure in (*picture.common.measures, *picture.own.measures)
        }
        self._ledger_at: tuple[int, int] = (-1, -1)
        self._ledger: tuple[LedgerRow, ...] = ()
        self._measured_at: tuple[int, float] = (-1, -1.0)
        self._metrics: tuple[MetricRow, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._digest = ""
        self._digest_at = -1
        self._digest_time = float("-inf")

    def read(self) -> None:
        """Narrate what has happened since the last call."""
        events = self._run.events
        found = []
        for index in range(self._read, len(events)):
            event = events[index]
            row = narrate(event)
            if row is not None:
                self._rows.append(row)
                self._numbers.append(event.n)
            here = mark(event)
            if here is not None:
                found.append(here)
        self._read = len(events)
        if found:
            self.marks = (*self.marks, *found)

    def frame(
        self, *, speed: float, playing: bool, forks: int, selected: str, wall: float
    ) -> LabFrame:
        """Return the picture at the playhead.

        Args:
            speed: Playback speed; 1 is real time.
            playing: Whether time passes.
            forks: How many forks led here.
            selected: Name of the selected actor.
            wall: Wall-clock seconds from any start, for what is not worked out every frame.
        """
        run = self._run
        self.read()
        self._measure()
        return LabFrame(
            view=run.view(),
            pattern=run.pattern.name,
            title=run.scenario.title or run.pattern.title,
            metrics=self._metrics,
            findings=self._findings,
            ledger=self._tail(),
            marks=self.marks,
            frontier=run.frontier,
            duration=run.duration,
            speed=speed,
            playing=playing,
            rewound=run.now < run.frontier,
            forks=forks,
            seed=run.seed,
            digest=self._hash(playing, wall),
            selected=selected,
        )

    def story(self, message: str) -> list[LedgerRow]:
        """Return the rows up to the playhead that concern one message, oldest first."""
        end = bisect_right(self._numbers, self._run.position)
        return [row for row in self._rows[:end] if row.message == message]

    def _tail(self) -> tuple[LedgerRow, ...]:
        end = bisect_right(self._numbers, self._run.position)
        if (end, len(self._rows)) != self._ledger_at:
            self._ledger = tuple(self._rows[max(0, end - LEDGER) : end])
            self._ledger_at = (end, len(self._rows))
        return self._ledger

    def _measure(self) -> None:
        run = self._run
        # Ages grow while nothing happens, so a tenth of a second counts as a change.
        here = (run.position, round(run.now, 1))
        if here == self._measured_at:
            return
        self._measured_at = here
        self._metrics = tuple(
            MetricRow(name, number_text(value), self._about[name].about, self._about[name].unit)
            for name, value in run.metrics().items()
        )
        self._findings = tuple(run.findings())

    def _hash(self, playing: bool, wall: float) -> str:
        run = self._run
        if run.position == self._digest_at:
            return self._digest
        if playing and wall - self._digest_time < 1.0:
            return self._digest
        self._digest_time = wall
        past = run.position < len(run.events)
        if past and (playing or run.position > REHASH):
            self._digest, self._digest_at = "", -1
        else:
            self._digest, self._digest_at = run.digest(), run.position
        return self._digest
