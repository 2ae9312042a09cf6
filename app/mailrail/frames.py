"""What the lab draws at one moment: frozen, complete, and free of the engine."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from mailrail_patterns.declaration import Story
from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.primer import Primer
from mailrail_patterns.views import MarkView, SeriesView, View

from .code import CodeView
from .selection import NOTHING, Selection
from .sheet import Sheet

NO_PRIMER = Primer()
"""What is told of words where no pane shows them."""


class LedgerRow(msgspec.Struct, frozen=True):
    """One narrated event.

    Attributes:
        n: Number of the event.
        t: When, in seconds.
        kind: Kind of the event.
        text: What happened, in plain English.
        tone: ``plain good warn bad note``: how it should look.
        actor: The actor concerned; empty: none.
        message: The message concerned; empty: none.
    """

    n: int
    t: float
    kind: str
    text: str
    tone: str
    actor: str = ""
    message: str = ""


class MetricRow(msgspec.Struct, frozen=True):
    """One metric, ready to be read.

    Attributes:
        name: Its name.
        value: Its value as text; ``–`` where there is none yet.
        about: What it is.
        unit: Its unit; may be empty.
    """

    name: str
    value: str
    about: str
    unit: str


class Account(msgspec.Struct, frozen=True):
    """How it came that a guarantee first broke.

    Attributes:
        guarantee: Its name.
        because: The last links of the causal chain, oldest first.
        earlier: How many links there are before them.
        wrong: The faults and crashes that bear on it and are no links of the chain.
    """

    guarantee: str
    because: tuple[LedgerRow, ...]
    earlier: int
    wrong: tuple[LedgerRow, ...]


class LabFrame(msgspec.Struct, frozen=True):
    """Everything on the lab screen at one moment.

    Attributes:
        view: The picture of the run at the playhead.
        pattern: The pattern's name.
        title: The scenario's title, or the pattern's.
        metrics: The metrics.
        findings: The guarantees and how they have fared.
        accounts: How it came that those broke that did.
        ledger: The latest narrated events at or before the playhead, oldest first.
        marks: Faults, commands, violations, dead letters and captions of the whole run so far.
        frontier: How far the engine has come, in seconds.
        duration: Planned length of the run, in seconds.
        speed: Playback speed; 1 is real time.
        playing: Whether time passes.
        rewound: Whether the playhead is behind the frontier.
        forks: How many forks led to this run.
        seed: The seed.
        digest: Digest up to the playhead as far as it is known, hexadecimal; may be empty.
        selected: The actor that the keys of actors act on; empty: none.
        lecture: Whether it is presented to an audience.
        answered: Whether the answer to a question is shown.
        selection: What is selected: that actor, or anything else.
        story: The pattern in words; None: no pane that tells it is in sight.
        primer: Its words and what to try with it; empty: likewise.
        sheet: Everything about what is selected; None: no pane that shows it is in sight.
        code: Where the selected actor's coroutine stands; None: likewise.
        plans: The measurements of the run as it goes if nobody interferes, as far as it has been
            looked at, for the scale of axes; those of both runs where two are compared.
        underway: What the person waits for, and how far that is; empty: nothing.
        foreseen: How much of it has been looked at, from 0 to 1; None: all that will be.
        known_to: Where that ends, in seconds, if the run is too long for more; None: at its end.
    """

    view: View
    pattern: str
    title: str
    metrics: tuple[MetricRow, ...]
    findings: tuple[Finding, ...]
    ledger: tuple[LedgerRow, ...]
    marks: tuple[MarkView, ...]
    frontier: float
    duration: float
    speed: float
    playing: bool
    rewound: bool
    forks: int
    seed: int
    digest: str
    selected: str
    accounts: tuple[Account, ...] = ()
    lecture: bool = False
    answered: bool = True
    selection: Selection = NOTHING
    story: Story | None = None
    primer: Primer = NO_PRIMER
    sheet: Sheet | None = None
    code: CodeView | None = None
    plans: tuple[SeriesView, ...] = ()
    foreseen: float | None = None
    known_to: float | None = None
    underway: str = ""


def on_one_scale(frame: LabFrame, beside: LabFrame) -> tuple[LabFrame, LabFrame]:
    """Return two frames whose axes are laid for both runs, or they could not be compared.

    What is known of both is what is known of the one less is known of.
    """
    plans = (*frame.plans, *beside.plans)
    shares = [each.foreseen for each in (frame, beside) if each.foreseen is not None]
    ends = [each.known_to for each in (frame, beside) if each.known_to is not None]
    foreseen, known_to = min(shares, default=None), min(ends, default=None)
    return (
        replace(frame, plans=plans, foreseen=foreseen, known_to=known_to),
        replace(beside, plans=plans, foreseen=foreseen, known_to=known_to),
    )
