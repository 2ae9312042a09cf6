"""What every test shares: options, paths, the event loop."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--fuzz N``: so many random histories a pattern instead of the modest number of CI."""
    parser.addoption("--fuzz", type=int, default=0, help="random histories for each pattern")


def pytest_configure(config: pytest.Config) -> None:
    """Hand the option on to the module that reads it, and undo what a caller's shell may have set.

    A shell without job control starts what it puts in the background with Ctrl-C ignored, and
    every process below inherits that: no test of an interruption could pass there. Without
    colours none of the themes could be told from another.
    """
    os.environ.pop("NO_COLOR", None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    wanted = config.getoption("--fuzz")
    if wanted:
        os.environ["MAILRAIL_FUZZ"] = str(wanted)


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio alone: it is what Textual runs on."""
    return "asyncio"
