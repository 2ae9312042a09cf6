"""What can go wrong here, for whom, and when: the rows and the form of the fault menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Final

from mailrail.selection import NOTHING, Kind, Selection
from mailrail_patterns.commands import ANYBODY, CrashPoint, Inject
from mailrail_patterns.declaration import AnyPattern, Fault
from mailrail_patterns.names import BadInput
from mailrail_patterns.views import ActorView, View

from ..actions import LAB, Act
from ..keymap import key_of
from .form import Field, Values
from .menu import Choice

POINTS: Final = {
    CrashPoint.K1: "before it asks for a message: it holds nothing, nothing is lost",
    CrashPoint.K2: "it has the message and has done nothing: the lock runs out, the work is late",
    CrashPoint.K3: "the effect is applied and nobody knows: it will be applied again",
    CrashPoint.K4: "what follows is sent, the change is not made: word of what never was",
    CrashPoint.K5: "all is done but the acknowledgement: all of it is done again",
    CrashPoint.K6: "the message is settled: nothing is lost",
}
"""Where a handler is at each crash point; after the colon, what dying there means."""

GONE: Final = frozenset({"crashed", "halted", "stopped"})
"""The states in which nobody runs an actor's handler."""

WHEN: Final = "when"
PASSER: Final = "passed by"
NOW: Final = "now"


Points = Callable[[str], Sequence[CrashPoint]]
"""Says which crash points an actor passes, or, asked for :data:`ANYBODY`, somebody does."""


def choices(
    pattern: AnyPattern,
    view: View,
    selected: str,
    points: Points,
    chosen: Selection = NOTHING,
    acts: Sequence[Act] = LAB,
) -> list[Choice]:
    """Return the rows: what can be healed, then what fits what is selected, then the rest.

    Args:
        pattern: Whose faults there are.
        view: The run as it stands.
        selected: The actor that keys act on.
        points: Who passes which crash points.
        chosen: What was selected last; a message or a queue comes before the actor.
        acts: What can be done on the screen, for the keys that do the same.
    """
    actor = next((each for each in view.actors if each.name == selected), None)
    runs = actor is not None and actor.state not in GONE
    fits = [f for f in pattern.faults if runs and actor is not None and _fits(f, actor)]
    mine = []
    if actor is not None:
        what = f"{actor.name}, {actor.state}"
        mine = _heading(what, [*_deaths(points, actor, acts), *_rows(fits)])
    rest = [f for f in pattern.faults if f not in fits and _can_strike(f, view)]
    message = chosen.name if chosen.kind is Kind.MESSAGE else ""
    queue = chosen.name if chosen.kind is Kind.QUEUE else ""
    letters = [fault for fault in rest if fault.target == "message"]
    of_message = _heading(
        f"{message}, or another message" if message else "A message",
        [*_rows(letters), *_cures(pattern, view)],
    )
    of_all = _heading(
        f"{queue}, as every queue: the network, the broker" if queue
        else "The network, the broker, all of them",
        _rows(fault for fault in rest if not fault.target),
    )  # fmt: skip
    groups = [mine, of_message, of_all]
    if message:
        groups = [of_message, mine, of_all]
    elif queue:
        groups = [of_all, of_message, mine]
    others = _rows(fault for fault in rest if fault.target not in ("", "message"))
    if points(ANYBODY):
        about = "Whoever gets to a crash point first dies."
        others.append(Choice("crash-any", "crash whoever …", about))
    return [
        *_heading("On now, or waiting: choose to heal", _on(pattern, view)),
        *chain.from_iterable(groups),
        *_heading("Somebody else", others),
    ]


def _heading(title: str, rows: Iterable[Choice]) -> list[Choice]:
    found = list(rows)
    return [Choice("", title), *found] if found else []


def _on(pattern: AnyPattern, view: View) -> list[Choice]:
    after = {fault.name: fault.after for fault in pattern.faults}
    rows = []
    for index, on in enumerate(view.faults):
        what = f"heal {on.name}" + (f" on {on.target}" if on.target else "")
        about = f"Every {on.role} fails on it. {after[on.name]}" if on.role else after[on.name]
        rows.append(Choice(f"heal {index}", what, about))
    for index, each in enumerate(view.pending):
        what = f"take back {each.name}" + (f" on {each.target}" if each.target else "")
        how_often = "once" if each.left == 1 else f"{each.left} times"
        about = f"It waits to strike {how_often}; then it would not happen."
        if not each.target and any(on.name == each.name for on in view.faults):
            about += " What it has struck is healed too."
        rows.append(Choice(f"take-back {index}", what, about))
    for index, armed in enumerate(view.armed):
        on_whom = "" if armed.target in ("", ANYBODY, armed.passer) else f" on {armed.target}"
        who = armed.passer or "whoever passes first"
        about = f"It waits for {who} at {armed.point}; then it would not happen."
        rows.append(Choice(f"disarm {index}", f"take back {armed.name}{on_whom}", about))
    return rows


def _cures(pattern: AnyPattern, view: View) -> list[Choice]:
    """Return what heals the messages that the scenario makes poison."""
    after = {fault.name: fault.after for fault in pattern.faults}
    return [
        Choice(f"cure {index}", f"heal {fault} on {message}", f"The scenario's own. {after[fault]}")
        for index, (fault, message) in enumerate(view.poison)
    ]


def _fits(fault: Fault, actor: ActorView) -> bool:
    return fault.concerns(actor.kind, actor.role)


def _can_strike(fault: Fault, view: View) -> bool:
    """Return whether a fault has somebody to strike: who is gone is neither slow nor cut off."""
    concerned = [actor for actor in view.actors if _fits(fault, actor)]
    return not concerned or any(actor.state not in GONE for actor in concerned)


def _deaths(points: Points, actor: ActorView, acts: Sequence[Act]) -> list[Choice]:
    """Return what can befall any process, whatever the pattern."""

    def row(action: str, label: str, about: str) -> Choice:
        return Choice(action, label, about, key_of(acts, action))

    if actor.state in GONE:
        return [row("restart", "restart", "It starts again, from durable state only.")]
    freeze = row("freeze", "freeze", "It hangs: its locks go on ageing, it knows nothing.")
    if actor.state == "paused":
        freeze = row("freeze", "run on", "It runs on, unaware of the time that has passed.")
    rows = [row("crash", "crash", "It dies now: no cleanup, no lock released.")]
    if points(actor.name):
        rows.append(row("crash_at", "crash at …", "It dies at a point of its handler."))
    return [*rows, freeze]


def _rows(faults: Iterable[Fault]) -> list[Choice]:
    return [Choice(fault.name, fault.name, fault.before) for fault in faults]


def fields(
    fault: Fault, view: View, selected: str, points: Points, message: str = ""
) -> list[Field]:
    """Return what a fault needs to be told, filled in for what is selected where that fits."""
    actor = next((each for each in view.actors if each.name == selected), None)
    armable = points(ANYBODY)
    found = []
    if fault.target == "message":
        held = f"; {actor.name} has {actor.message}" if actor is not None and actor.message else ""
        found.append(Field(fault.target, message, f"empty: the next one{held}"))
    elif fault.target:
        mine = selected if actor is not None and _fits(fault, actor) else ""
        whoever = f"; {ANYBODY}: whoever passes" if armable else ""
        found.append(Field(fault.target, mine, f"empty: all{whoever}"))
    if fault.amount:
        found.append(Field(fault.amount, fault.default))
    if not armable:
        return found
    where = (f"{point.name} {point.value}" for point in armable)
    found.append(Field(WHEN, NOW, choices=(NOW, *where)))
    if fault.target in ("", "message"):
        mine = selected if actor is not None and points(selected) else ""
        found.append(Field(PASSER, mine, "empty: whoever passes first", beside=WHEN))
    return found


def command(fault: Fault, values: Values) -> Inject:
    """Return what a form asks for.

    Raises:
        BadInput: If it cannot be.
    """
    point = values.get(WHEN, NOW).partition(" ")[0]
    at = None if point == NOW else CrashPoint[point]
    amount = values.get(fault.amount, "") if fault.amount else ""
    target = values.get(fault.target, "") if fault.target else ""
    if at is None and target == ANYBODY:
        raise BadInput(f"{ANYBODY} is whoever passes a crash point; choose one")
    passer = values.get(PASSER, "") if at is not None else ""
    return Inject(fault.name, target, amount, at, "" if passer == ANYBODY else passer)


def forecast(fault: Fault, values: Values) -> str:
    """Return what will happen, in words."""
    point = values.get(WHEN, NOW).partition(" ")[0]
    if point == NOW:
        return fault.before
    target = values.get(fault.target, "") if fault.target else ""
    named = values.get(PASSER, target if fault.target not in ("", "message") else "")
    who = named if named not in ("", ANYBODY) else "whoever is first"
    where = POINTS[CrashPoint[point]].partition(":")[0]
    return f"Once {who} passes {values[WHEN]} ({where}): {fault.before}"
