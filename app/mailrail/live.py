"""Telling a run while it happens, at so many seconds of virtual time a second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import anyio
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run

from . import output
from .highlights import Gap, story
from .interruption import carried
from .narration import readable, seconds
from .report import cells, passed_over
from .speeds import MAX
from .speeds import told as paced

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

TICK: Final = 0.05
"""Seconds of real time between two looks at the clock."""

STEPS: Final = 20_000
"""Steps of the engine between two looks, so that Ctrl-C is heard."""

_AT_ONCE: Final = 12
"""Lines told at one look, about."""

_DECIMALS: Final = 2


class PlainVoice(nullcontext[None]):
    """Tells it line by line, for pipes and files."""

    def tell(self, events: Sequence[Event], now: float, depth: int) -> None:
        """Print a line for each event worth one."""
        if events:
            output.page(told(events))


class TerminalVoice:
    """Tells it above a line that shows how far the run has come."""

    def __init__(self, duration: float, speed: float) -> None:
        self._duration = duration
        self._speed = speed
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> TerminalVoice:
        """Draw the progress line."""
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

        # No refresh thread: the line is drawn at each look at the clock and never in between.
        self._progress = Progress(
            TextColumn("{task.fields[clock]}"),
            BarColumn(),
            TextColumn("{task.fields[about]}", style="dim"),
            console=output.console(),
            transient=True,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("", total=self._duration, clock="", about="")
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the progress line away again."""
        if self._progress is not None:
            self._progress.stop()

    def tell(self, events: Sequence[Event], now: float, depth: int) -> None:
        """Print a line for each event worth one, and move the progress line."""
        if self._progress is None or self._task is None:
            return
        if events:
            self._progress.console.print(told(events))
        clock = f"{now:.1f} of {seconds(self._duration)}"
        about = f"{paced(self._speed)} · {depth} ready"
        self._progress.update(self._task, completed=now, clock=clock, about=about)
        self._progress.refresh()


def told(events: Sequence[Event]) -> RenderableType:
    """Return the lines for what happened between two looks."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True, min_width=9)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in story(events, _AT_ONCE, everything=len(events) <= _AT_ONCE):
        if isinstance(line, Gap):
            table.add_row("", Text("…", "dim"), Text(passed_over(line), "dim"))
        else:
            table.add_row(*cells(line, _DECIMALS))
    return table


async def follow(
    run: Run,
    speed: float,
    voice: PlainVoice | TerminalVoice,
    *,
    now: Callable[[], float] = anyio.current_time,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
) -> None:
    """Carry a run to its end in step with real time, telling it as it happens.

    Args:
        run: The run, at its start.
        speed: Seconds of virtual time a second; :data:`MAX`: as fast as it can be told.
        voice: Who tells it.
        now: Real time, in seconds.
        sleep: Waits so many seconds of real time.
    """
    begin, known = now(), 0
    with voice:
        while True:
            passed = MAX if speed == MAX else (now() - begin) * speed
            due = min(run.duration, passed)
            arrived = run.advance(due, STEPS)
            fresh = run.events[known:]
            known = len(run.events)
            voice.tell(fresh, run.now, int(run.metrics()["depth"] or 0))
            if run.stalled or (arrived and run.now >= run.duration):
                return
            await sleep(TICK if arrived else 0)


def narrate_live(run: Run, speed: float) -> None:
    """Carry a run to its end in step with real time, or as fast as possible, on stdout.

    Raises:
        Closed: If nobody reads any more.
        KeyboardInterrupt: On Ctrl-C; the terminal is left clean.
    """
    title = readable(run.scenario.title or run.pattern.title)
    output.line(f"{title}, live at {paced(speed)}")
    voice = TerminalVoice(run.duration, speed) if output.is_terminal() else PlainVoice()
    carried(follow(run, speed, voice))
    output.line("")
