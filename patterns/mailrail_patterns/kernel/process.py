"""A process: a coroutine stepped by us, that can be crashed, paused and asked where it waits."""

from __future__ import annotations

import enum
from collections.abc import Callable, Coroutine
from typing import Any, Final

from .agenda import Agenda, Timer

MANY: Final = 1
"""Port calls a process may have made in one step and still make another at once."""


class State(enum.Enum):
    """What a process is doing, as far as the kernel knows."""

    RUNNING = "running"
    PAUSED = "paused"
    CRASHED = "crashed"
    STOPPED = "stopped"


def _nothing(_: Any) -> None:
    """Take the place of a coroutine that is never to be stepped again."""


class Process:
    """One incarnation of an actor.

    A crash is not a cancellation: the coroutine is never stepped again, and is kept, so that
    nothing of it (no ``finally``) runs before the whole run is dropped. A paused process is
    stepped late, once, with what it was woken for.

    Attributes:
        name: The actor's name.
        incarnation: 1 for the first life, one more after each restart.
        state: What the process is doing.
        stopping: True once it was asked to finish and leave.
        cause: Number of the event that what it does next is caused by.
        birth: Number of the event that started it.
        conversation: The conversation of the message it works on; empty between messages.
        failure: The exception that ended it, if its code was at fault.
        plan: Its place in the order of insertion when it started, for what it plans ahead.
        reachable: Whether messages may be handed to it: not once it is dead or leaving, and
            not while it is cut off.
        cut_off: Whether the network lets nothing through to it or from it.
        others: What is ready at this instant. A port call lets it happen first. It also lets go
            once this process has made a few calls (``MANY``) in one step: one that goes round
            in circles at one instant must give the agenda a chance to notice.
        calls: Port calls made since it was last stepped.
        watchers: Told, right after it, that the process has died, left, frozen, run on, or lost
            or found its way to the broker.
    """

    def __init__(
        self,
        agenda: Agenda,
        name: str,
        incarnation: int,
        ended: Callable[[Process], None],
    ) -> None:
        self.name = name
        self.incarnation = incarnation
        self.state = State.RUNNING
        self.stopping = False
        self.cause = 0
        self.birth = 0
        self.conversation = ""
        self.failure: Exception | None = None
        self.on_stop: Callable[[], None] | None = None
        self.plan = agenda.reserve()
        self._agenda = agenda
        self._ended = ended
        self.reachable = True
        self.cut_off = False
        self.watchers: list[Callable[[Process], None]] = []
        self.others = agenda.ready
        self.calls = 0
        self._late: list[Any] = []
        self._asleep: list[Callable[[Any], None]] = []
        self._coroutine: Coroutine[None, Any, None] | None = None
        self._send: Callable[[Any], object] = _nothing
        self._frozen: Callable[[Any], object] = _nothing
        self.step = self._step

    def start(self, code: Callable[[], Coroutine[None, Any, None]]) -> None:
        """Begin to run ``code()`` at the present instant; it is called when its turn comes."""

        def begin(value: Any) -> None:
            self._coroutine = code()
            self._send = self._coroutine.send
            self._send(value)

        self._send = begin
        self.wake(None)

    @property
    def can_act(self) -> bool:
        """Whether it runs, or will once it is resumed."""
        return self.state is State.RUNNING or self.state is State.PAUSED

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        return self._agenda.now

    def alarm(self, seconds: float, action: Callable[[Any], None]) -> Timer:
        """Call ``action`` after so many seconds, unless it is cancelled."""
        return self._agenda.at(self._agenda.now + seconds, action)

    def cancel(self, timer: Timer) -> None:
        """Take an alarm back."""
        self._agenda.cancel(timer)

    def _step(self, value: Any) -> None:
        self.calls = 0
        try:
            self._send(value)
        except StopIteration:
            self._end(State.STOPPED)
        except Exception as problem:
            self.failure = problem
            self._end(State.CRASHED)

    def _end(self, state: State) -> None:
        self._leave(state)
        self._ended(self)

    def _leave(self, state: State) -> None:
        self.state = state
        self.reachable = False
        self._send = _nothing
        self._late.clear()
        self._tell()

    def _tell(self) -> None:
        for watcher in self.watchers:
            self.others.append((watcher, self))

    def cut(self, off: bool) -> None:
        """Take the way to the broker away, or give it back."""
        self.cut_off = off
        self.reachable = not off and self.can_act and not self.stopping
        self._tell()

    @property
    def silent(self) -> bool:
        """Whether nobody hears of it although it is not dead."""
        return self.cut_off or self.state is State.PAUSED

    def wake(self, value: Any) -> None:
        """Step the process at this instant, after what is ready already."""
        self.others.append((self.step, value))

    def ask_to_stop(self) -> None:
        """Let it finish what it holds and leave; it is handed nothing more."""
        self.stopping = True
        self.reachable = False
        if self.on_stop is not None:
            self.on_stop()

    def crash(self) -> None:
        """Die at once: no cleanup, nothing settled, nothing sent, no lock released."""
        self._leave(State.CRASHED)

    def retire(self) -> None:
        """Leave at once, as it was asked to; for processes that hold nothing."""
        self.stopping = True
        self._leave(State.STOPPED)

    def pause(self) -> None:
        """Freeze; what it is woken for meanwhile waits."""
        self.state = State.PAUSED
        self._frozen, self._send = self._send, self._late.append
        self._tell()

    def resume(self) -> None:
        """Run on; a wake-up that came meanwhile is delivered now."""
        self.state = State.RUNNING
        self._send = self._frozen
        for value in self._late:
            self.wake(value)
        self._late.clear()
        self.others.extend((action, None) for action in self._asleep)
        self._asleep.clear()
        self._tell()

    def when_awake(self, action: Callable[[Any], None]) -> None:
        """Do what a library does beside the coroutine: now, once it runs on, or never more."""
        if self.state is State.RUNNING:
            action(None)
        elif self.state is State.PAUSED:
            self._asleep.append(action)

    def stands_at(self, ours: Callable[[str], bool]) -> tuple[tuple[str, int], ...]:
        """Return file and line of each call the coroutine is in, the outermost first.

        Args:
            ours: Says whether a file name is one the reader cares about (a pattern's module).
        """
        found = []
        current: Any = self._coroutine
        while current is not None:
            frame = getattr(current, "cr_frame", None) or getattr(current, "gi_frame", None)
            if frame is not None and ours(frame.f_code.co_filename):
                found.append((frame.f_code.co_filename, frame.f_lineno))
            current = getattr(current, "cr_await", None) or getattr(current, "gi_yieldfrom", None)
        return tuple(found)
