"""A priority queue where there is room for a few words only."""

from __future__ import annotations

from mailrail.frames import LabFrame

from . import crew, figures, glyphs, thermometer
from .classes import ink, merged, numbered, policy_of, rungs, standings
from .lane import Lane
from .paper import Paper, whole
from .pool import columns, draw_hands, hands_of
from .stage import Stage
from .teams import teams_of

TWO_ROWS = 7
"""Rows from which each class has a second one for its messages."""


def paint_narrow(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw a line or two a class, the policy, then the workers."""
    paper = Paper(width, height)
    queue = merged(frame.view.queues)
    misses = next((int(row.value) for row in frame.metrics if row.name == "sla_misses"), 0)
    y = 0
    labels = numbered(frame, queue)
    for each in rungs(frame, queue, labels[: height - 2]):
        x = paper.put(0, y, each.title, f"{ink(each.name)}+bold") + 1
        paper.zone(y, 0, x, "queue", each.line.name)
        x = paper.put(x, y, f"{figures.count(each.line.depth)} ", "ready+bold")
        text, shade = thermometer.brief(each)
        paper.fit(x, y, text, width - x, f"{shade}+bold")
        y += 1
    for each in () if labels else standings(frame, queue):
        x = paper.put(0, y, each.title, f"{ink(each.name)}+bold") + 1
        paper.zone(y, 0, x, "queue", each.line.name)
        x = paper.put(x, y, f"{figures.count(each.line.depth)} ", "ready+bold")
        text, shade = thermometer.word(each, misses)
        text = whole(width - x, text, text.partition(";")[0])
        paper.fit(x, y, text, width - x, f"{shade}+bold")
        y += 1
        if height >= TWO_ROWS:
            box = Stage(width, height, True, (0, y), (width - 1, y), (0, y, width, 1), 0, 0, 0, y,
                        1, y, y + 1)  # fmt: skip
            Lane(box, each.line, ink=ink(each.name, "on-")).draw(paper, (), "")
            y += 1
    name, words = policy_of(frame)
    if y < height - 1:
        text = whole(width, f"policy {name}: {words}", f"policy {name}")
        paper.fit(0, y, text, width, "text")
        y += 1
    done = f" {glyphs.DONE} {figures.count(queue.completed)}"
    for team in teams_of(frame, y, height) if y < height else ():
        hands = hands_of(frame, team.shown, queue)
        at = columns(0, width, hands)
        for mine in hands:
            row, chosen = team.rows[mine.work.actor.name], mine.work.actor.name == frame.selected
            draw_hands(paper, at, row, min(team.each, height - row), mine, chosen, ())
        if team.rest:
            places = crew.Columns(0, 0, 0, 0, width)
            crew.draw_rest(paper, places, team.rest_row, team.rest)
    paper.right(width, 0, done, "done+bold")
    return paper
