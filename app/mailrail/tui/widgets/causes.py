"""The causation tree of a conversation, and the conversations that do not end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import role_of
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.conversations import ConversationView, EventView

from . import figures, glyphs
from .paper import Paper, whole
from .seniority import WHYS, open_orders
from .services import BACK, BAD, event_name

PASSIVE: Final = frozenset({"observer", "loyalty"})
"""Subscribers that tell nobody; what waits for them holds nothing up."""


DEEP: Final = 4
"""Hops of an order that takes its course."""
LATELY: Final = 6.0
"""How long ago a conversation may have gone on to be one that does, in seconds."""


class Twig(NamedTuple):
    """One line of the tree.

    Attributes:
        event: The event.
        stem: What is drawn before it.
    """

    event: EventView
    stem: str


def focus(frame: LabFrame, scene: ChoreographyScene) -> ConversationView | None:
    """Return the conversation most worth a look.

    That of what the selected actor works on; else one that is stuck; else one that goes on and
    on; else the oldest one whose order is open for more than half its deadline; else the latest.
    """
    conversations = scene.conversations
    if not conversations:
        return None
    chosen = next((a for a in frame.view.actors if a.name == frame.selected), None)
    if chosen is not None and chosen.message and chosen.role not in ("customer", "order"):
        name = chosen.message.partition("~")[0]
        for conversation in reversed(conversations):
            if any(event.id == name for event in conversation.events):
                return conversation
    named = {each.id: each for each in conversations}
    if scene.stuck and scene.stuck[0].conversation in named:
        return named[scene.stuck[0].conversation]
    now = frame.view.now
    for conversation in conversations:
        last = conversation.events[-1]
        if last.hop > DEEP and now - last.since < LATELY:
            return conversation
    for order, since in open_orders(frame):
        if order in named and now - since > scene.deadline / 2:
            return named[order]
    return conversations[-1]


def twigs(conversation: ConversationView, step: int = 2) -> list[Twig]:
    """Return the lines of a tree, each event below what it follows from, ``step`` columns in."""
    children: dict[str, list[EventView]] = {}
    for event in conversation.events:
        children.setdefault(event.parent, []).append(event)
    found: list[Twig] = []
    for event in children.get("", []):
        found.append(Twig(event, ""))
        found += _below(children, event, "", step)
    return found


def _below(
    children: Mapping[str, Sequence[EventView]], event: EventView, before: str, step: int
) -> Iterator[Twig]:
    below = children.get(event.id, ())
    for index, child in enumerate(below):
        last = index == len(below) - 1
        yield Twig(child, before + ("└ " if last else "├ ")[:step])
        yield from _below(children, child, before + ("  " if last else "│ ")[:step], step)


def pending(event: EventView, states: Mapping[str, str]) -> tuple[str, str]:
    """Return who has not taken an event yet, in words, and the ink; empty if everybody has."""
    for copy in event.taken:
        if copy.state == "dead":
            return f"{glyphs.DEAD} {copy.queue}: {copy.reason}", "dead"
    for copy in event.taken:
        if copy.state == "waiting" and copy.queue not in PASSIVE:
            matter = states.get(copy.queue, "")
            sign = glyphs.STATES["crashed"] if matter == "down" else "○"
            words = f"{sign} {copy.queue} {matter or 'waits'}"
            return words, "crashed+bold" if matter else "age"
    for copy in event.taken:
        if copy.state == "later" and copy.queue not in PASSIVE:
            return f"{glyphs.LATER} {copy.queue} later: due {figures.clock(copy.due)}s", "age"
    working = [c.queue for c in event.taken if c.state == "working" and c.queue not in PASSIVE]
    return (f"● {' '.join(working)}", "working") if working else ("", "")


def draw_tree(
    paper: Paper,
    x: int,
    y: int,
    end: int,
    rows: int,
    conversation: ConversationView,
    states: Mapping[str, str],
    now: float,
) -> int:
    """Draw a conversation; where room is short, its latest events.

    Returns:
        The row after it.
    """
    lines = twigs(conversation)
    if any(_least(twig, states) > end - x for twig in lines):
        lines = twigs(conversation, 1)
    hidden = max(0, len(lines) - rows)
    if hidden:
        lines = [lines[0], *lines[hidden + 2 :]] if rows > 2 else lines[-rows:]
        hidden += 1 if rows > 2 else 0
    for row, twig in enumerate(lines[:rows]):
        at = y + row
        if hidden and row == 1 and rows > 2:
            paper.fit(x, at, f"┊ {hidden} more", end - x, "faint")
            y += 1
            at += 1
        if at < y + rows:
            _line(paper, x, at, end, twig, states, now)
    return y + min(rows, len(lines))


def _least(twig: Twig, states: Mapping[str, str]) -> int:
    """Return the columns a line of the tree cannot do without."""
    words, _ = pending(twig.event, states)
    least = len(words.partition(":")[0])
    return len(twig.stem) + len(event_name(twig.event.subject)) + (least + 1) * bool(words)


def _line(
    paper: Paper, x: int, y: int, end: int, twig: Twig, states: Mapping[str, str], now: float
) -> None:
    event = twig.event
    fresh = now - event.since < 0.4
    bad = event.id.endswith(BAD)
    name = event_name(event.subject)
    paper.zone(y, x, end, "message", event.id)
    x = paper.fit(x, y, twig.stem, end - x, "lane")
    ink = "warn+bold" if bad else ("moving+bold" if fresh else "text+bold")
    x = paper.fit(x, y, name, end - x, ink if event.hop >= 0 else "note+bold") + 1
    words, tone = pending(event, states)
    if len(words) > end - x:
        words = words.partition(":")[0]
    if len(words) > end - x:  # the sign and the service say it too; half a word does not
        words = whole(end - x, words.rpartition(" ")[0], "")
    room = end - x - len(words)
    if event.parent and event.hop >= 0:
        x = _details(paper, x, y, room - 1, event)
    if words:
        paper.fit(x, y, words, end - x, tone)
    elif not event.parent:
        paper.fit(x, y, figures.clock(event.since), end - x, "faint")


def _details(paper: Paper, x: int, y: int, room: int, event: EventView) -> int:
    """Draw who told an event, whether it takes something back, how far it has come and how late."""
    who = role_of(event.sender)
    back = " comp" if event.id.endswith(BACK) else ""
    hop, after = f"hop {event.hop}", f"+{figures.brief(event.after)}"
    for text in (
        f"({who}{back}, {hop}, {after})", f"({hop}{back}, {after})", f"{hop}{back}", back.strip(),
        "",
    ):  # fmt: skip
        if len(text) <= room:
            return paper.put(x, y, text, "faint") + bool(text)
    return x


def draw_stuck(
    paper: Paper,
    x: int,
    y: int,
    end: int,
    scene: ChoreographyScene,
    states: Mapping[str, str],
    rows: int = 2,
) -> None:
    """Draw what the observer calls stuck, and where it was seen last."""
    if not scene.stuck:
        word = f"{glyphs.HOLDS} nothing stuck"
        paper.fit(x, y, f"{word} (deadline {scene.deadline:g}s)", end - x, "faint")
        return
    groups = {why: [each.conversation for each in scene.stuck if each.why == why] for why in WHYS}
    least = sum(len(f"{why} ×{len(found)} ") for why, found in groups.items() if found)
    number = figures.times(len(scene.stuck))
    head = f"STUCK >{scene.deadline:g}s {number} "
    head = head if len(head) + least <= end - x else f"STUCK {number} "
    at = paper.fit(x, y, head, end - x, "on-broken+bold") + 1
    for why, orders in groups.items():
        if orders:
            names, count = " ".join(orders), figures.times(len(orders))
            after = sum(len(other) + 5 for other in WHYS if other > why and groups[other])
            fits = len(why) + len(names) + after < end - at
            at = paper.fit(at, y, f"{why} {names if fits else count}", end - at,
                           f"{WHYS[why]}+bold") + 1  # fmt: skip
    if rows > 1:
        text = last_seen(scene, states)
        shorter = text.removeprefix("last seen ")
        texts = (text, shorter, shorter.partition(": ")[0])
        paper.fit(x, y + 1, next((t for t in texts if len(t) <= end - x), shorter), end - x,
                  "broken")  # fmt: skip


def last_seen(scene: ChoreographyScene, states: Mapping[str, str]) -> str:
    """Return what was seen last of the conversation that is stuck the longest."""
    found = {each.id: each for each in scene.conversations}
    conversation = found.get(scene.stuck[0].conversation)
    if conversation is None:
        return ""
    told = [event for event in conversation.events if event.hop >= 0] or conversation.events
    event = told[-1]
    words, _ = pending(event, states)
    tail = f" {glyphs.POINTER} {words}" if words else f" {glyphs.POINTER} nobody has it"
    return f"last seen {event_name(event.subject)}{tail}"


def stray(conversations: Sequence[ConversationView]) -> bool:
    """Return whether the latest events stand alone: nothing tells what belongs together."""
    latest = conversations[-3:]
    return len(latest) == 3 and all(len(each.events) == 1 for each in latest)
