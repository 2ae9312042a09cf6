"""Short things side by side, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

_BETWEEN = 3


class Shelf:
    """Pairs of a name and a value, read downwards, column after column."""

    def __init__(self, pairs: Sequence[tuple[str, str, bool]]) -> None:
        """Take the pairs; the third of each says whether it is to be dim."""
        self._pairs = pairs

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay the pairs out for the width that is given."""
        pairs = self._pairs
        if not pairs:
            return
        names = max(len(name) for name, _, _ in pairs)
        values = max(len(value) for _, value, _ in pairs)
        cell = names + (values + 1 if values else 0)
        across = max(1, (options.max_width + _BETWEEN) // (cell + _BETWEEN))
        down = -(-len(pairs) // across)
        for row in range(down):
            line = Text()
            for index in range(row, len(pairs), down):
                name, value, dim = pairs[index]
                if index >= down:
                    line.append(" " * _BETWEEN)
                written = f"{name:<{names}} {value:>{values}}" if values else f"{name:<{names}}"
                line.append(written, "dim" if dim else "")
            line.rstrip()
            yield line
