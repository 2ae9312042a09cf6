"""Everything that goes to stderr, and what each exit code means."""

from __future__ import annotations

import contextlib
import enum
import os
import sys
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bar


class Exit(enum.IntEnum):
    """How the command line ends."""

    HELD = 0
    """Every guarantee and every expectation held, or there was nothing to judge."""
    BROKE = 1
    """A guarantee or an expectation broke."""
    USAGE = 2
    """A wrong command line, a bad scenario, or a file that cannot be read or written."""
    NO_SCREEN = 3
    """The explorer cannot be drawn here."""
    BUG = 70
    """A fault of mailrail itself; never to be mistaken for a broken guarantee."""
    INTERRUPTED = 130
    """Ctrl-C."""


class NoScreen(Exception):
    """The explorer cannot be drawn here; the text says why."""


def complain(text: str) -> None:
    """Say in one line what is wrong; nothing that a file or a name holds breaks or colours it."""
    _put(f"mailrail: {''.join(map(_visible, text))}\n")


def takes_signs() -> bool:
    """Say whether box drawing and the like reach the terminal: Textual draws to where words go."""
    try:
        "─●▸".encode(getattr(sys.__stderr__, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@contextlib.contextmanager
def strays() -> Iterator[None]:
    """Let what a library prints go where its words belong: stdout is for data."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def confess(problem: BaseException) -> None:
    """Show a failure of our own with everything needed to report it."""
    _put("".join(traceback.format_exception(problem)))
    _put("mailrail: this is a bug in mailrail; please report it with the lines above\n")


class Progress:
    """A line on stderr that shows how far something has come; nothing where that is no terminal.

    It is drawn when it is told of something new, never in between, and taken away at the end.
    """

    def __init__(self, total: int) -> None:
        """Prepare the line; ``total`` is what there is to do."""
        self._total = total
        self._bar: Bar | None = None

    def __enter__(self) -> Progress:
        """Draw the line."""
        if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return self
        from rich.console import Console  # noqa: PLC0415 - not needed where nobody looks
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        self._bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", style="dim"),
            console=Console(stderr=True, highlight=False, emoji=False),
            transient=True,
            auto_refresh=False,
        )
        self._bar.add_task("", total=self._total)
        try:
            self._bar.start()
        except BaseException:
            self._bar.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.stop()

    def reached(self, count: int, about: str = "") -> None:
        """Show that ``count`` are done, and what is being done."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=count, description=about)
            self._bar.refresh()


def _visible(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


def _put(text: str) -> None:
    """Write to stderr; there is nobody left to tell if that fails."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return
