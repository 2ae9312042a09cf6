"""The signs of the screens. Each is one cell wide, and each stands beside its word."""

from __future__ import annotations

from typing import Final

STATES: Final[dict[str, str]] = {
    "idle": "○",
    "working": "●",
    "blocked": "■",
    "paused": "‖",
    "crashed": "✗",
    "halted": "⊘",
    "stopping": "◐",
    "stopped": "□",
}
"""States of an actor."""

TONES: Final[dict[str, tuple[str, str]]] = {
    "plain": ("·", "faint"),
    "good": ("✓", "done"),
    "warn": ("!", "warn"),
    "bad": ("✗", "broken"),
    "note": ("»", "note"),
}
"""Tones of a narrated event: sign and ink."""

MARKS: Final[dict[str, tuple[str, str]]] = {
    "caption": ("»", "caption"),
    "command": ("›", "note"),
    "heal": ("+", "done"),
    "fault": ("↯", "fault"),
    "dead": ("†", "dead"),
    "violation": ("✗", "broken"),
    "fork": ("◇", "note+bold"),
    "parting": ("≠", "warn+bold"),
}
"""Marks on the timeline, sign and ink; a later one covers an earlier one of the same place."""

PARTING: Final = MARKS["parting"][0]

LATER: Final = "◷"
"""What is sent or comes back at a time to come."""
ASIDE: Final = "↴"
"""What a consumer has deferred: it stays in the queue, to be fetched by name."""

HOLDS: Final = "✓"
BROKEN: Final = "✗"
DONE: Final = "✓"
DEAD: Final = "†"
FAULT: Final = "↯"
WARN: Final = "!"
PRODUCER: Final = "◆"
LOCKED: Final = "▣"
UNLOCKED: Final = "▢"
"""A lane that somebody holds, and one that nobody does."""
POINTER: Final = "▸"
CHOSEN: Final = "◂"
"""What stands behind the selected row where there is no room before it."""
PASSED: Final = "↷"
"""What marks an item that a filter handed on as it came."""
UNBOUNDED: Final = "∞"
"""How many messages a queue without a bound holds."""

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
"""Columns of 0 to 8 eighths."""


def state(name: str) -> str:
    """Return the sign of an actor's state."""
    return STATES.get(name, "?")


class _Plain(dict[int, str]):
    """A translation to ASCII; what is not in it and is no letter becomes a question mark."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        return character if code < 128 or character.isalnum() else "?"


PLAIN: Final = _Plain(
    {
        ord(sign): plain
        for signs, plain in (
            ("─┈╌╴╶┄–—−", "-"), ("│┃║┆┊", "|"), ("├┣┤┫┬┴┼╭╮╯╰└┏┓┗┛", "+"), ("━╸═", "="),
            ("▔", "-"), ("▌▐▊▎", "|"),
            ("▁▂▃", "."), ("▄▅", "o"), ("▆▇█■▮▣", "#"), ("□▯▢", "_"),
            ("▲", "^"), ("△", "n"), ("▼", "v"),
            ("▸→≥", ">"), ("›", ":"), ("◀◂←≤", "<"), ("»", ">"), ("↑", "^"), ("↓", "v"), ("↯", "!"),
            ("≠", "#"), ("◇", "Y"), ("↴", ","),
            ("†", "&"), ("✓", "v"), ("✗×", "x"), ("○◌", "o"), ("●", "*"), ("◐", "%"), ("◆", "P"),
            ("‖", "="), ("…", "~"), ("·", "."), ("∞", "*"), ("⇧", "S"), ("⁺", "+"), ("★", "*"),
            ("∅⊘", "0"), ("↷", "j"), ("↺", "u"), ("↻", "r"), ("◷", "@"), ("½", "/"), ("µ", "u"),
            ("“”", '"'), ("‘’", "'"),
        )
        for sign in signs
    }
    | {ord(sign): str(number) for number, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
)  # fmt: skip
"""What stands for each sign where only ASCII is drawn; one cell for one cell."""
