"""Both ends of the conveyor: the sources, and what has come out."""

from __future__ import annotations

from mailrail.frames import LabFrame

from . import figures, glyphs
from .paper import Paper, whole
from .stations import measured
from .track import Track
from .work import census


def draw_sources(paper: Paper, place: Track, frame: LabFrame) -> None:
    """Draw who puts items in, above the beginning of the belt."""
    sources = [actor for actor in frame.view.actors if actor.kind == "producer"]
    wide, y = place.source - 1, place.floor
    paper.put(0, y, "━" * place.source, "lane")
    sent = sum(actor.sent for actor in sources)
    paper.fit(0, y + 1, f"sent {figures.count(sent)}", wide)
    if len(sources) == 1:
        (only,) = sources
        chosen = only.name == frame.selected
        ink = "selected+bold+underline" if chosen else "producer+bold"
        x = paper.put(0, y - 2, f"{glyphs.PRODUCER} ", "producer")
        x = x if x + len(only.name) <= wide else 0
        paper.fit(x, y - 2, only.name, wide - x, ink)
        state = f"{glyphs.state(only.state)} {only.state}"
        state = state if len(state) <= wide else state.replace(" ", "")
        paper.fit(0, y - 1, state, wide, only.state)
        for row in (y - 2, y - 1, y + 1):
            paper.zone(row, 0, wide, "actor", only.name)
        return
    lines = [
        (figures.tally(glyphs.state(state), number, state, wide), state)
        for state, number in census(sources)
    ][: max(0, place.inside - 2)]
    top = y - 1 - len(lines)
    text = figures.tally(glyphs.PRODUCER, len(sources), "sources", wide)
    paper.fit(0, top, text, wide, "producer+bold")
    for row, (text, ink) in enumerate(lines, top + 1):
        paper.fit(0, row, text, wide, ink)


def draw_out(paper: Paper, place: Track, frame: LabFrame) -> None:
    """Draw how many items have come out and when, above the end of the belt."""
    x, y = place.out, place.floor
    end = place.width
    paper.put(x, y, "━" * (end - x - 1), "lane")
    paper.put(end - 1, y, glyphs.POINTER, "lane")
    x += 1
    number = int(measured(frame, "items_out") or 0)
    paper.fit(x, y - 4, f"{glyphs.DONE} {figures.count(number)} out", end - x, "done+bold")
    for row, name in ((y - 3, "first"), (y - 2, "last")):
        when = measured(frame, f"{name}_out_at")
        if when is not None:
            text = figures.clock(when) if when < 99.95 else figures.count(round(when))
            bare = f"{name} {text.removesuffix('.0')}s"
            paper.fit(x, row, whole(end - x, f"{name} {text} s", bare, bare[:-1]), end - x, "text")
    rate, most = measured(frame, "measured_rate"), measured(frame, "predicted_rate")
    if rate is not None:
        paper.fit(x, y + 1, f"{rate:.2g}/s" if rate < 100 else f"{rate:.0f}/s", end - x, "done")
    if most is not None:
        text = f"{most:.2g}/s" if most < 100 else f"{figures.count(round(most))}/s"
        word = f"can {text}"
        x -= len(word) > end - x  # the column that parts it from the last stage serves, too
        paper.fit(x, y + 2, whole(end - x, word, text), end - x, "faint")
