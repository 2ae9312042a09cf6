"""Runs a shell command in a pseudo-terminal of 80x24, waits for the gallery, presses q.

Usage: first_command.py COMMAND. Exits 0 if the explorer came up, showed its patterns and left
with 0; else prints what the screen said and exits 1.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 600.0
WANTED = (b"Competing Consumers", b"Load Leveling")


def main(command: str) -> int:
    """Run ``command`` and answer whether it did what the README promises."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp("bash", ["bash", "-euo", "pipefail", "-c", command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen, pressed, deadline = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        readable, _, _ = select.select([terminal], [], [], 0.5)
        if readable:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        if not pressed and all(text in seen for text in WANTED):
            os.write(terminal, b"q")
            pressed = True
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if pressed and code == 0:
        print("the gallery came up and q left it")
        return 0
    print(f"exit code {code}; the screen said:\n{seen[-4000:].decode(errors='replace')}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
