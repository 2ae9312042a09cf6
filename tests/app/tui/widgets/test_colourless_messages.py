"""Without colour and with plain signs only, what became of a message is told by sign or word."""

from __future__ import annotations

import re

import pytest
from rich.segment import Segment
from tests.app.tui.driving import Opened
from tests.app.tui.widgets.test_colourless import SIZES

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.widgets import glyphs
from mailrail.tui.widgets.glyphs import PLAIN
from mailrail.tui.widgets.guarantees import paint_guarantees
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks
from mailrail.tui.widgets.queues import paint_queues
from mailrail_patterns import catalog
from mailrail_patterns.scenario import find

ENDS = [
    ("asynchronous-request-reply/what-the-status-says", "dead_lettered", 27, r"dead [1-9]"),
    (
        "asynchronous-request-reply/worked-for-nobody-ttl-less-the-work",
        "expired",
        6,
        r"expired [1-9]",
    ),
    ("choreography/stuck-and-why", "dead_lettered", 7, r"&1"),
    ("claim-check/tampered", "dead_lettered", 2, r"& [1-9] dead"),
    ("competing-consumers/same-poison", "dead_lettered", 5, r"dead letters? 1|& .*1"),
    ("competing-consumers/set-aside-or-turned-down", "deferred", 3, r"deferred"),
    ("competing-consumers/same-poison-kafka-share-group", "shelved", 7, r"archived"),
    ("pipes-and-filters/poison-in-the-pipe", "dead_lettered", 23, r"[1-9] dead|dead [1-9]"),
    ("publisher-subscriber/poison-for-one", "dead_lettered", 3, r"[1-9] dead"),
    ("queue-based-load-leveling/batches-all-or-nothing", "dead_lettered", 8, r"& dead [1-9]"),
    ("queue-based-load-leveling/shed-what-is-stale", "expired", 20, r"expired [1-9]"),
    ("sequential-convoy/lanes", "dead_lettered", 6, r"& dead [1-9]"),
    ("sequential-convoy/out-of-order-resequenced", "deferred", 4, r"aside"),
    ("sequential-convoy/a-stale-write", "expired", 6, r"expired [1-9]"),
]
"""Scenario, what happens to a message, when at the latest (seconds), what tells it."""


def around(name: str, what: str, until: float) -> list[LabFrame]:
    """Return the frame before the first event of a kind, and one when nothing moves any more."""
    session = Session(find(name), clock=lambda: 0.0)
    session.run.advance(until + 1)
    first = next(event for event in session.run.events if event.kind == what)
    session.run.seek_event(first.n - 1)
    before = session.frame()
    session.run.seek(first.t + 0.9)
    return [before, session.frame()]


def drawn(frame: LabFrame, size: tuple[int, int]) -> str:
    return PAINTERS[frame.pattern](frame, *size, Peaks()).text().translate(PLAIN)


@pytest.mark.parametrize(("name", "what", "until", "told"), ENDS)
def test_how_a_message_ended_can_be_read_without_colour(
    name: str, what: str, until: float, told: str
) -> None:
    before, after = around(name, what, until)
    for size in SIZES:
        texts = drawn(before, size), drawn(after, size)
        found = [len(re.findall(told, text)) for text in texts]
        assert found[1] > found[0], (size, texts[1])
        assert texts[1].isascii()


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_a_message_that_is_held_is_told_from_one_that_waits(pattern: str) -> None:
    before, after = around(pattern, "delivered", 20)
    for size in SIZES:
        assert drawn(before, size) != drawn(after, size)
    rows = [paint_queues(frame, 60, 12).text().translate(PLAIN) for frame in (before, after)]
    assert rows[0] != rows[1]
    assert all("ready" in text and "locked" in text and text.isascii() for text in rows)


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_a_guarantee_is_told_to_hold_or_to_be_broken(pattern: str) -> None:
    for name in catalog.bundled(pattern):
        session = Session(find(name), clock=lambda: 0.0)
        session.run.advance(20.0)
        frame = session.frame(("guarantees",))
        broken = [each for each in frame.findings if not each.holds]
        if broken:
            break
    rows = paint_guarantees(frame, 50, len(frame.findings)).text().translate(PLAIN).splitlines()
    signs = {glyphs.HOLDS.translate(PLAIN), glyphs.BROKEN.translate(PLAIN)}
    assert len(signs) == 2
    for finding, row in zip(sorted(frame.findings, key=lambda f: f.holds), rows, strict=True):
        assert ("holds " in row, "broken" in row) == (finding.holds, not finding.holds)


def plain(segments: list[Segment]) -> bool:
    colours = [c for s in segments if s.style for c in (s.style.color, s.style.bgcolor)]
    return all(c is None or c.is_default or len(set(c.get_truecolor())) == 1 for c in colours)


@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_no_lab_has_any_colour_where_none_is_wanted(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(pattern) as d:
        d.session.seek(6.0)
        d.lab.redraw()
        await d.settle()
        segments = [s for strip in d.app.screen._compositor.render_strips() for s in strip]
        assert plain(segments)
        assert sum("‖ paused" in row for row in d.text()) == 1
