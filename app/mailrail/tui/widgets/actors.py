"""The actors of the run, one a row, to be selected."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView

from . import figures, glyphs
from .listing import Headed
from .paper import Paper

HEADINGS = (("held", 4), ("done", 6), ("busy", 5))


def busy(actor: ActorView) -> int | None:
    """Return the share of its life so far that a consumer has spent working, in per cent."""
    lived = actor.lived if actor.kind == "consumer" else 0.0
    return round(100 * actor.busy / lived) if lived > 0 else None


def paint_actors(frame: LabFrame, width: int, height: int, first: int = 0) -> Paper:
    """Draw a heading and one row an actor: name, role, state, held, done, busy."""
    paper = Paper(width, height)
    head = 1 if height > 3 else 0
    actors = frame.view.actors[first : first + height - head]
    name = min(max((len(actor.name) for actor in actors), default=4), max(8, width // 3))
    roles = width >= name + 48
    if head:
        paper.put(2, 0, "actor", "faint")
        paper.put(name + 3, 0, "state", "faint")
        if roles:
            paper.put(name + 14, 0, "role", "faint")
        _figures(paper, 0, [heading for heading, _ in HEADINGS], "faint")
    for y, actor in enumerate(actors, head):
        _row(paper, y, actor, frame, name, roles)
    rest = len(frame.view.actors) - first - (height - head)
    if rest > 0 and height > 1:
        paper.wipe(height - 1)
        paper.put(2, height - 1, f"+{rest + 1} more", "faint")
    return paper


def _row(paper: Paper, y: int, actor: ActorView, frame: LabFrame, name: int, roles: bool) -> None:
    selected = actor.name == frame.selected
    paper.put(0, y, glyphs.POINTER if selected else " ", "selected+bold")
    paper.fit(2, y, actor.name, name, "selected+bold" if selected else "text")
    x = paper.put(name + 3, y, f"{glyphs.state(actor.state)} {actor.state}", actor.state)
    if roles:
        paper.fit(name + 14, y, actor.role, 12, "faint")
    else:
        paper.put(x, y, " ")
    share = busy(actor)
    sends = actor.kind == "producer"
    _figures(
        paper, y,
        [
            "" if sends else figures.count(actor.held),
            f"{figures.count(actor.sent)} sent" if sends else figures.count(actor.done),
            "" if share is None else f"{share}%",
        ],
        "text",
    )  # fmt: skip
    paper.zone(y, 0, paper.width, "actor", actor.name)


def _figures(paper: Paper, y: int, texts: list[str], ink: str) -> None:
    end = paper.width
    for text, (_, room) in zip(reversed(texts), reversed(HEADINGS), strict=True):
        if end - room < paper.width // 2 - 4:
            return
        paper.right(end, y, text, ink)
        end -= room + 1


class Actors(Headed):
    """Every actor with its state; the selected one is marked."""

    DEFAULT_CSS = """
    Actors { height: 1fr; }
    """

    KIND = "actor"

    def inputs(self, frame: LabFrame) -> object:
        """Instants matter to the tenth of a second: the busy share is told in per cent."""
        return (round(frame.view.now, 1), frame.view.actors, frame.selected)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the list."""
        return paint_actors(frame, width, height, self.first)

    def keys(self) -> Sequence[str]:
        """Return the names of the actors."""
        return [] if self.frame is None else [actor.name for actor in self.frame.view.actors]

    def chosen(self) -> str:
        """Return the actor that keys act on."""
        return "" if self.frame is None else self.frame.selected
