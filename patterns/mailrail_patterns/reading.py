"""Reading a TOML file that somebody else wrote: no more of it than there should be."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from .names import BadInput

LARGEST: Final = 4_000_000
"""Largest file that is read, in bytes."""


def text_of(path: Path, kind: str) -> str:
    """Return the text of a file; a pipe or a device is never opened, for it might not end.

    Args:
        path: The file.
        kind: What it should be, for complaints.

    Raises:
        FileNotFoundError: If there is none, nor a folder for it.
        BadInput: If it cannot be read, or is too large to be what it should.
    """
    try:
        if path.is_dir():
            raise BadInput(f"this is a directory; expected a {kind}")
        if path.exists() and not path.is_file():
            raise BadInput(f"this is a device or a pipe; expected a {kind}")
        if path.stat().st_size > LARGEST:
            raise BadInput(f"larger than {LARGEST} bytes; that is no {kind}")
        # Some editors put a mark before the first letter that TOML knows nothing of.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8 (byte {problem.start})") from None
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise FileNotFoundError(problem.errno, problem.strerror) from None
    except OSError as problem:
        raise BadInput(problem.strerror or str(problem)) from None


def parsed(text: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises:
        BadInput: If it is no TOML, or more than can be read.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadInput(f"not TOML: {problem}") from None
    except ValueError:
        raise BadInput("not TOML: a number has more digits than can be read") from None
    except RecursionError:
        raise BadInput("not TOML: nested too deeply") from None
