"""The sheet of an event: the chain that led to it, back to its root, and what followed."""

from __future__ import annotations

from mailrail.selection import Kind, Selection
from mailrail.sheet import Entry, Section, Sheet, facts, sections
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.run import Run

from .links import Tell, causes, consequences, happened
from .threads import Threads, concerned


def event_sheet(run: Run, threads: Threads, tell: Tell, chosen: Selection) -> Sheet:
    """Tell why an event happened and what it led to, the future that is known included."""
    number = int(chosen.name)
    if not 0 < number <= len(run.events):
        told = Section("", (Entry("it has not happened in this future", "", "faint"),))
        return Sheet(chosen, f"event {number}", (told,))
    event = run.events[number - 1]
    row = tell(event)
    about: Entry | None = None
    if event.kind == kind.STATE:
        target = Selection(Kind.ROW, event.message, event.queue)
        about = Entry(f"{event.queue}/{event.message}", "row", target=target)
    elif message := concerned(event):
        about = Entry(message, "message", target=Selection(Kind.MESSAGE, message))
    actor = Entry(event.actor, "actor", target=Selection(Kind.ACTOR, event.actor))
    queue = Entry(event.queue, "queue", target=Selection(Kind.QUEUE, event.queue))
    known = event.queue in run.picture.queues.queues
    because = causes(run.events, number, tell)
    return Sheet(chosen, f"event {number}, {event.kind.replace('_', ' ')}", sections(
        ("", facts(
            Entry(event.kind if row is None else row.text, f"{event.t:.2f}",
                  "plain" if row is None else row.tone),
            about,
            actor if event.actor else None,
            queue if known else None,
            Entry("go to this instant", "enter", "note", chosen),
        )),
        ("gone wrong by then", happened(threads.troubles(number), tell, number)),
        ("because", because or (Entry("nothing: it is a root", "", "faint"),)),
        ("and so", consequences(threads, (event,), tell, run.position)
         or (Entry("nothing, so far", "", "faint"),)),
    ))  # fmt: skip
