"""The way in: turns whatever happens into a message and an exit code.

As good as nothing is imported before :func:`main` runs, so that Ctrl-C is answered politely even
while libraries are still being loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What was typed after ``mailrail``; None: what this process was given.

    Returns:
        The exit code; see :class:`~mailrail.diagnostics.Exit`.
    """
    try:
        from . import interruption  # noqa: PLC0415

        interruption.heed()
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        import signal  # noqa: PLC0415

        # Whoever presses Ctrl-C again, while buffers are flushed, wants out at once.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        from .diagnostics import Exit  # noqa: PLC0415

        return Exit.INTERRUPTED


def _run(arguments: list[str]) -> int:
    from mailrail_patterns.names import BadInput  # noqa: PLC0415

    from . import diagnostics, output, program  # noqa: PLC0415
    from .diagnostics import Exit  # noqa: PLC0415

    output.ensure()
    stdout = sys.stdout
    try:
        return program.call(arguments)
    except BadInput as problem:
        diagnostics.complain(str(problem))
        return Exit.USAGE
    except output.Closed:
        return Exit.HELD
    except SystemExit as leaving:
        if sys.stdout is not stdout:  # typer met a broken pipe while it printed help
            sys.stdout = stdout
            output.abandon()
            return Exit.HELD
        code = leaving.code
        return code if isinstance(code, int) else Exit.HELD
    except MemoryError:
        pass  # what has filled the memory is let go with this clause: only then is there room
    except Exception as problem:  # the last line of defence: no bug may pass for a verdict
        diagnostics.confess(problem)
        return Exit.BUG
    diagnostics.complain("there is not enough memory for this; a shorter run needs less: --for")
    return Exit.USAGE
