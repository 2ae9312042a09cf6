"""``mailrail record``: a still without a terminal, the same bytes each time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from tests.app.commandline import Typed
from textual.strip import Strip

from mailrail.recording import dimensions
from mailrail.recording.svg import picture
from mailrail_patterns.names import BadInput

LEASE = "competing-consumers/the-lock-is-a-lease"


def text_of(path: Path) -> str:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    return "\n".join("".join(each.itertext()) for each in root.iter())


def test_it_draws_the_instant_that_was_asked_for(typed: Typed, tmp_path: Path) -> None:
    out = tmp_path / "lease.svg"
    assert typed("record", LEASE, "-o", str(out), "--at", "8.6s", "--size", "100x30").code == 0
    text = text_of(out)
    assert "t 8.6 s" in text
    assert "crashed" in text
    assert "http" not in out.read_text().replace("http://www.w3.org/2000/svg", "")


def test_twice_is_the_same_bytes(typed: Typed, tmp_path: Path) -> None:
    one, two = tmp_path / "one.svg", tmp_path / "two.svg"
    for out in (one, two):
        typed("record", LEASE, "-o", str(out), "--theme", "paper", "--do", "3s crash consumer-1")
    assert one.read_bytes() == two.read_bytes()
    assert "consumer-1" in text_of(one)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "x.gif"], "expected a name that ends in .svg"),
        (["-o", "x.svg", "--size", "wide"], "expected columns and rows"),
        (["-o", "x.svg", "--size", "10x3"], "expected 40×12 to 400×200"),
        (["-o", "x.svg", "--at", "99s"], "is after the end"),
        (["-o", "x.svg", "--theme", "dusky"], "unknown theme"),
        (["-o", "nowhere/x.svg"], "there is no directory 'nowhere'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = typed("record", LEASE, *words)
    assert answer.code == 2
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_overwritten_unasked(typed: Typed, tmp_path: Path) -> None:
    out = tmp_path / "kept.svg"
    out.write_text("mine")
    assert typed("record", LEASE, "-o", str(out)).code == 2
    assert out.read_text() == "mine"
    assert typed("record", LEASE, "-o", str(out), "--force").code == 0
    assert out.read_text().startswith("<svg")


def test_a_full_disk_leaves_no_half_a_picture(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = typed("record", LEASE, "-o", str(tmp_path / "x.svg"), "--size", "40x12")
    assert answer.code == 2
    assert "No space left on device" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_cells_become_places() -> None:
    strip = Strip([Segment("ab ", Style.parse("bold #ff0000 on #000001")), Segment("<&>")])
    text = picture([strip], (6, 1), "#000000")
    assert "&lt;&amp;&gt;" in text
    assert 'font-weight="bold"' in text
    assert 'fill="#000001"' in text
    ET.fromstring(text)


@pytest.mark.parametrize("text", ["", "120", "x36", "-1x5", "120x36x2"])
def test_a_size_that_is_none(text: str) -> None:
    with pytest.raises(BadInput):
        dimensions(text)
