"""A real terminal: what is left behind in it, however the explorer is left."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios

import pytest

ENTERED = b"\x1b[?1049h"
LEFT = b"\x1b[?1049l"
MOUSE_OFF = b"\x1b[?1000l"
CURSOR_ON = b"\x1b[?25h"
PATIENCE = 30.0


def read_until(terminal, wanted, seen=b""):
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        assert ready, f"nothing more came; {wanted!r} is missing"
        try:
            seen += os.read(terminal, 65536)
        except OSError:  # the other side has closed
            break
    assert wanted in seen
    return seen


@pytest.mark.parametrize(
    ("leave", "code"),
    [(b"q", 0), (b"\x11", 0), (b"\x03", 130), (signal.SIGTERM, 143), (signal.SIGINT, 130)],
    ids=["q", "ctrl+q", "ctrl+c", "SIGTERM", "SIGINT"],
)
def test_the_terminal_is_left_clean(leave, code):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(theirs)
    words = [sys.executable, "-m", "mailrail", "open", "competing-consumers", "--paused"]
    process = subprocess.Popen(
        words,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    try:
        seen = read_until(ours, b"quit")
        assert ENTERED in seen
        if isinstance(leave, bytes):
            os.write(ours, leave)
        else:
            process.send_signal(leave)
        seen = read_until(ours, LEFT, b"")
        assert process.wait(PATIENCE) == code
        while select.select([ours], [], [], 0)[0]:
            seen += os.read(ours, 65536)
        assert MOUSE_OFF in seen
        assert CURSOR_ON in seen
        assert b"Traceback" not in seen
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
