"""A second opinion on filters: as plain as can be, and nothing of the broker's.

Every way of reading the filter is tried, word by word; this is what guarantees are judged by.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..topics import Grammar

BETWEEN = {Grammar.AMQP: ".", Grammar.NATS: ".", Grammar.MQTT: "/"}


def agrees(pattern: str, subject: str, grammar: Grammar) -> bool:
    """Say whether a filter matches a subject."""
    if "," in pattern:
        return any(agrees(part, subject, grammar) for part in pattern.split(","))
    between = BETWEEN[grammar]
    wanted, given = pattern.split(between), subject.split(between)
    if grammar is Grammar.AMQP:
        return _amqp(wanted, given)
    if grammar is Grammar.NATS:
        return _nats(wanted, given)
    if given[0].startswith("$") and wanted[0] in ("+", "#"):
        return False
    return _mqtt(wanted, given)


def _amqp(wanted: Sequence[str], given: Sequence[str]) -> bool:
    if not wanted:
        return not given
    if wanted[0] == "#":
        return any(_amqp(wanted[1:], given[skip:]) for skip in range(len(given) + 1))
    return bool(given) and wanted[0] in ("*", given[0]) and _amqp(wanted[1:], given[1:])


def _nats(wanted: Sequence[str], given: Sequence[str]) -> bool:
    if not wanted or not given:
        return not wanted and not given
    if wanted[0] == ">":
        return True
    return wanted[0] in ("*", given[0]) and _nats(wanted[1:], given[1:])


def _mqtt(wanted: Sequence[str], given: Sequence[str]) -> bool:
    if wanted and wanted[0] == "#":
        return True
    if not wanted or not given:
        return not wanted and not given
    return wanted[0] in ("+", given[0]) and _mqtt(wanted[1:], given[1:])
