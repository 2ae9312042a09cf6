"""Everything that goes to stderr, and what each exit code means."""

from __future__ import annotations

import enum
import sys
import traceback


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
    """Say in one line what is wrong."""
    _put(f"mailrail: {text}\n")


def confess(problem: BaseException) -> None:
    """Show a failure of our own with everything needed to report it."""
    _put("".join(traceback.format_exception(problem)))
    _put("mailrail: this is a bug in mailrail; please report it with the lines above\n")


def _put(text: str) -> None:
    """Write to stderr; there is nobody left to tell if that fails."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return
