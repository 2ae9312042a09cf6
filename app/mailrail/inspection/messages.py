"""The sheet of a message: where it is, what happened to it, why, and what came of it."""

from __future__ import annotations

from typing import Final

from mailrail.selection import Kind, Selection
from mailrail.sheet import SHOWN, Entry, Section, Sheet, facts, sections
from mailrail.wording import seconds
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.projections.queues import QueueFold
from mailrail_patterns.run import Run
from mailrail_patterns.views import MessageView

from .links import Tell, causes, consequences, happened
from .payloads import payload
from .threads import Threads

ENDS: Final = frozenset(
    {kind.COMPLETED, kind.EXPIRED, kind.DROPPED, kind.DEAD_LETTERED, kind.SHELVED}
)
"""What a message comes to in the end."""


def whereabouts(run: Run, name: str) -> list[tuple[QueueFold, MessageView]]:
    """Return where a message that is not finished is, in each queue that has a copy of it."""
    return [
        (fold, found)
        for fold in run.picture.queues.queues.values()
        if (found := fold.find(name)) is not None
    ]


def standing(message: MessageView, now: float, lock: float = 0.0) -> Entry:
    """Return in which state a message is, with what is left of its lock or its delay."""
    left = message.until - now
    if message.stage == "locked" and message.until:
        share = max(0.0, min(1.0, left / lock)) if lock > 0 else -1.0
        owner = Selection(Kind.ACTOR, message.owner)
        text = f"locked by {message.owner}, {seconds(round(max(0.0, left), 1))} left"
        return Entry(text, "state", "plain", owner, share)
    if message.stage == "locked":
        return Entry(f"with {message.owner}", "state", target=Selection(Kind.ACTOR, message.owner))
    if message.stage == "scheduled":
        return Entry(f"scheduled, due in {seconds(round(max(0.0, left), 1))}", "state")
    bad = message.stage in ("dead", "shelved")
    reason = f": {message.reason}" if message.reason else ""
    return Entry(f"{message.stage}{reason}", "state", "bad" if bad else "plain")


def message_sheet(run: Run, threads: Threads, tell: Tell, chosen: Selection) -> Sheet:
    """Tell everything about a message, up to the playhead; with a place only of the copy there."""
    name, place = chosen.name, chosen.place
    own = [
        event
        for event in threads.of_message(name, run.position, SHOWN)
        if place in ("", event.queue) or event.kind == kind.PUBLISHED
    ]
    first = threads.begins(name)
    if not own or first is None:
        return Sheet(chosen, f"message {name}", (
            Section("", (Entry("nothing has happened to it yet", "", "faint"),)),
        ))  # fmt: skip
    copies = [each for each in whereabouts(run, name) if place in ("", each[0].name)]
    told = _copy(*copies[0], run.now) if len(copies) == 1 else ()
    if not copies:
        ends = [event for event in own if event.kind in ENDS]
        told = facts(("state", (ends or own)[-1].kind.replace("_", " ")))
    journey = Entry("its journey as a sequence diagram", "enter", "note", chosen)
    return Sheet(chosen, f"message {name}", sections(
        ("", (*told, journey)),
        payload(run, name),
        ("copies", tuple(_brief(*each, run.now) for each in copies if len(copies) > 1)),
        ("what happened to it", happened(own, tell, run.position)),
        ("because", causes(run.events, first.n, tell)),
        ("and so", consequences(threads, own, tell, run.position, without=name)),
    ))  # fmt: skip


def _copy(fold: QueueFold, message: MessageView, now: float) -> tuple[Entry, ...]:
    limit = f" of {fold.limit}" if fold.limit else ""
    return facts(
        standing(message, now, fold.lock),
        Entry(fold.name, "queue", target=Selection(Kind.QUEUE, fold.name)),
        ("delivered", f"{message.delivery}{limit} times"),
        ("group", message.group),
        ("sender", message.sender),
        ("age", f"{now - message.since:.1f} s"),
    )


def _brief(fold: QueueFold, message: MessageView, now: float) -> Entry:
    state = standing(message, now, fold.lock)
    target = Selection(Kind.MESSAGE, message.name, fold.name)
    return Entry(state.text, fold.name, state.tone, target, state.left)
