"""What waits in a pipe: items on the belt, the next one nearest its stage, the rest piled up."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailrail_patterns.projections.sink import SinkGap
from mailrail_patterns.views import QueueView

from . import bars, figures, glyphs
from .haulage import TICKET
from .lane import COUNTS, LONGEST, depth_of
from .motion import Point
from .paper import Paper, whole
from .stations import chip
from .track import Bay, Track


class Pile:
    """The places of the items of one pipe, and how to draw them.

    Attributes:
        queue: The pipe.
        slots: Where each item that is shown stands, the next one first.
        aside: Items that are set aside and shown, their keys behind their names, and where.
        cell: Columns of one item.
    """

    def __init__(
        self, track: Track, bay: Bay, queue: QueueView, gaps: Sequence[SinkGap] = ()
    ) -> None:
        self._track, self._bay = track, bay
        self.queue = queue
        held = [(name, _behind(gap.key)) for gap in gaps for name in gap.waiting[:64]]
        items = [*((message.name, _behind(message.group)) for message in queue.ready[:64]), *held]
        wide = (len(chip(name, LONGEST).rstrip("~")) + len(key) for name, key in items)
        self.cell = min(bay.reach, max(wide, default=3))
        per_row = max(1, (bay.reach + 1) // (self.cell + 1))
        places = per_row * track.inside
        shown = min(queue.depth, len(queue.ready), places)
        if queue.depth > shown:
            shown = min(shown, per_row * (track.inside - 1))
        self._per_row = per_row
        self.slots = [self.spot(index) for index in range(shown)]
        room = range(shown, max(shown, places))
        self.aside = [
            (name, key, self.spot(at)) for (name, key), at in zip(held, room, strict=False)
        ]

    def spot(self, index: int) -> Point:
        """Return where the item at ``index`` stands, or would."""
        row, place = divmod(index, self._per_row)
        row = min(row, self._track.inside - 1)
        # Every second row runs the other way, so that an item never jumps.
        if row % 2:
            place = self._per_row - 1 - place
        end = self._bay.pipe + self._bay.reach
        return end - place * (self.cell + 1) - self.cell, self._track.floor - 1 - row

    def draw(
        self,
        paper: Paper,
        away: Collection[tuple[str, str, str]],
        alarm: bool,
        tickets: Collection[str] = (),
        passed: Collection[str] = (),
    ) -> None:
        """Draw belt, items, and how full it is; items that are ``away`` are on their way.

        Those that are ``tickets`` to what waits elsewhere are marked, and so are the items that a
        filter has ``passed`` through.
        """
        queue, bay, track = self.queue, self._bay, self._track
        full = queue.capacity is not None and queue.depth >= queue.capacity
        self._belt(paper, full, alarm)
        if queue.capacity is not None and queue.capacity <= self._per_row * track.inside:
            for index in range(queue.depth, queue.capacity):
                x, y = self.spot(index)
                paper.put(x, y, "·" * self.cell, "lane")
        for message, (x, y) in zip(queue.ready, self.slots, strict=False):
            if (queue.name, message.name, "") in away:
                continue
            text = chip(message.name, self.cell, passed)
            copied = text.endswith("~")
            if len(text) + len(_behind(message.group)) <= self.cell:
                text += _behind(message.group)
            if message.delivery and text[-1] not in f"~{glyphs.PASSED}":
                text += COUNTS[min(message.delivery, 10)]
            ink = "on-warn" if copied else "on-held" if message.delivery else "on-ready"
            mark = TICKET if message.name in tickets else ""
            paper.put(x, y, text, f"{ink}{mark}")
            paper.zone(y, x, x + self.cell, "message", message.name)
        for name, key, (x, y) in self.aside:
            text = chip(name, self.cell, passed)
            tries = (f"{text}{key}{glyphs.ASIDE}", text + key, f"{text}{glyphs.ASIDE}", text)
            paper.put(x, y, whole(self.cell, *tries), "on-warn")
            paper.zone(y, x, x + self.cell, "message", name)
        rest = queue.depth - len(self.slots)
        if rest > 0:
            text = f"+{figures.count(rest)} more"
            text = text if len(text) <= bay.reach else text.removesuffix(" more")
            paper.right(bay.pipe + bay.reach, track.top + 1, text, "depth+bold")

    def _belt(self, paper: Paper, full: bool, alarm: bool) -> None:
        bay, y = self._bay, self._track.floor
        ink = "fault" if alarm else "warn" if full else "lane"
        paper.put(bay.pipe, y, "━" * (bay.reach - 1), ink)
        paper.put(bay.box - 1, y, glyphs.POINTER, ink)
        if full or alarm:
            word = "DOWN" if alarm else "FULL"
            word = whole(bay.reach - 1, f" {word} ", word)
            paper.put(bay.pipe + (bay.reach - len(word)) // 2, y, word, f"{ink}+bold")

    def measure(self, paper: Paper, y: int, top: float, word: str = "") -> None:
        """Draw how full the pipe is, on an axis that ends at ``top`` where it has no bound.

        A ``word`` says what it holds, where there is room for one.
        """
        queue, bay = self.queue, self._bay
        text, ink = depth_of(queue)
        axis = top if queue.capacity is None else max(queue.capacity, 1)
        wide = bay.reach - 1
        bars.drain(paper, bay.pipe, y, wide, queue.depth / axis, "depth" if ink == "ready" else ink)
        if len(text) > wide and queue.capacity is None:
            text = figures.count(queue.depth)
        held = f"{figures.count(len(self.aside))} aside" if self.aside else ""
        held = whole(bay.reach, f"{glyphs.ASIDE}{held}", held) if held else ""
        if held and not queue.depth:
            paper.fit(bay.pipe, y + 1, held, bay.reach, "warn+bold")
            return
        x = paper.fit(bay.pipe, y + 1, text, wide, f"{ink}+bold")
        if held and len(text) + 1 + len(held) <= bay.reach:
            paper.put(x + 1, y + 1, held, "warn+bold")
            return
        if word and len(text) + 1 + len(word) <= wide:
            paper.put(x + 1, y + 1, word, "faint")


def _behind(key: str) -> str:
    """Return the key of an item as it stands behind its name; empty: it has none."""
    return f"·{key}" if key else ""
