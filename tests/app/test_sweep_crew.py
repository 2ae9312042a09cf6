"""The processes of a sweep: the same result however many, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.app.commandline import Typed

from mailrail.sweep_crew import Lost, attempt
from mailrail.sweep_work import results
from mailrail_patterns.scenario import find
from mailrail_patterns.sweeping import Trial, by_seed
from mailrail_patterns.trials import Sweep

WORDS = ("sweep", "competing-consumers", "--set", "every=exponential(2s)", "--for", "30s")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="who is whose child is read from /proc"
)


def test_one_process_or_two(typed: Typed) -> None:
    words = (*WORDS, "--set", "service=exponential(3s)", "--seeds", "30", "--json")
    alone, together = typed(*words, "--jobs", "1"), typed(*words, "--jobs", "2")
    assert alone.code == 1
    assert alone == together


def test_a_failure_of_the_engine_comes_back() -> None:
    sweep = Sweep(find("competing-consumers"), {"lock": "nonsense"})
    assert "BadInput" in attempt(sweep, Trial(1)).failure


def test_little_work_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailrail.sweep_work.Crew", None)
    sweep = Sweep(find("competing-consumers"))
    assert len(results(sweep, by_seed(1, 3).trials, None)) == 3


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(word) for word in path.read_text().split()]
    except OSError:
        return []


def crew_of(pid: int) -> list[int]:
    """Return the members of a sweep's crew; what keeps their books is not one of them."""
    found = []
    for child in children(pid):
        try:
            line = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in line:
            found.append(child)
    return found


def started(stderr: int) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start an endless sweep as the foreground of a terminal would, and wait for its crew."""
    running = subprocess.Popen(
        [sys.executable, "-m", "mailrail", *WORDS, "--seeds", "100000", "--jobs", "2"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
        env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while len(crew := crew_of(running.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    return running, crew


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@needs_proc
@pytest.mark.parametrize("wait", [0.0, 0.8])
def test_ctrl_c_ends_everybody(wait: float) -> None:
    running, crew = started(subprocess.PIPE)
    assert len(crew) == 2
    time.sleep(wait)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out, err) == (130, b"", b"")
    assert gone(crew)


@needs_proc
def test_the_terminal_is_left_as_it_was() -> None:
    ours, theirs = os.openpty()
    running, crew = started(theirs)
    os.close(theirs)
    written = b""
    while b"/100000" not in written:
        written += os.read(ours, 4096)
    os.killpg(running.pid, signal.SIGINT)
    try:
        while chunk := os.read(ours, 4096):
            written += chunk
    except OSError:  # the other side is closed
        pass
    running.communicate(timeout=20)
    os.close(ours)
    assert running.returncode == 130
    assert written.count(b"\x1b[?25l") == written.count(b"\x1b[?25h") == 1
    assert b"Traceback" not in written
    assert gone(crew)


@needs_proc
def test_nobody_outlives_a_sweep_that_is_killed() -> None:
    running, crew = started(subprocess.DEVNULL)
    running.kill()
    running.communicate(timeout=20)
    assert gone(crew)


@needs_proc
def test_a_member_that_dies_is_no_verdict() -> None:
    def kill_one(done: int) -> None:
        for child in crew_of(os.getpid())[:1]:
            os.kill(child, signal.SIGKILL)

    sweep = Sweep(find("competing-consumers"))
    with pytest.raises(Lost):
        results(sweep, by_seed(1, 400).trials, 2, kill_one)
    assert not crew_of(os.getpid())
