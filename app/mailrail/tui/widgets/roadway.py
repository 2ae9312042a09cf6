"""One lane of a convoy as it is drawn: its messages, the lock at its gate, and its holder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.cells import cell_len

from mailrail.frames import LabFrame
from mailrail_patterns.projections.convoy_scene import FROZEN, HELD, LOOSE, ConvoyScene
from mailrail_patterns.views import MessageView

from . import bars, figures, glyphs
from .lane import COUNTS
from .motion import Point
from .padlock import holder_of, why_of, word_of
from .paper import Paper, cut, whole
from .road import DEAF, Road
from .roads import Roads

Away = Collection[tuple[str, str]]

WIDEST = 5
"""Columns a message's label is cut to."""

BUSY = frozenset({"working", "stopping"})


class Roadway:
    """Draws the lanes of one picture.

    Attributes:
        places: Where each ready message stands, the head of a lane nearest its gate.
    """

    def __init__(
        self,
        paper: Paper,
        at: Roads,
        scene: ConvoyScene,
        frame: LabFrame,
        lanes: Sequence[Road],
    ) -> None:
        self._paper, self._at, self._scene, self._frame = paper, at, scene, frame
        self._now, self._length = frame.view.now, frame.view.queues[0].lock
        labels = (self.label(message) for road in lanes for message in road.ready)
        self._cell = max(2, min(WIDEST, max(map(cell_len, labels), default=2)))
        self.places: dict[str, Point] = {
            message.name: (at.gate - 1 - (place + 1) * (self._cell + 1), at.row(index))
            for index, road in enumerate(lanes)
            for place, message in enumerate(road.ready[: self.shown(road)])
        }

    def label(self, message: MessageView) -> str:
        """Return what a message is called within its group."""
        return self._scene.labels.get(message.name, message.name)

    def sign(self, message: MessageView) -> str:
        """Return the same, with the delivery count once it has come again."""
        label = self.label(message)
        return f"{label}#{message.delivery}" if message.delivery > 1 else label

    def shown(self, road: Road) -> int:
        """Return how many of the messages that wait in a lane are drawn."""
        fits = max(1, (self._at.gate - 1 - self._at.box) // (self._cell + 1))
        return fits if road.lane.depth <= fits else max(0, fits - 2)

    def draw(self, y: int, road: Road, away: Away) -> None:
        """Draw one lane from row ``y`` on, without what is ``away`` on its way."""
        at, paper, lane = self._at, self._paper, road.lane
        word, shade = word_of(road, self._scene.labels, self._now)
        title = f"{shade}+bold" if lane.state == FROZEN else "text+bold"
        paper.fit(at.name, y, lane.key, at.box - at.name - 1, title)
        paper.zone(y, at.name, at.box - 1, "queue", self._frame.view.queues[0].name)
        for message in road.ready[: self.shown(road)]:
            if (message.name, "") not in away:
                x, _ = self.places[message.name]
                text = cut(self.label(message), self._cell)
                if message.delivery:
                    text += COUNTS[min(message.delivery, 10)]
                paper.put(x, y, text, "on-held" if message.delivery else "on-ready")
                paper.zone(y, x, x + self._cell, "message", message.name)
        rest = lane.depth - self.shown(road)
        if rest > 0:
            paper.fit(at.box, y, f"+{figures.count(rest)}", 2 * self._cell + 1, "depth+bold")
        else:
            self._aside(y, road)
        self._gate(y, road)
        if self._scene.on:
            self._hand(y, road, away)
            self._lock(y, road)
        else:
            self._hands(y, road, away)
        paper.fit(at.word, y, word, at.width - at.word, f"{shade}+bold")
        if at.each >= 2:
            self._below(y + 1, road)
        if at.each >= 3:
            self._past(y + 2, road)

    def _aside(self, y: int, road: Road) -> None:
        """Draw what is set aside at the far end of its lane, the one that is next the last."""
        end = self._at.gate - 1 - len(road.ready) * (self._cell + 1)
        shown = max(0, (end - self._at.box) // (self._cell + 1))
        for place, name in enumerate(reversed(road.lane.aside[:shown])):
            label = cut(self._scene.labels.get(name, name), self._cell)
            label += glyphs.ASIDE * (cell_len(label) < self._cell)
            x = self._at.box + place * (self._cell + 1)
            self._paper.put(x, y, label, "on-warn")
            self._paper.zone(y, x, x + cell_len(label), "message", name)

    def _gate(self, y: int, road: Road) -> None:
        lane, x = road.lane, self._at.gate
        if not self._scene.on:
            self._paper.put(x, y, "╌", "faint")
        elif lane.holder:
            ink = "crashed" if lane.state == FROZEN else "held"
            self._paper.put(x, y, glyphs.LOCKED, f"{ink}+bold")
        else:
            self._paper.put(x, y, glyphs.UNLOCKED, "warn" if lane.depth else "faint")

    def _hand(self, y: int, road: Road, away: Away) -> None:
        """Draw the message in process and who holds the lane."""
        at, paper = self._at, self._paper
        chip = "on-dead" if road.lane.state == FROZEN else "on-held"
        for message in road.current[:1]:
            if (message.name, message.owner) not in away:
                paper.fit(at.slot, y, self.sign(message), at.holder - at.slot - 1, chip)
                paper.zone(y, at.slot, at.holder - 1, "message", message.name)
        sign, name, ink = holder_of(road)
        if name:
            chosen = name == self._frame.selected
            paper.put(at.holder, y, sign, ink)
            known = ink if ink in DEAF else "selected"  # who is dead stays red though selected
            shade = f"{known}+bold+underline" if chosen else f"{ink}+bold"
            paper.fit(at.holder + 2, y, name, at.lock - at.holder - 3, shade)
            paper.zone(y, at.holder, at.lock - 1, "actor", name)

    def _hands(self, y: int, road: Road, away: Away) -> None:
        """Draw everybody at work on a group that nobody has locked."""
        at, paper, x = self._at, self._paper, self._at.slot
        chip = "on-warn" if len(road.current) > 1 else "on-held"
        for message in road.current:
            sign, owner = self.sign(message), message.owner
            start = x + len(sign) + 1
            if start + len(owner) > at.word - 1:
                paper.fit(x, y, "…", at.word - x, "faint")
                break
            if (message.name, owner) not in away:
                paper.put(x, y, sign, chip)
                paper.zone(y, x, x + len(sign), "message", message.name)
            chosen = owner == self._frame.selected
            x = paper.put(start, y, owner, "selected+bold" if chosen else "consumer") + 2
            paper.zone(y, start, x - 2, "actor", owner)

    def _lock(self, y: int, road: Road) -> None:
        at, lane = self._at, road.lane
        if not lane.holder or lane.until <= 0:
            return
        left = max(0.0, lane.until - self._now)
        ink = "crashed" if lane.state == FROZEN else "held"
        share = left / self._length if self._length else 0.0
        bars.drain(self._paper, at.lock, y, at.word - at.lock - 7, share, ink)
        self._paper.right(at.word - 1, y, figures.left(left), f"{ink}+bold")

    def _below(self, y: int, road: Road) -> None:
        """Draw the second row of a lane: how many wait, the work, and why it stands."""
        at, paper, lane = self._at, self._paper, road.lane
        room = at.gate - at.box
        waits = f"{figures.count(lane.depth)} waiting" if lane.depth else ""
        ways = [f"{waits}, next {self.label(road.ready[0])}", waits] if road.ready else [waits]
        if lane.aside:
            held = f"{glyphs.ASIDE}{figures.count(len(lane.aside))} aside"
            ways = [f"{each} {held}".strip() for each in ways] + [held]
        if lane.groups > 1:
            ways = [f"{figures.count(lane.depth)} of {figures.count(lane.groups)} groups"]
        paper.fit(at.box, y, whole(room - 1, *ways), room, "faint")
        why, shade = why_of(road, self._scene, self._now)
        x = self._work(y, road)
        paper.fit(x, y, why, at.width - x, shade)

    def _work(self, y: int, road: Road) -> int:
        """Draw how far the work has come; answer where there is room after it."""
        at, paper = self._at, self._paper
        actor = road.holder
        if road.lane.state == LOOSE and len(road.current) == 1:
            owner = road.current[0].owner
            actor = next((a for a in self._frame.view.actors if a.name == owner), None)
        elif road.lane.state != HELD:
            return at.slot
        name = road.current[0].name if road.current else ""
        if actor is None or actor.message != name or not actor.takes or actor.state not in BUSY:
            return at.slot
        spent = min(max(0.0, self._now - actor.began), actor.takes)
        bars.grow(paper, at.slot, y, at.lock - at.slot - 2, spent / actor.takes, "working")
        paper.put(at.lock, y, f"{figures.clock(spent)}/{figures.clock(actor.takes)}s", "text")
        return at.word

    def _past(self, y: int, road: Road) -> None:
        """Draw the third row of a lane that is not done: how much of it is."""
        at, lane = self._at, road.lane
        if lane.done and (lane.depth or lane.current):
            text = f"{glyphs.DONE} {figures.count(lane.done)} done"
            self._paper.fit(at.box, y, text, at.gate - at.box, "done")
