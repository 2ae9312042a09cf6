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
from mailrail_patterns.commands import Inject
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
    ("competing-consumers/set-aside-or-turned-down", "deferred", 3, r", [1-9] deferred"),
    ("competing-consumers/same-poison-kafka-share-group", "shelved", 7, r"archived"),
    ("pipes-and-filters/gap-at-the-sink", "deferred", 6, r"aside"),
    ("pipes-and-filters/poison-in-the-pipe", "dead_lettered", 23, r"[1-9] dead|dead [1-9]"),
    ("publisher-subscriber/poison-for-one", "dead_lettered", 3, r"[1-9] dead"),
    ("queue-based-load-leveling/batches-all-or-nothing", "dead_lettered", 8, r"& dead [1-9]"),
    ("queue-based-load-leveling/shed-what-is-stale", "expired", 20, r"expired [1-9]"),
    ("sequential-convoy/lanes", "dead_lettered", 6, r"& dead [1-9]"),
    ("sequential-convoy/out-of-order-resequenced", "deferred", 4, r", ?\S+( set)? aside"),
    ("sequential-convoy/a-stale-write", "expired", 6, r"expired [1-9]"),
    ("competing-consumers/the-lock-is-a-lease ttl=1s", "expired", 8, r"expired [1-9]"),
    ("priority-queue/starve-then-age ttl=3s", "expired", 10, r"expired [1-9]"),
    ("pipes-and-filters ttl=3s", "expired", 13, r"[1-9] expired"),
    ("pipes-and-filters/order-lost-resequenced", "deferred", 9, r"[1-9] aside"),
    ("queue-based-load-leveling/saved-but-too-late-drop-oldest", "dropped", 2, r"dropped [1-9]"),
    ("queue-based-load-leveling/saved-but-too-late-bound-10", "rejected", 2, r"rejected [1-9]"),
    ("claim-check/lost-luggage", "rejected", 1, r"[1-9] refused"),
]
"""Scenario and settings, what happens to a message, when at the latest (s), what tells it."""


def test_what_cannot_be_received_yet_has_a_sign_of_its_own() -> None:
    assert len({glyphs.LATER, glyphs.ASIDE, glyphs.DEAD, glyphs.DONE, glyphs.LOCKED}) == 5
    own = (glyphs.ASIDE, glyphs.LATER, glyphs.DEAD, glyphs.DONE, glyphs.PRODUCER)
    plain = [sign.translate(PLAIN) for sign in own]
    assert len(set(plain)) == len(own)
    others = [s for s in (*glyphs.STATES.values(), glyphs.LOCKED) if s.translate(PLAIN) in plain]
    assert others == []


def around(name: str, what: str, until: float, after: float = 0.9) -> list[LabFrame]:
    """Return the frame before the first event of a kind, and one ``after`` that many seconds."""
    name, *settings = name.split()
    overrides = dict(setting.split("=") for setting in settings)
    session = Session(find(name), clock=lambda: 0.0, overrides=overrides)
    session.run.advance(until + 1)
    first = next(event for event in session.run.events if event.kind == what)
    session.run.seek_event(first.n - 1)
    before = session.frame()
    session.run.seek(first.t + after)
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
    before, after = around(pattern, "delivered", 20, 0.2)
    working = glyphs.state("working").translate(PLAIN)
    for size in SIZES:
        texts = drawn(before, size), drawn(after, size)
        told = [text.count(working) + text.count("working") for text in texts]
        assert told[1] > told[0], (size, texts[1])
    rows = [paint_queues(frame, 60, 12).text().translate(PLAIN) for frame in (before, after)]
    assert rows[0] != rows[1]
    assert all("ready" in text and "locked" in text and text.isascii() for text in rows)


def test_every_queue_tells_what_has_expired_on_it() -> None:
    before, after = around("choreography ttl=1s", "expired", 5)
    rows = [paint_queues(frame, 78, 12).text().splitlines() for frame in (before, after)]
    assert "expired" not in rows[0][0]
    assert "expired" in rows[1][0]
    assert any(" 1 " in row for row in rows[1][1:])


@pytest.mark.parametrize("pattern", catalog.MODULES)
async def test_a_fault_that_is_on_is_named_without_colour(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(pattern) as d:
        d.app.plain_signs = True
        assert not any("slow" in row for row in d.text()[:3])
        someone = next(a for a in d.session.run.view().actors if a.kind != "producer")
        d.session.do(Inject("slow", target=someone.name))
        d.lab.redraw()
        await d.settle()
        assert f"{glyphs.FAULT.translate(PLAIN)} slow" in d.text()[0]


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
