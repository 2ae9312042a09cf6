"""The sheet of a message: where it is, what happened to it, why, and what came of it."""

from __future__ import annotations

from mailrail.selection import Kind, Selection
from mailrail.sheet import SHOWN, Entry, Section, Sheet, facts, sections
from mailrail.wording import seconds
from mailrail_patterns.projections.queues import QueueFold
from mailrail_patterns.run import Run
from mailrail_patterns.views import MessageView

from .links import Tell, causes, consequences, happened
from .threads import Threads


def whereabouts(run: Run, name: str, queue: str = "") -> tuple[QueueFold, MessageView] | None:
    """Return a message that is not finished and the queue it is in; None if there is none."""
    for fold in run.picture.queues.queues.values():
        if queue in ("", fold.name) and (found := fold.find(name)) is not None:
            return fold, found
    return None


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
    """Tell everything about a message, up to the playhead."""
    name, now = chosen.name, run.now
    own = threads.of_message(name, run.position, SHOWN)
    first = threads.begins(name)
    if not own or first is None:
        return Sheet(chosen, f"message {name}", (
            Section("", (Entry("nothing has happened to it yet", "", "faint"),)),
        ))  # fmt: skip
    found = whereabouts(run, name, chosen.place) or whereabouts(run, name)
    last = own[-1]
    told: tuple[Entry | tuple[str, str] | None, ...]
    if found is None:
        told = (("state", f"finished: {last.kind.replace('_', ' ')}"),)
    else:
        fold, message = found
        limit = f" of {fold.limit}" if fold.limit else ""
        told = (
            standing(message, now, fold.lock),
            Entry(fold.name, "queue", target=Selection(Kind.QUEUE, fold.name)),
            ("delivered", f"{message.delivery}{limit} times"),
            ("group", message.group),
            ("sender", message.sender),
            ("age", f"{now - message.since:.1f} s"),
        )
    journey = Entry("its journey as a sequence diagram", "enter", "note", chosen)
    return Sheet(chosen, f"message {name}", sections(
        ("", (*facts(*told), journey)),
        ("what happened to it", happened(own, tell, run.position)),
        ("because", causes(run.events, first.n, tell)),
        ("and so", consequences(threads, own, tell, run.position, without=name)),
    ))  # fmt: skip
