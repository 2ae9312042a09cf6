"""The picture of publisher-subscriber: every event against every subscription."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.projections.fanout import FanOut, LineView
from mailrail_patterns.views import ActorView

from . import bars, crew, figures, glyphs
from .feeds import SIGNS, WORDS, Feed, feeds_of, mark_of, scene_of, shorter
from .grid import NARROW, Grid, lay
from .paper import Paper, cut
from .plot import Peaks
from .spread import Away, Field, spread
from .troubles import put_faults
from .work import Work


def paint_fanout(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    scene = scene_of(frame)
    if scene is None or width < 16 or height < 2:
        paper = Paper(width, height)
        paper.put(1, 0, cut("no topic yet", width - 1), "faint+italic")
        return paper
    peaks = peaks or Peaks()
    peaks.look(frame)
    lines = sum(line.state != "ended" for line in scene.lines)
    feeds = feeds_of(frame, scene, lay(width, height, max(1, lines)).seen)
    wanted = round(peaks.top("lines", max(1, len(feeds))))
    grid = lay(width, height, max(wanted, len(feeds)))
    return _Scene(frame, scene, grid, feeds).draw()


class _Scene:
    """One picture in the making."""

    def __init__(self, frame: LabFrame, scene: FanOut, grid: Grid, feeds: Sequence[Feed]) -> None:
        self.frame, self.scene, self.grid = frame, scene, grid
        self.paper = Paper(grid.width, grid.height)
        self.shown, self.rest = feeds[: grid.shown], feeds[grid.shown :]
        if len(feeds) == grid.shown + 1 and grid.shown < (self._end() - grid.top) // grid.rows:
            self.shown, self.rest = feeds, []
        self.events = scene.events[-grid.seen :]
        self.rows = {
            (feed.line.name, work.actor.name): y
            for index, feed in enumerate(self.shown)
            for work, y, _ in self._seats(index, feed)
        }

    def _end(self) -> int:
        grid = self.grid
        return grid.void if grid.void > 0 else grid.foot if grid.foot > 0 else grid.height

    def draw(self) -> Paper:
        places = {event.name: place for place, event in enumerate(reversed(self.events))}
        source = self._publishers()
        field = Field(self.grid, self.shown, places, self.rows, source)
        flights, away = spread(self.frame, self.scene, field)
        self._heads()
        for index, feed in enumerate(self.shown):
            self._cells(index, feed, away)
            (self._full if self.grid.full else self._short)(index, feed, away)
        if self.rest:
            self._others()
        self._void()
        self._foot()
        for flight in flights:
            flight.draw(self.paper)
        return self.paper

    # --- above ----------------------------------------------------------------------------

    def _publishers(self) -> int:
        """Draw who publishes and the rail to the newest event; return where events set off."""
        paper, grid, view = self.paper, self.grid, self.frame.view
        crowd = [a for a in view.actors if a.kind == "producer" and a.state != "stopped"]
        blocked = {name: (since, queue) for name, since, queue in self.scene.blocked}
        ink = "blocked" if blocked else "lane"
        paper.put(0, 0, "━" * (grid.newest + 1), ink)
        paper.put(grid.newest, 0, "┓" if self.events else "━", ink)
        x, most = 0, max(12, grid.newest - 4)
        for actor in sorted(crowd, key=lambda a: a.name not in blocked):
            told = self._publisher(actor, blocked.get(actor.name))
            if x and x + len(told) + 8 > most:
                x = paper.put(x, 0, f" +{len(crowd) - 1} more ", "faint")
                break
            name = "selected+bold+underline" if actor.name == self.frame.selected else ""
            sort = "blocked+bold" if actor.name in blocked else f"{actor.state}+bold"
            plain = actor.state in ("idle", "working") and actor.name not in blocked
            end = paper.fit(x, 0, told, most - x, name or ("producer+bold" if plain else sort))
            paper.zone(0, x, end, "actor", actor.name)
            x = paper.put(end, 0, " ")
        text = f" {figures.count(self.scene.published)} published"
        at = grid.newest + 2
        if grid.width - grid.newest > len(text) + 2:
            at = paper.put(at, 0, text, "text") + 1
        readers = {name for line in self.scene.lines for name in line.instances}
        on = [fault for fault in view.faults if fault.target not in readers and not fault.role]
        put_faults(paper, at, 0, grid.width, on)
        return min(x, grid.newest)

    def _publisher(self, actor: ActorView, blocked: tuple[float, str] | None) -> str:
        if blocked is not None:
            waits = figures.brief(self.frame.view.now - blocked[0])
            return f"{glyphs.state('blocked')} {actor.name} blocked {waits} by {blocked[1]}"
        if actor.state in ("idle", "working"):
            return f"{glyphs.PRODUCER} {actor.name}"
        return f"{glyphs.state(actor.state)} {actor.name} {actor.state}"

    def _heads(self) -> None:
        """Name the events, as many as there is room for."""
        paper, grid = self.paper, self.grid
        if grid.top < 2:
            return
        if grid.width >= NARROW:
            paper.put(2, 1, "who", "faint")
            if not grid.full:
                paper.put(12, 1, "filter", "faint")
                paper.fit(grid.right, 1, "hand wait  lag", grid.width - grid.right, "faint")
        free = grid.right
        for place, event in enumerate(reversed(self.events)):
            x = grid.column(place)
            x = min(x, grid.right - 1 - len(event.name)) if place == 0 else x
            end = x + len(event.name)
            if end <= free:
                unheard = not event.copies
                ink = "warn+bold" if unheard else "text+bold" if place == 0 else "faint"
                paper.put(x, 1, event.name, ink)
                paper.zone(1, x, end, "message", event.name)
                free = x if grid.cell >= 4 else x - 1

    # --- the matrix -----------------------------------------------------------------------

    def _cells(self, index: int, feed: Feed, away: Away) -> None:
        paper, grid, y = self.paper, self.grid, self.grid.row(index)
        flying = {name for queue, name, _ in away if queue == feed.line.name}
        cells = feed.line.cells[-grid.seen :]
        for place, (event, cell) in enumerate(
            zip(reversed(self.events), reversed(cells), strict=False)
        ):
            if not cell or event.name in flying:
                continue
            sign, ink = mark_of(cell, feed.line)
            x = grid.column(place)
            paper.put(x, y, sign, ink)
            paper.zone(y, x, x + grid.cell, "message", event.name)

    def _void(self) -> None:
        paper, grid = self.paper, self.grid
        if grid.void < 0:
            return
        lost = self.scene.unrouted
        text = f"nobody: {figures.count(lost)} unrouted" if lost else "unrouted: none"
        room = grid.left - 1 if lost else grid.width  # without a loss nothing stands beside it
        if not lost and grid.rows < 3:
            hands = " ".join(sorted(set[str]().union(*map(self._hands, self.shown))))
            said = f" · {hands}: which instance had it" if hands else ""
            text += said if len(text + said) <= room else ""
        paper.fit(0, grid.void, text, room, "warn+bold" if lost else "faint")
        latest = None
        for place, event in enumerate(reversed(self.events)):
            if not event.copies:
                latest = latest or event
                paper.put(grid.column(place), grid.void, *SIGNS["unrouted"])
        if latest is not None:
            told = f"{latest.name} {latest.about or 'no subject'}"
            paper.fit(grid.right, grid.void, told, grid.width - grid.right, "warn")

    def _foot(self) -> None:
        paper, grid = self.paper, self.grid
        if grid.foot < 0:
            return
        x = 0
        for state in self._explained():
            sign, ink = SIGNS[state]
            word = WORDS[state]
            if x + len(word) + 2 > grid.width - 1:
                break
            x = paper.put(x, grid.foot, sign, ink) + 1
            x = paper.put(x, grid.foot, word, "faint") + 2
        values = {row.name: row.value for row in self.frame.metrics}
        doubled = values.get("doubled", "0")
        if doubled not in ("0", "–") and grid.width - x > len(doubled) + 14:
            paper.right(grid.width, grid.foot, f" {doubled} handled twice ", "on-warn+bold")

    def _explained(self) -> list[str]:
        """Return the signs to explain; where not all can be: those seen, what is lost first."""
        lines = self.scene.lines
        rare = {
            "lost": any(line.lost for line in lines),
            "twice": any(line.twice for line in lines),
        }
        words = [state for state in WORDS if rare.get(state, True)]
        if sum(len(WORDS[state]) + 4 for state in words) - 2 < self.grid.width:
            return words
        cells = (cell for feed in self.shown for cell in feed.line.cells[-self.grid.seen :])
        seen = {cell.partition(" ")[0] for cell in cells}
        return [state for state in reversed(words) if state in seen]

    # --- one subscription -----------------------------------------------------------------

    def _seats(self, index: int, feed: Feed) -> list[tuple[Work, int, int]]:
        """Give each instance rows: the work, its first row, and how many."""
        grid, top = self.grid, self.grid.row(index)
        if not grid.full or not feed.works:
            return [(work, top, 1) for work in feed.works]
        each = max(1, min(3, (grid.rows - (grid.rows > 3)) // len(feed.works)))
        most = max(1, grid.rows // each)
        return [(work, top + n * each, each) for n, work in enumerate(feed.works[:most])]

    def _parted(self, line: LineView, usual: int) -> int:
        """Return the column between name and filter: another than ``usual`` if that cuts one."""
        own, spare = len(line.name) + 2, self.grid.left - 2 - len(line.filter)
        if self.grid.width < NARROW:
            return usual
        return max(usual, min(own, spare)) if own > usual else min(usual, max(own, spare))

    def _title(self, y: int, feed: Feed, name: int) -> None:
        """Write the signs of the instances, the name and the filter on one row."""
        paper, line = self.paper, feed.line
        x = 0
        for work in feed.works[: 1 if name < 12 else 3]:
            actor = work.actor
            paper.put(x, y, glyphs.state(actor.state), f"{actor.state}+bold")
            x += 1
        x += 1
        gone = line.state in ("away", "ended")
        chosen = any(work.actor.name == self.frame.selected for work in feed.works)
        ink = "selected+bold+underline" if chosen else "stopped" if gone else "consumer+bold"
        paper.fit(x, y, line.name, name - x, ink)
        # The name stands for who reads it, the rest of its rows for the queue of its copies.
        paper.zone(y, name + 1 if feed.works else 0, self.grid.left, "queue", line.name)
        if feed.works:
            paper.zone(y, 0, name, "actor", feed.works[0].actor.name)
        if self.grid.width >= NARROW and self.grid.left > name + 2:
            room = self.grid.left - name - 2
            paper.fit(name + 1, y, line.filter, room, "stopped" if gone else "text")

    def _short(self, index: int, feed: Feed, away: Away) -> None:
        """Tell a subscription on one row."""
        paper, grid, y = self.paper, self.grid, self.grid.row(index)
        self._title(y, feed, self._parted(feed.line, min(11, grid.left - 1)))
        x = grid.right
        work = next((each for each in feed.works if each.message), None)
        if work is not None and (feed.line.name, _named(work), work.actor.name) not in away:
            ink = "on-dead" if work.hidden else "on-held"
            end = paper.fit(x, y, _named(work), 4, ink)
            paper.zone(y, x, end, "message", _named(work))
        x += 5
        if grid.width - x < 4:
            return
        ink = "warn+bold" if feed.full else "ready+bold" if feed.waiting else "faint"
        paper.put(x, y, feed.gauge, ink)
        paper.zone(y, x, grid.width, "queue", feed.line.name)
        x += 6
        lag = "" if feed.lag is None or feed.lag < 0.05 else figures.brief(feed.lag)
        paper.fit(x, y, lag, grid.width - x, "age")
        x += 5
        terms = ((feed.terms, "note"),) if feed.terms else ()
        for text, ink in (*feed.notes, *terms, self._life(feed)):
            words = text if x + len(text) <= grid.width else shorter(text)
            while ", " in words and x + len(words) > grid.width:  # whole terms, or none of them
                words = words.rpartition(", ")[0]
            if x + min(len(words), 8) <= grid.width:
                x = paper.fit(x, y, words, grid.width - x, ink) + 1

    def _life(self, feed: Feed) -> tuple[str, str]:
        return ("durable", "faint") if feed.line.durable else ("non-durable", "faint")

    def _full(self, index: int, feed: Feed, away: Away) -> None:
        """Tell a subscription on several rows, with a row for each instance."""
        paper, grid, y = self.paper, self.grid, self.grid.row(index)
        self._title(y, feed, self._parted(feed.line, min(20, grid.left - 15)))
        for row in range(y + 1, y + grid.rows):
            paper.zone(row, 0, grid.left, "queue", feed.line.name)
        told = self._store(y + 1, feed)
        x = 2
        notes = list(feed.notes)
        if feed.terms and not told:
            notes.append((feed.terms, "note"))
        if feed.queue.capacity:
            notes.append((f"when full: {feed.line.policy}", "faint"))
        letters = self._hands(feed)
        if letters:
            notes.append((f"{' '.join(sorted(letters))}: by whom", "faint"))
        for row, (text, ink) in enumerate(notes):
            if grid.rows >= 3 and row < grid.rows - 2:
                paper.fit(x, y + 2 + row, text, grid.left - 4, ink)
        if grid.rows >= 3:
            self._queue(y + 1, feed, away)
        at = crew.columns(grid.right, grid.width, feed.works)
        seats = self._seats(index, feed)
        for work, row, rows in seats:
            flying = (feed.line.name, _named(work), work.actor.name) in away
            chosen = work.actor.name == self.frame.selected
            crew.draw_consumer(paper, at, row, rows, work, chosen, flying)
        if len(feed.works) > len(seats):
            more = [work.actor for work in feed.works[len(seats) :]]
            crew.draw_rest(paper, at, y + grid.rows - 1, more)

    def _hands(self, feed: Feed) -> set[str]:
        """Return the signs in a row that name a member of a group."""
        signs = {mark_of(cell, feed.line)[0] for cell in feed.line.cells[-self.grid.seen :]}
        return {sign for sign in signs if sign.isalnum() and sign != SIGNS["missed"][0]}

    def _store(self, y: int, feed: Feed) -> bool:
        """Tell how a subscription lives and how much waits; True: and its own terms as well."""
        paper, grid = self.paper, self.grid
        life, ink = self._life(feed)
        x = paper.put(2, y, life, ink) + 1
        if feed.queue.capacity:
            level = feed.waiting / feed.queue.capacity
            colour = "warn" if feed.full else "ready"
            x = bars.drain(paper, x, y, 5, level, colour) + 1
            paper.fit(x, y, feed.gauge, grid.left - x, f"{colour}+bold")
            return False
        if feed.waiting:
            x = paper.put(x, y, f"{figures.count(feed.waiting)} waiting", "ready+bold") + 1
            if feed.lag:
                paper.fit(x, y, figures.brief(feed.lag), grid.left - x - 1, "age+bold")
            return False
        room = grid.left - x - 1
        terms = feed.terms if len(feed.terms) <= room else shorter(feed.terms)
        if not terms or len(terms) > room:
            return False
        paper.put(x, y, terms, "note")
        return True

    def _queue(self, y: int, feed: Feed, away: Away) -> None:
        """Draw the copies that wait, next to be delivered at the right."""
        paper, grid = self.paper, self.grid
        x = grid.right - 2
        for message in feed.queue.ready:
            if x - len(message.name) < grid.left + 2:
                paper.put(x - 1, y, "…", "faint")
                break
            if (feed.line.name, message.name, "") in away:
                continue
            start = paper.right(x, y, message.name, "ready")
            paper.zone(y, start, x, "message", message.name)
            x = start - 1

    def _others(self) -> None:
        grid = self.grid
        y = grid.row(len(self.shown))
        waiting = sum(feed.waiting for feed in self.rest)
        text = (
            f"+{figures.count(len(self.rest))} more subscriptions, {figures.count(waiting)} waiting"
        )
        self.paper.fit(0, y, text, grid.width, "text+bold")


def _named(work: Work) -> str:
    return work.message.partition(" ")[0]


__all__ = ["paint_fanout"]
