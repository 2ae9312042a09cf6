"""Makes the frozen frames the lab draws, doing again only what has changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.primer import primer
from mailrail_patterns.run import Run
from mailrail_patterns.views import MarkView

from .accounts import Accounts
from .frames import NO_PRIMER, LabFrame, LedgerRow, MetricRow
from .inspection.inspector import Inspector
from .measurements import amount, measures_of
from .narration import mark, narrate
from .rehearsal import Plan
from .selection import NOTHING, Kind, Selection
from .waiting import Waiting

LEDGER: Final = 400
"""Narrated rows in one frame; no terminal shows more at once."""

KEPT: Final = 8_000
"""Narrated rows kept, so that going to and fro tells nothing twice."""

FINEST: Final = 1000
"""Parts of the duration: of the marks of one kind within one part only the first is drawn."""

REHASH: Final = 20_000
"""Most events hashed anew for the digest of a place in the past."""


INSPECTOR, CODE, STORY = "inspector", "code", "story"
"""The panes for which more has to be worked out than for the others."""


class Framer:
    """Builds the frames of one run.

    Attributes:
        marks: Everything worth finding so far, in order; a frame shows the timeline fewer of
            them where they lie too close together to be told apart.
    """

    def __init__(self, run: Run, plan: Plan | None = None) -> None:
        """Start with nothing narrated.

        Args:
            run: The run.
            plan: How it goes if nobody interferes; None: nobody asks.
        """
        self._run = run
        self._plan = plan
        self._read = 0
        self._rows: dict[int, LedgerRow | None] = {}
        self.marks: list[MarkView] = []
        self._drawn: tuple[MarkView, ...] = ()
        self._places: set[tuple[str, int]] = set()
        self._about = measures_of(run)
        self._ledger_at = -1
        self._ledger: tuple[LedgerRow, ...] = ()
        self._measured_at: tuple[int, float] = (-1, -1.0)
        self._metrics: tuple[MetricRow, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._accounts = Accounts(run.events, self._row)
        self._digest = ""
        self._digest_at = -1
        self._digest_time = float("-inf")
        self._inspector = Inspector(run, self._row)
        self._waiting = Waiting(run)

    @property
    def seen(self) -> int:
        """How many events have been looked at for marks."""
        return self._read

    def read(self) -> None:
        """Find the marks in what has happened since the last call."""
        events = self._run.events
        drawn = []
        part = max(self._run.duration / FINEST, 1e-6)
        for index in range(self._read, len(events)):
            here = mark(events[index])
            if here is None:
                continue
            self.marks.append(here)
            place = (here.kind, int(here.t / part))
            if place not in self._places:
                self._places.add(place)
                drawn.append(here)
        self._read = len(events)
        if drawn:
            self._drawn = (*self._drawn, *drawn)

    def _row(self, event: Event) -> LedgerRow | None:
        try:
            return self._rows[event.n]
        except KeyError:
            if len(self._rows) >= KEPT:
                self._rows.clear()
            row = self._rows[event.n] = narrate(event, answers=False)
            return row

    def frame(
        self,
        *,
        speed: float,
        playing: bool,
        forks: int,
        selected: str,
        wall: float,
        lecture: bool = False,
        answered: bool = True,
        selection: Selection = NOTHING,
        panes: Collection[str] = (),
        underway: str = "",
    ) -> LabFrame:
        """Return the picture at the playhead.

        Args:
            speed: Playback speed; 1 is real time.
            playing: Whether time passes.
            forks: How many forks led here.
            selected: Name of the selected actor.
            wall: Wall-clock seconds from any start, for what is not worked out every frame.
            lecture: Whether it is presented to an audience.
            answered: Whether the answer to a question is shown.
            selection: What is selected.
            panes: Names of the panes in sight; what only a hidden one shows is not worked out.
            underway: What the person waits for; empty: nothing.
        """
        run, plan = self._run, self._plan
        self.read()
        self._measure()
        shows_code = CODE in panes or (INSPECTOR in panes and selection.kind is Kind.ACTOR)
        code = self._waiting.view(selected) if shows_code else None
        return LabFrame(
            view=run.view(),
            pattern=run.pattern.name,
            title=run.scenario.title or run.pattern.title,
            metrics=self._metrics,
            findings=self._findings,
            accounts=self._accounts.of(self._findings),
            ledger=self._tail(),
            marks=self._drawn,
            frontier=run.frontier,
            duration=run.duration,
            speed=speed,
            playing=playing,
            rewound=run.now < run.frontier,
            forks=forks,
            seed=run.seed,
            digest=self._hash(playing, wall),
            selected=selected,
            lecture=lecture,
            answered=answered,
            selection=selection,
            story=run.pattern.story if STORY in panes else None,
            primer=primer(run.pattern.name) if STORY in panes else NO_PRIMER,
            sheet=self._inspector.sheet(selection, code) if INSPECTOR in panes else None,
            code=code if CODE in panes else None,
            underway=underway,
            plans=() if plan is None else (plan.series,),
            foreseen=plan.share if plan is not None and plan.open else None,
            known_to=None if plan is None else plan.known_to,
        )

    def _tail(self) -> tuple[LedgerRow, ...]:
        """Narrate backwards from the playhead, only as much as is shown."""
        run = self._run
        here, before = run.position, self._ledger_at
        if here != before:
            goes_on = 0 <= before < here < before + LEDGER  # what was shown is still to be seen
            first = before if goes_on else 0
            found: list[LedgerRow] = []
            index = here
            while index > first and len(found) < LEDGER:
                index -= 1
                row = self._row(run.events[index])
                if row is not None:
                    found.append(row)
            found.reverse()
            self._ledger = (*self._ledger, *found)[-LEDGER:] if goes_on else tuple(found)
            self._ledger_at = here
        return self._ledger

    def _measure(self) -> None:
        run = self._run
        # Ages grow while nothing happens, so a tenth of a second counts as a change.
        here = (run.position, round(run.now, 1))
        if here == self._measured_at:
            return
        self._measured_at = here
        rows = []
        for name, value in run.metrics().items():
            measure = self._about[name]
            text, unit = amount(value, measure.unit)
            rows.append(MetricRow(name, text, measure.about, unit))
        self._metrics = tuple(rows)
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
