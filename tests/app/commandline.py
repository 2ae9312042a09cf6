"""What the tests of the command line share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mailrail.cli import main

LEASE = "competing-consumers/the-lock-is-a-lease"
LATE = "queue-based-load-leveling/saved-but-too-late"


class Result(NamedTuple):
    """How a command line ended and what it wrote."""

    code: int
    out: str
    err: str


Typed = Callable[..., Result]


def typing(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Return a function that carries out a command line in this process."""

    def typed(*words: str) -> Result:
        capsys.readouterr()
        code = main(words)
        written = capsys.readouterr()
        return Result(code, written.out, written.err)

    return typed


def process(*words: str, **more: str) -> subprocess.Popen[bytes]:
    """Start a command line in a process of its own, with more environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "mailrail", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **more},
        preexec_fn=_heed_ctrl_c if os.name == "posix" else None,  # noqa: PLW1509 - no threads here
    )


def _heed_ctrl_c() -> None:
    """Heed SIGINT in a child even if whoever runs the tests has them ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def scenario(folder: Path, text: str, name: str = "own.toml") -> str:
    """Write a scenario file and return its name."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)
