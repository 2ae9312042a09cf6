"""The sheet of an actor: what it holds, what it was given, and where its coroutine waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.code import CodeView
from mailrail.selection import Kind, Selection
from mailrail.sheet import SHOWN, Entry, Section, Sheet, facts, sections
from mailrail.wording import seconds
from mailrail_patterns.kernel.events import DELIVERED, Event
from mailrail_patterns.port import Phase
from mailrail_patterns.run import Run
from mailrail_patterns.views import ActorView

from .links import Tell, happened
from .messages import whereabouts

LATELY: Final = 12
"""Deeds of an actor that are told."""

LOOKED: Final = 2_000
"""Events that are looked through for them, backwards from the playhead."""

_WHERE: Final = {"crashed": "died at", "stopped": "left at"}
"""What its place in the source is called in a state in which it does not wait there."""


def actor_sheet(run: Run, tell: Tell, chosen: Selection, code: CodeView) -> Sheet:
    """Tell what an actor is, has and does."""
    fold = run.picture.actors.actors.get(chosen.name)
    if fold is None:
        told = Section("", (Entry("there is no such actor here", "", "faint"),))
        return Sheet(chosen, chosen.name or "nobody is selected", (told,))
    now, actor = run.now, fold.view(run.now)
    role = next((each for each in run.pattern.roles if each.name == actor.role), None)
    times = f" {actor.incarnation - 1} times" if actor.incarnation > 2 else ""
    again = f", restarted{times}" if actor.incarnation > 1 else ""
    state = f"{actor.state} for {seconds(round(now - actor.since, 1))}{again}"
    bad = actor.state in ("crashed", "halted", "paused", "blocked")
    locks = list(fold.locks.items())
    holds = [_held(run, actor.name, name, until) for name, until in locks[:SHOWN]]
    if len(locks) > SHOWN:
        holds.append(Entry(f"and {len(locks) - SHOWN} more", "", "faint"))
    lately = _lately(run, actor.name)
    has = (
        (f"holds ({len(locks)})", tuple(holds)),
        (_WHERE.get(actor.state, "waits at"), _places(code)),  # of the dead the first question
    )
    return Sheet(chosen, actor.name, sections(
        ("", facts(
            Entry(state, "state", "warn" if bad else "plain"),
            _work(actor, now),
            ("role", f"{actor.role}: {role.about}" if role else actor.role),
            ("done", f"{actor.done}" if actor.kind == "consumer" else ""),
            ("busy", _busy(actor)),
            ("sent", f"{actor.sent}" if actor.sent else ""),
            ("slowed", f"×{actor.slow:g}" if actor.slow != 1 else ""),
            Entry(f"dies at {actor.armed}", "armed", "warn") if actor.armed else None,
        )),
        *(has[::-1] if actor.state in _WHERE else has),
        ("queues", _queues(run, actor, role.queue if role else "", lately)),
        ("was given", _given(run, actor)),
        ("lately", happened(lately, tell, run.position)),
    ))  # fmt: skip


def _busy(actor: ActorView) -> str:
    """Say how much of its life a consumer has spent working; lives before a restart count."""
    if actor.kind != "consumer" or actor.lived <= 0:
        return ""
    return f"{actor.busy:.1f} of {actor.lived:.1f} s, {actor.busy / actor.lived:.0%}"


def _work(actor: ActorView, now: float) -> Entry | None:
    if not actor.message:
        return None
    text = f"{actor.message} #{actor.delivery}"
    share = -1.0
    if actor.takes > 0:
        spent = min(now - actor.began, actor.takes)
        text += f", {spent:.1f} of {seconds(actor.takes)}"
        share = 1 - spent / actor.takes
    target = Selection(Kind.MESSAGE, actor.message)
    word = "worked on" if actor.state in _WHERE else "works on"
    return Entry(text, word, "plain", target, share if actor.state == "working" else -1.0)


def _held(run: Run, actor: str, name: str, until: float) -> Entry:
    left = max(0.0, until - run.now)
    held = [each for each in whereabouts(run, name) if each[1].owner == actor]
    share, count, place = -1.0, "", ""
    for fold, message in held[:1]:
        share = min(1.0, left / fold.lock) if fold.lock > 0 else -1.0
        count, place = f"#{message.delivery}, ", fold.name
    target = Selection(Kind.MESSAGE, name, place)
    return Entry(f"{count}lock {left:.1f} s left", name, "plain", target, share)


def _queues(run: Run, actor: ActorView, shared: str, lately: Sequence[Event]) -> tuple[Entry, ...]:
    """Tell the queue of its role, those it alone reads, and whatever it has received from lately.

    A queue is an actor's own if it has its name, or one that begins or ends with it.
    """
    folds, name = run.picture.queues.queues, actor.name
    own = [
        each for each in folds
        if each == name or each.startswith(f"{name}-") or each.endswith(f"-{name}")
    ]  # fmt: skip
    taken = [event.queue for event in lately if event.kind == DELIVERED]
    found = dict.fromkeys(each for each in (shared, *own, *taken) if each in folds)
    sends = actor.kind == "producer" and shared not in taken
    return tuple(
        Entry(
            f"{each}: {len(folds[each].ready)} ready, {len(folds[each].locked)} locked",
            "sends to" if sends and each == shared else "reads",
            target=Selection(Kind.QUEUE, each),
        )
        for each in found
    )


def _places(code: CodeView) -> tuple[Entry, ...]:
    if not code.places:
        return (Entry(code.why, "", "faint"),) if code.why else ()
    return tuple(
        Entry(f"{place.source.name}:{place.line} {place.text.strip()}", depth=depth)
        for depth, place in enumerate(code.places)
    )


def _given(run: Run, actor: ActorView) -> tuple[Entry, ...]:
    """Tell what it was spawned with, and what it takes from the settings instead."""
    options, settings = run.options(actor.name), run.picture.settings
    usual = {key: settings[key] for key in ("every", "count") if key in settings}
    told: dict[str, str] = {}
    role = next(role for role in run.pattern.roles if role.name == actor.role)
    if role.timed:
        own = role.serves or f"{role.name}_time"
        told["service"] = _or_usual(options.service, settings.get(own, settings.get("service")))
    elif actor.kind == "producer":
        phases = options.arrivals
        told["every"] = _or_usual(_rhythm(phases) if phases else None, usual.get("every"))
        told["count"] = _or_usual(options.count, usual.get("count"))
    for stream in options.streams:
        told[stream.tag] = f"every {_rhythm(stream.arrivals)}" if stream.arrivals else "as usual"
    return facts(*told.items(), *options.given)


def _rhythm(phases: Sequence[Phase]) -> str:
    return ", then ".join(
        f"{phase.every}" + (f" for {seconds(phase.lasts)}" if phase.lasts else "")
        for phase in phases
    )


def _or_usual(given: object, usual: str | None) -> str:
    if given is not None:
        return f"{given}"
    return f"{usual}, as the settings say" if usual else ""


def _lately(run: Run, name: str) -> list[Event]:
    found: list[Event] = []
    for index in range(run.position - 1, max(-1, run.position - 1 - LOOKED), -1):
        event = run.events[index]
        if event.actor == name:
            found.append(event)
            if len(found) == LATELY:
                break
    return found[::-1]
