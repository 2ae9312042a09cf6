"""The sheet of a queue: its rules, and its contents in order, peeked without consuming any."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from operator import attrgetter
from typing import Final

from mailrail.coupling import coupled
from mailrail.selection import Kind, Selection
from mailrail.sheet import SHOWN, Entry, Section, Sheet, facts, sections
from mailrail.wording import seconds
from mailrail_patterns.messages import Mode
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.convoy_scene import ConvoyScene
from mailrail_patterns.projections.fanout import FanOut
from mailrail_patterns.projections.queues import QueueFold
from mailrail_patterns.ranks import RANKS
from mailrail_patterns.run import Run
from mailrail_patterns.views import MessageView

from .messages import standing

CHOOSING: Final = ("aging", "share")
"""Policies by which a broker chooses by more than what lies in the queue."""


def queue_sheet(run: Run, chosen: Selection) -> Sheet:
    """Tell what is in a queue, next to be delivered first. Nothing is taken and no event made."""
    fold = run.picture.queues.queues.get(chosen.name)
    if fold is None:
        told = Section("", (Entry("there is no such queue yet", "", "faint"),))
        return Sheet(chosen, f"queue {chosen.name}", (told,))
    now, oldest = run.now, fold.ready.oldest()
    scene = run.picture.own.scene(now)
    bound = "" if fold.capacity is None else f" of {fold.capacity}"
    limit = f"{fold.limit}, then {fold.rules.at_limit.value}" if fold.limit else "no limit"
    lock = f"{seconds(fold.lock)}{'' if fold.rules.renewable else ', not renewable'}"
    if not fold.lock or fold.mode == Mode.RECEIVE_AND_DELETE.value:
        lock = "none: received is gone"
    return Sheet(chosen, f"queue {fold.name}", sections(
        ("", facts(
            ("ready", f"{len(fold.ready)}{bound}"),
            ("oldest", "" if oldest is None else f"{now - oldest:.1f} s"),
            ("completed", f"{fold.completed}"),
            ("mode", fold.mode),
            ("lock", lock),
            ("deliveries", limit),
            ("time to live", "ends only what is next" if fold.at_head else ""),
            ("deferral", "" if fold.rules.defers else "none: what comes too early is given back"),
            ("its own", ", ".join(_terms(scene, fold.name))),
        )),
        _groups(scene, fold, now),
        *_heard(scene, fold.name),
        _listed("locked", fold, fold.locked.values(), now, len(fold.locked)),
        _listed(*_ready(run, fold), now, len(fold.ready)),
        _listed("set aside", fold, fold.aside.values(), now, len(fold.aside)),
        _listed("dead", fold, fold.dead.values(), now, len(fold.dead)),
        _listed("delivered no more", fold, fold.shelved.values(), now, len(fold.shelved)),
    ))  # fmt: skip


def _terms(scene: object, name: str) -> Iterable[str]:
    """Return what a subscription says of its own copies; nothing: it is none, or as all others."""
    lines = scene.lines if isinstance(scene, FanOut) else ()
    return next((line.terms for line in lines if line.name == name), ())


def _heard(scene: object, name: str) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Tell what a service hears and who else does; then of every event whom it couples."""
    if not isinstance(scene, ChoreographyScene) or not scene.choreographed:
        return ()
    hears, table = [], []
    for each in scene.coupling:
        tellers, hearers = coupled(each)
        told = f"{len(each.heard_by)}: {hearers}"
        if name in each.heard_by:
            hears.append(Entry(f"{each.event}: heard by {told}"))
        tone = "plain" if each.heard_by else "faint"
        table.append(Entry(f"{each.event}: {tellers} ▸ {told}", "", tone))
    return (f"hears ({len(hears)})", tuple(hears)), (f"who hears whom ({len(table)})", tuple(table))


def _groups(scene: object, fold: QueueFold, now: float) -> tuple[str, tuple[Entry, ...]]:
    """Tell how far each group of a convoy has come, and how fast."""
    if not isinstance(scene, ConvoyScene) or not fold.lanes:
        return "groups", ()
    lines = [
        Entry(f"{each.done} of {each.sent} done, {each.done / now:.2f}/s", each.group)
        for each in scene.progress
        if now
    ]
    return f"groups ({len(lines)})", tuple(lines[:SHOWN])


def _ready(run: Run, fold: QueueFold) -> tuple[str, QueueFold, Iterable[MessageView]]:
    """Return what is ready, next first where that can be told without asking the queue."""
    policy, ready = run.picture.settings.get("policy", ""), fold.ready.values()
    if policy in ("strict", "pools", "drain"):
        return "ready, next first", fold, sorted(ready, key=lambda m: -RANKS.get(m.group, 0))
    if policy in ("deadline", "shortest"):
        return "ready, next first", fold, sorted(ready, key=attrgetter("rank"))
    if policy in CHOOSING:
        return f"ready, first come first; {policy} may choose another", fold, ready
    return "ready, next first", fold, ready


def next_ready(run: Run, name: str) -> tuple[str, str]:
    """Return what a queue would deliver next at the playhead, without an event.

    Args:
        run: The run.
        name: The queue.

    Returns:
        The message, empty if none is ready; and why it may be another, which only the queue
        knows; empty: it is that one.
    """
    fold, policy = run.picture.queues.queues[name], run.picture.settings.get("policy", "")
    _, _, ready = _ready(run, fold)
    doubt = f"{policy} may choose another" if policy in CHOOSING else ""
    if fold.lanes:
        doubt = "a group that is held waits"
    return next((message.name for message in ready), ""), doubt


def _listed(
    title: str, fold: QueueFold, messages: Iterable[MessageView], now: float, count: int
) -> tuple[str, tuple[Entry, ...]]:
    lines = [_line(fold, message, now) for message in islice(messages, SHOWN)]
    if count > len(lines):
        lines.append(Entry(f"and {count - len(lines)} more", "", "faint"))
    return f"{title} ({count})", tuple(lines)


def _line(fold: QueueFold, message: MessageView, now: float) -> Entry:
    state = standing(message, now, fold.lock)
    text = state.text
    if message.stage == "ready":
        text = f"age {now - message.since:.1f} s"
    if message.delivery:
        text = f"#{message.delivery} {text}"
    if message.group:
        text = f"{text}, {message.group}"
    return Entry(
        text, message.name, state.tone, Selection(Kind.MESSAGE, message.name, fold.name),
        state.left,
    )  # fmt: skip
