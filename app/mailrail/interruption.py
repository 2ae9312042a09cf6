"""Ctrl-C that comes while a library is being loaded is put off until it has been.

Python loads a module in the middle of an import as if nothing could interrupt it: an interruption
there may be swallowed, or come out as an error of the module. Both would be news of a fault to
somebody who only wanted to leave.
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import time
from collections.abc import Coroutine
from types import FrameType
from typing import Any, Final, TypeVar

T = TypeVar("T")

_LATER: Final = 0.02
"""Seconds until it is tried again."""

_LOADER: Final = "<frozen importlib."


def heed() -> None:
    """Be interrupted by Ctrl-C between imports only; where it is ignored, it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        with contextlib.suppress(ValueError):  # only the main thread is ever interrupted
            signal.signal(signal.SIGINT, _interrupt)


def carried(main: Coroutine[Any, Any, T]) -> T:
    """Carry a coroutine to its end on an event loop, which hears Ctrl-C between two steps.

    Raises:
        KeyboardInterrupt: On Ctrl-C, once the coroutine has been cancelled.
    """
    import asyncio  # noqa: PLC0415 - keeps --help fast

    # A loop takes Ctrl-C over from Python's own handler only.
    ours = signal.getsignal(signal.SIGINT) is _interrupt
    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return asyncio.run(main)
    finally:
        if ours:
            signal.signal(signal.SIGINT, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _loading(frame):
        _thread.start_new_thread(_again, ())
    else:
        signal.default_int_handler(number, frame)


def _loading(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith(_LOADER):
            return True
        frame = frame.f_back
    return False


def _again() -> None:
    time.sleep(_LATER)
    _thread.interrupt_main()
