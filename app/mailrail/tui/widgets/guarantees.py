"""What the pattern promises, and how each promise has fared."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from mailrail.frames import LabFrame
from mailrail_patterns.invariants.judge import Finding

from . import glyphs
from .caption import wrap
from .listing import Listing
from .paper import Line, Paper, cut, whole

NAME = 10
"""Column of the names."""


def ordered(frame: LabFrame) -> list[Finding]:
    """Return the findings, broken ones first, the pattern's own before the universal."""
    return sorted(frame.findings, key=lambda f: (f.holds, f.guarantee.universal))


def find(frame: LabFrame, name: str) -> Finding | None:
    """Return the finding on a guarantee; None if there is none of that name."""
    return next((each for each in frame.findings if each.guarantee.name == name), None)


def explanation(frame: LabFrame, name: str, width: int) -> list[Line]:
    """Return the promise, what broke it, and the events that led there, as rows."""
    finding = find(frame, name)
    if finding is None:
        return []
    rows: list[Line] = [
        ((row, "text"),) for row in wrap(finding.guarantee.promise, max(8, width - 1))
    ]
    if finding.first is None:
        rows.append(((f"{glyphs.HOLDS} holds so far", "holds"),))
        return rows
    for index, row in enumerate(wrap(finding.first.what, max(8, width - 2))):
        rows.append(((f"{glyphs.BROKEN} " if not index else "  ", "broken"), (row, "broken")))
    account = next((each for each in frame.accounts if each.guarantee == name), None)
    if account is None:
        return rows
    earlier = f" ({account.earlier} earlier)" if account.earlier else ""
    parts = (("gone wrong by then", account.wrong), (f"because{earlier}", account.because))
    for title, told in parts:
        if told:
            rows.append(((title, "faint"),))
        rows += [
            (("└ ", "lane"), (cut(f"{event.t:.2f} {event.text}", width - 2), "text"))
            for event in told
        ]
    return rows


def paint_guarantees(
    frame: LabFrame, width: int, height: int, first: int = 0, chosen: str = "", told: bool = False
) -> Paper:
    """Draw one row a guarantee, and below them the explanation of the chosen one if asked."""
    paper = Paper(width, height)
    rows = explanation(frame, chosen, width) if told else []
    room = list_room(height, len(rows))
    found = ordered(frame)
    rest = len(found) - first - room
    more = f" +{rest} more " if rest > 0 and room > 1 else ""
    if more and not _fits(found[first + room - 1], width - len(more) - 1):
        more = f" +{rest + 1} more "  # half a name is nobody's
    for y, finding in enumerate(found[first : first + room]):
        if more and y == room - 1 and not _fits(finding, width - len(more) - 1):
            break
        end = width - (len(more) + 1 if more and y == room - 1 else 0)
        _row(paper, y, end, finding, finding.guarantee.name == chosen)
    paper.right(width, room - 1, more, "on-note")
    if rows and room < height:
        paper.put(0, room, "─" * width, "lane")
        for y, line in enumerate(rows[: height - room - 1], room + 1):
            x = 0
            for text, ink in line:
                x = paper.put(x, y, text, ink)
    return paper


def list_room(height: int, rows: int) -> int:
    """Return how many rows the list keeps when an explanation of ``rows`` rows stands below."""
    return height if not rows else max(min(3, height), height - rows - 1)


def _fits(finding: Finding, end: int) -> bool:
    """Return whether a row that ends there holds the whole name of a guarantee that holds."""
    return not finding.holds or len(finding.guarantee.name) + NAME <= end


def _row(paper: Paper, y: int, end: int, finding: Finding, chosen: bool) -> None:
    sign, word, ink = (
        (glyphs.HOLDS, "holds ", "holds")
        if finding.holds
        else (glyphs.BROKEN, "broken", "broken+bold")
    )
    paper.put(0, y, glyphs.POINTER if chosen else " ", "selected+bold")
    x = paper.put(1, y, f"{sign} {word}", ink) + 1
    if finding.first is not None:
        times, at = f"×{finding.violations}", f"{finding.first.time:.1f} s"
        room = end - x - len(finding.guarantee.name) - 1
        tails = (f"{times} at {at}", f"at {at}", at, times)
        when = whole(room, *tails)
        end = paper.right(end, y, when, "broken") - 1
    name_ink = "selected+bold" if chosen else "text" if finding.holds else "broken+bold"
    paper.fit(x, y, finding.guarantee.name, end - x, name_ink)
    paper.zone(y, 0, paper.width, "guarantee", finding.guarantee.name)


class Guarantees(Listing):
    """The guarantees; a chosen one is explained below the list."""

    DEFAULT_CSS = """
    Guarantees { height: 1fr; }
    """

    class Chosen(Message):
        """A person chose a guarantee.

        Attributes:
            name: Its name.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    explained = ""
    telling = True

    def inputs(self, frame: LabFrame) -> object:
        """The findings matter; how they came about follows from them."""
        return frame.findings

    def explain(self, name: str) -> None:
        """Show the promise and the causal chain of a guarantee; an empty name hides them."""
        self.explained = name
        self.redraw()

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the list and the explanation."""
        last = max(0, len(frame.findings) - self.room)
        self.first = min(self.first, last)
        return paint_guarantees(
            frame, width, height, self.first, self.explained, bool(self.explained)
        )

    @property
    def room(self) -> int:
        """Rows the list has, without the explanation."""
        width, height = self.content_size
        if self.frame is None or not self.explained:
            return height
        return list_room(height, len(explanation(self.frame, self.explained, width)))

    def take(self, kind: str, name: str) -> None:
        """Choose a guarantee; of the one that is explained hide the explanation."""
        if name == self.explained:
            self.explain("")
        else:
            super().take(kind, name)

    def keys(self) -> Sequence[str]:
        """Return the names of the guarantees as they stand in the list."""
        return [] if self.frame is None else [f.guarantee.name for f in ordered(self.frame)]

    def chosen(self) -> str:
        """Return the guarantee that is explained."""
        return self.explained

    def point(self, key: str) -> None:
        """Explain a guarantee."""
        self.explain(key)

    def choose(self, key: str) -> None:
        """Post :class:`Chosen`."""
        self.post_message(self.Chosen(key))
