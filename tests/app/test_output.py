"""What reaches stdout: colour, encodings, and readers that leave."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text
from tests.app.commandline import LEASE, Typed

from mailrail import output
from mailrail_patterns.names import BadInput


class Terminal(io.TextIOWrapper):
    """A stdout that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding)

    def isatty(self) -> bool:
        return True

    @property
    def written(self) -> str:
        self.flush()
        return self.raw_bytes.getvalue().decode(self.encoding)


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stdout a terminal; not a fixture, for pytest replaces stdout before each test."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    found = Terminal()
    monkeypatch.setattr(sys, "stdout", found)
    return found


def test_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    output.page(Text("broken", "red"))
    assert terminal.written == "\x1b[31mbroken\x1b[0m\n"


def test_no_padding_on_a_terminal_either(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    assert typed("run", LEASE).code == 0
    assert "\x1b[" in terminal.written
    bare = re.sub(r"\x1b\[[0-9;]*m", "", terminal.written)
    assert all(line == line.rstrip() for line in bare.splitlines())


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    output.page(Text("broken", "red"))
    assert terminal.written == "broken\n"


def test_no_colour_in_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    output.page(Text("broken", "red"))
    assert capsys.readouterr().out == "broken\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
def test_every_encoding_can_show_a_report(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    found = Terminal(encoding)
    monkeypatch.setattr(sys, "stdout", found)
    monkeypatch.setenv("COLUMNS", "80")
    assert typed("run", LEASE).code == 0
    assert "effect-once breaks" in found.written
    assert "?" not in found.written


def test_what_an_encoding_lacks_is_replaced_by_what_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Terminal("ascii")
    monkeypatch.setattr(sys, "stdout", found)
    output.line("✓ a · b … 3× “q” 漢 \udce9")
    assert found.written == '+ a - b ... 3x "q" ? ?\n'


def test_a_reader_that_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())
    with pytest.raises(output.Closed):
        output.line("hello")


def test_a_disk_that_is_full(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(Terminal):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(BadInput, match="stdout: cannot write: No space left"):
        output.line("hello")
    assert typed("list").code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device here")
@pytest.mark.parametrize("words", [("--help",), ("list",)])
def test_a_full_disk_is_told_whoever_writes(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run(
            [sys.executable, "-m", "mailrail", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    told = b"mailrail: stdout: cannot write: No space left on device\n"
    assert (found.returncode, found.stderr) == (2, told)


def test_no_stderr_at_all(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert typed("lst").code == 2


def test_no_stdout_at_all(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert typed("list").code == 0
    sys.stdout.close()


@pytest.mark.parametrize(
    ("size", "word"), [((39, 24), "39x24"), ((80, 11), "80x11"), ((40, 12), ""), ((0, 0), "")]
)
def test_the_smallest_terminal(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], word: str
) -> None:
    terminal = a_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(terminal, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda where: os.terminal_size(size))
    found = output.missing_for_screen()
    assert word in found
    assert bool(found) == bool(word)


def test_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    a_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert "dumb" in output.missing_for_screen()


def test_who_names_a_driver_brings_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "some.driver:Driver")
    assert output.missing_for_screen() == ""
