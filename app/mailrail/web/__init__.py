"""The explorer in a browser, by way of textual-serve."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from mailrail import diagnostics, output
from mailrail.interruption import carried
from mailrail.screen import Opening, check
from mailrail_patterns.names import BadInput

from .address import Address, listen

NEEDED: Final = ("textual_serve", "aiohttp")
"""What the extra ``serve`` brings."""


def carry_out(wanted: Opening, host: str, port: int) -> None:
    """Serve the explorer until somebody ends it; everything that can be refused is refused first.

    Args:
        wanted: What each tab opens.
        host: Name or address to listen at.
        port: The port; 0: any that is free.

    Raises:
        BadInput: If the extra is missing, something that was asked for cannot be used, or nobody
            can listen there.
        KeyboardInterrupt: If it was ended by Ctrl-C.
        SystemExit: If it was told to end by a signal.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise BadInput("needs the extra 'serve': pip install 'mailrail[serve]'", "serve")
    found = check(wanted)
    from mailrail.tui.launch import prepare  # noqa: PLC0415 - textual takes its time

    prepare(theme=found.theme)  # what is configured must not surprise the first tab
    listening = listen(host, port)
    address = Address.of(host, listening)
    from .server import Server  # noqa: PLC0415 - so does aiohttp

    if not address.private:
        diagnostics.complain(
            f"whoever can reach {address.url} can use this explorer and save files with it"
        )
    output.line(address.url)
    diagnostics.complain("open it in a browser; Ctrl-C ends it")
    with listening, diagnostics.strays():
        code = carried(Server(wanted, address).run(listening))
    raise SystemExit(code)
