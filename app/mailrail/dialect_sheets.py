"""What is known of each broker dialect: for ``mailrail show`` and for the lab."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailrail_patterns.broker_rules import Dialect
from mailrail_patterns.dialects import PRESETS, Preset, find

MODEL = "A model, not the product."


class ShownDialect(msgspec.Struct, frozen=True):
    """Everything that is said of a dialect.

    Attributes:
        name: As it is typed.
        title: The broker's name.
        about: The broker in one sentence.
        settings: The defaults it brings, as they are typed.
        facts: What it does, each with a heading.
        calls: What it calls things, by what they are called here.
        modelled: What else follows its rules here.
        left_out: What does not.
        sources: Where it can be read.
    """

    name: str
    title: str
    about: str
    settings: dict[str, str]
    facts: tuple[tuple[str, str], ...]
    calls: tuple[tuple[str, str], ...]
    modelled: tuple[str, ...]
    left_out: tuple[str, ...]
    sources: tuple[str, ...]


PLAIN = ShownDialect(
    Dialect.MAILRAIL.value,
    "mailrail",
    "No broker in particular: the ordinary rules that every pattern is explained with.",
    {},
    (
        ("Lock", "A lease, as long as the pattern says; it can be renewed."),
        ("Counts", "Every delivery."),
        ("At the limit", "It goes to the dead-letter queue, unless at_limit says otherwise."),
        ("Returned", "To the head of the queue, unless redelivery says otherwise."),
        ("Settled too late", "Refused: the lock is lost, and nothing changes."),
    ),
    (),
    (),
    (),
    (),
)
"""What there is to say where no broker is meant."""


def names() -> list[str]:
    """Return the dialects that can be shown, mailrail's own left out."""
    return [dialect.value for dialect in PRESETS]


def shown(name: str) -> ShownDialect:
    """Return what is said of a dialect.

    Raises:
        BadInput: If there is none of that name; names the nearest.
    """
    return _of(find(name))


def every() -> Sequence[ShownDialect]:
    """Return every dialect, mailrail's own first."""
    return (PLAIN, *(_of(preset) for preset in PRESETS.values()))


def _of(preset: Preset) -> ShownDialect:
    sheet = preset.sheet
    facts = (
        ("Lock", sheet.lock),
        ("Counts", sheet.counts),
        ("At the limit", sheet.at_limit),
        ("Returned", sheet.returned),
        ("Settled too late", sheet.late),
        ("Order within", sheet.order),
        ("Priorities", sheet.priorities),
    )
    return ShownDialect(
        preset.dialect.value, preset.title, sheet.about, dict(preset.settings), facts,
        sheet.calls, sheet.modelled, sheet.left_out, sheet.sources,
    )  # fmt: skip
