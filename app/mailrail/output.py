"""Everything that goes to stdout goes through here.

Text is made fit for the terminal's encoding, colour is left out where it is not wanted, and a
reader that has had enough (``| head``) ends the output without a word.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable
from io import StringIO
from typing import TYPE_CHECKING, Final, TextIO

from mailrail_patterns.names import BadInput

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

SMALLEST: Final = (40, 12)
"""Columns and lines below which nothing useful of the explorer can be drawn."""

_TRAILING: Final = re.compile(r"(?: |\x1b\[[0-9;]*m)+$", re.MULTILINE)
_PIPED_WIDTH: Final = 80
_WIDEST: Final = 120
_PLAIN: Final = str.maketrans(
    {
        "·": "-", "…": "...", "–": "-", "—": "-", "×": "x", "✓": "+", "✗": "X", "▲": "!",
        "▸": ">", "│": "|", "┃": "|", "─": "-", "━": "-", "≥": ">=", "≤": "<=", "→": "->",
        "“": '"', "”": '"', "‘": "'", "’": "'", "∞": "inf", "µ": "u",
    }
)  # fmt: skip


def _lookalike(problem: UnicodeError) -> tuple[str, int]:
    """Replace what an encoding lacks by what reads the same, so that no line is ever lost."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    bad = problem.object[problem.start : problem.end]
    return "".join(_ascii(letter) for letter in bad), problem.end


def _ascii(letter: str) -> str:
    plain = letter.translate(_PLAIN)
    return plain if plain.isascii() else "?"


codecs.register_error("mailrail.lookalike", _lookalike)


class Closed(Exception):
    """Whoever read stdout has gone; there is no use in going on."""


def is_terminal() -> bool:
    """Say whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def missing_for_screen() -> str:
    """Return what stands in the way of drawing on this terminal; empty if nothing does.

    Who names a driver of Textual's own in ``TEXTUAL_DRIVER``, as a web server does, brings the
    screen along.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return ""
    # A process that was started without stdin has none at all.
    if sys.stdin is None or not (sys.stdin.isatty() and is_terminal()):
        return "needs a terminal to draw on; without one, try 'mailrail run' or 'mailrail list'"
    if os.environ.get("TERM") == "dumb":
        return "this terminal calls itself 'dumb' and cannot be drawn on; set TERM"
    try:
        columns, lines = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return ""
    least, lowest = SMALLEST
    if 0 < columns < least or 0 < lines < lowest:
        return f"needs at least {least}x{lowest} characters; this terminal has {columns}x{lines}"
    return ""


def console(file: TextIO | None = None) -> Console:
    """Return a console for stdout: 80 columns when piped, at most 120 on a terminal.

    Colour follows the terminal and ``NO_COLOR``; a pipe stays plain even under ``FORCE_COLOR``,
    for what is pasted must not hold escapes.

    Args:
        file: Where the text goes instead; it is laid out for stdout all the same.
    """
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            abandon()
            raise Closed

    _use_lookalikes()
    terminal = is_terminal()
    found = Quiet(
        file=file or sys.stdout, force_terminal=terminal, width=None if terminal else _PIPED_WIDTH,
        color_system="auto" if terminal else None, highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    if found.width > _WIDEST:
        found.width = _WIDEST
    return found


def page(*parts: RenderableType) -> None:
    """Print renderables one below the other; text that is not to be wrapped stays in one piece.

    Raises:
        Closed: If nobody reads any more.
        BadInput: If stdout cannot be written.
    """
    paper = StringIO()
    where = console(paper)
    for part in parts:
        where.print(part, soft_wrap=getattr(part, "no_wrap", None) is True)
    # A paste must not carry the padding of tables; what switches colour off has to stay.
    text = _TRAILING.sub(lambda end: end[0].replace(" ", ""), paper.getvalue())
    line(text.removesuffix("\n"))


def line(text: str) -> None:
    """Print one line as it is, however long.

    Raises:
        Closed: If nobody reads any more.
        BadInput: If stdout cannot be written.
    """
    _use_lookalikes()

    def put() -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    _write(put)


def data(chunks: Iterable[bytes]) -> None:
    """Write bytes as they are.

    Raises:
        Closed: If nobody reads any more.
        BadInput: If stdout cannot be written.
    """

    def put() -> None:
        sys.stdout.flush()
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()

    _write(put)


def _write(action: Callable[[], object]) -> None:
    """Write, and turn what can go wrong with stdout into our own terms."""
    try:
        action()
    except BrokenPipeError:
        abandon()
        raise Closed from None
    except OSError as problem:
        raise refused(problem) from None


def refused(problem: OSError) -> BadInput:
    """Give stdout up and return what there is to say of it."""
    abandon()
    return BadInput(f"cannot write: {problem.strerror or problem}", "stdout")


def abandon() -> None:
    """Point stdout at nothing, so that the interpreter's last flush cannot fail either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def _use_lookalikes() -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None and getattr(sys.stdout, "errors", "") != "mailrail.lookalike":
        reconfigure(errors="mailrail.lookalike")


def ensure() -> None:
    """Give a process that was started without stdout one that goes nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
