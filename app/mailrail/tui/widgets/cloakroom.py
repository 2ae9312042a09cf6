"""The picture of claim checks: tickets on the bus to the left, lockers on the wall to the right."""

from __future__ import annotations

from collections import Counter as Tally

from mailrail.frames import LabFrame
from mailrail_patterns.projections.cloakroom import Cloakroom, LockerView
from mailrail_patterns.sizes import write_size

from . import figures, glyphs
from .counter import Counter
from .lane import put_off
from .luggage import Ways, underway
from .paper import Paper, cut, whole
from .plot import Peaks
from .wall import FLAT, SIGNS, URGENT, Wall, legend_of
from .work import census, rules_of

NARROWEST, LOWEST = 60, 8
"""Columns and rows from which bus and store stand side by side."""

EMPTY = Cloakroom((), (), 0, 0, 0, 0, {}, {}, None)


def paint_cloakroom(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    scene = frame.view.scene if isinstance(frame.view.scene, Cloakroom) else EMPTY
    if width < NARROWEST or height < LOWEST:
        return _rows(frame, scene, width, height)
    paper = Paper(width, height)
    left = max(36, min(66, width * 45 // 100))
    wall = Wall(scene.lockers, left + 2, 1, width - left - 2, height - 2)
    counter = Counter(frame, scene, rules_of(frame), left - 1, height - 2)
    moving = underway(frame, scene, Ways(counter, wall, left, height - 1))
    _head(paper, left + 2, frame, scene)
    for y in range(height - 1):
        paper.put(left, y, "│", "lane")
    wall.draw(paper, frame.view.now, moving.lockers)
    counter.draw(paper, moving.tickets)
    _refused(paper, height - 2, left - 1, scene)
    _dead(paper, height - 1, left - 1, frame)
    _census(paper, left + 2, height - 1, scene.lockers, wall.hidden)
    for flight in moving.flights:
        flight.draw(paper)
    return paper


def _head(paper: Paper, x: int, frame: LabFrame, scene: Cloakroom) -> None:
    """Tell how full the store is, whether it is open, and who cleans it up."""
    settings = dict(frame.view.settings)
    x = paper.put(x, 0, "STORE ", "text+bold")
    if any(fault.name == "store-down" for fault in frame.view.faults):
        x = paper.put(x, 0, f" {glyphs.FAULT} DOWN ", "on-fault+bold") + 1
    ttl = settings.get("payload_ttl", "0s")
    parts = [write_size(scene.size), "for ever" if ttl == "0s" else f"ttl {ttl}",
             settings.get("cleanup", "")]  # fmt: skip
    texts = [" · ".join(parts[:many]) for many in (3, 2, 1)]
    if settings.get("claim_check") == "off":
        texts = ["not in use: payloads travel inside", "not in use: all travels inside"]
        texts.append("not in use")
    paper.fit(x, 0, whole(paper.width - x, *texts), paper.width - x)


def _refused(paper: Paper, y: int, wide: int, scene: Cloakroom) -> None:
    refusal = scene.refusal
    if refusal is None:
        return
    why = {"MessageTooLarge": "too large", "StoreUnavailable": "store down"}
    text = f"{glyphs.BROKEN} {figures.count(refusal.count)} refused: {refusal.message} "
    size = f" {write_size(refusal.size)}" if refusal.size else ""
    paper.fit(0, y, f"{text}{why.get(refusal.why, refusal.why)}{size}", wide, "broken")


def _dead(paper: Paper, y: int, wide: int, frame: LabFrame) -> None:
    dead = [(queue, letter) for queue in frame.view.queues for letter in queue.dead]
    done = sum(queue.completed for queue in frame.view.queues)
    count = sum(queue.dead_count for queue in frame.view.queues)
    if not count:
        expired = sum(queue.expired for queue in frame.view.queues)
        late = f", {glyphs.DEAD} {figures.count(expired)} expired" if expired else ""
        text = f"{glyphs.DONE} {figures.count(done)} settled, {glyphs.DEAD} none dead"
        x = paper.fit(0, y, text, wide, "faint")
        paper.fit(x, y, late, wide - x, "dead+bold")
        return
    x = paper.put(0, y, f"{glyphs.DEAD} {figures.count(count)} dead ", "dead+bold")
    dead.sort(key=lambda pair: pair[1].moved)
    for _, letter in reversed(dead):
        if x + len(letter.name) + 1 > wide - 16:
            break
        paper.zone(y, x, x + len(letter.name), "message", letter.name)
        x = paper.put(x, y, letter.name, "on-dead") + 1
    paper.fit(x, y, dead[-1][1].reason, wide - x, "dead")


def _census(paper: Paper, x: int, y: int, lockers: tuple[LockerView, ...], hidden: int) -> None:
    """Count the lockers by what they are."""
    counts = Tally(locker.state for locker in lockers)
    if hidden > 0:
        x = paper.put(x, y, f"+{figures.count(hidden)} more ", "text+bold")
    if not counts:
        paper.fit(x, y, "every locker is empty", paper.width - x, "faint")
    texts = {
        state: f"{sign} {figures.count(counts[state])} {'dangling' if state == 'gone' else word}"
        for state, (sign, word, _) in SIGNS.items() if counts[state]
    }  # fmt: skip
    for state in reversed(URGENT):  # what matters least gives up its word first
        if sum(len(text) + 2 for text in texts.values()) - 2 > paper.width - x and state in texts:
            texts[state] = f"{SIGNS[state][0]}{figures.count(counts[state])}"
    for state, text in texts.items():
        x = paper.fit(x, y, text, paper.width - x, f"{SIGNS[state][2]}+bold") + 2
    paper.fit(x, y, legend_of(lockers, paper.width - x), paper.width - x, "faint")


def _rows(frame: LabFrame, scene: Cloakroom, width: int, height: int) -> Paper:
    """Draw what matters most in as many rows as there are."""
    paper = Paper(width, height)
    carried = f"BUS {write_size(scene.bus)} carried"
    waiting = sum(queue.depth for queue in frame.view.queues)
    words = [carried, f"{figures.count(waiting)} wait"]
    words += [text for queue in frame.view.queues for text in put_off(queue)]
    paper.fit(0, 0, ", ".join(words), width, "text+bold")
    if height > 1:
        down = any(fault.name == "store-down" for fault in frame.view.faults)
        lockers = "1 locker" if scene.count == 1 else f"{figures.count(scene.count)} lockers"
        text = f"STORE {write_size(scene.size)} in {lockers}"
        text = f"{text} {glyphs.FAULT} DOWN" if down else text
        paper.fit(0, 1, text, width, "fault+bold" if down else "text+bold")
    if height > 2:
        _census(paper, 0, 2, scene.lockers, 0)
    y = 3
    for role in ("sender", "receiver", "archivist", "sweeper"):
        crew = [a for a in frame.view.actors if a.role == role and a.state != "stopped"]
        if crew and y < height:
            x = paper.fit(0, y, cut(role, 9), width, "consumer") + 1
            for state, number in census(crew):
                text = figures.tally(glyphs.state(state), number, state, max(0, width - x))
                x = paper.fit(x, y, text, width - x, state) + 1
            y += 1
    if y < height:
        _dead(paper, y, width, frame)
    if y + 1 < height:
        _refused(paper, y + 1, width, scene)
    room = (height - y - 2) // FLAT.tall * FLAT.tall
    if room >= FLAT.tall and width >= FLAT.wide:
        Wall(scene.lockers, 0, height - room, width, room).draw(paper, frame.view.now, ())
    return paper


__all__ = ["paint_cloakroom"]
