"""A crew of processes that carry out the trials of a sweep.

Ctrl-C goes to every process of a terminal. The members of the crew never hear it: it is blocked
before they are born, and they are ended by us, so that nothing is left behind and nothing said.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Final

from mailrail_patterns.sweeping import Trial
from mailrail_patterns.trials import Result, Sweep, carry_out

if TYPE_CHECKING:
    from types import TracebackType

_FAREWELL: Final = 2.0
"""Seconds a member has to leave before it is made to."""


class Lost(Exception):
    """A process of the crew died, and with it the trials it was at."""


def attempt(sweep: Sweep, trial: Trial) -> Result:
    """Carry out a trial; a fault of the engine becomes part of the result."""
    try:
        return carry_out(sweep, trial)
    except Exception as problem:  # whatever it is, the sweep goes on and tells of it in the end
        return Result(failure="".join(traceback.format_exception(problem)))


class Crew:
    """Processes that carry out trials."""

    def __init__(self, sweep: Sweep, count: int) -> None:
        """Plan ``count`` processes for a sweep; they are started on entering."""
        self._sweep = sweep
        self._count = count
        self._members: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Crew:
        """Start the processes."""
        context = multiprocessing.get_context("spawn")
        if os.name == "posix":
            # Starting it unblocks the signal; done now, it will not do so in between.
            resource_tracker.ensure_running()
        try:
            with _deaf():
                for _ in range(self._count):
                    ours, theirs = context.Pipe()
                    member = context.Process(target=_serve, args=(theirs, self._sweep), daemon=True)
                    self._members[ours] = member
                    member.start()
                    theirs.close()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes, whatever they are doing."""
        self._end()

    def work(self, chunks: Sequence[Sequence[Trial]]) -> Iterator[tuple[int, list[Result]]]:
        """Hand the chunks out and yield the results of each as they come, with its number.

        Raises:
            Lost: If a process died.
        """
        remaining = iter(enumerate(chunks))
        busy: list[Connection] = []
        try:
            for member in self._members:
                if (task := next(remaining, None)) is not None:
                    member.send(task)
                    busy.append(member)
            while busy:
                for ready in wait(busy):
                    assert isinstance(ready, Connection)
                    number, found = ready.recv()
                    if (task := next(remaining, None)) is not None:
                        ready.send(task)
                    else:
                        busy.remove(ready)
                    yield number, found
        except (EOFError, OSError) as problem:
            raise Lost from problem

    def _end(self) -> None:
        with _deaf():  # an impatient second Ctrl-C waits until everybody is gone
            for connection, member in self._members.items():
                connection.close()
                if member.pid is not None:
                    member.terminate()
            for member in self._members.values():
                if member.pid is not None:
                    member.join(_FAREWELL)
                    if member.is_alive():
                        member.kill()
                        member.join()
            self._members.clear()


def _serve(connection: Connection, sweep: Sweep) -> None:
    """Carry out what comes over the connection until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, trials = connection.recv()
            connection.send((number, [attempt(sweep, trial) for trial in trials]))


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Put off Ctrl-C; who is born meanwhile never hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
