"""The digest of a journal: one hash over one line an event, however it is asked for."""

from __future__ import annotations

import hashlib

import msgspec

from mailrail_patterns.kernel.events import SENT
from mailrail_patterns.kernel.journal import LINES, Journal


def test_the_digest_is_that_of_the_lines_wherever_it_was_asked_for_before() -> None:
    journal, lines = Journal(), hashlib.sha256()
    for number in range(1, 2 * LINES + 3):
        journal.emit(SENT, "producer-1", "work", f"a{number}")
        lines.update(msgspec.json.encode(journal.events[-1]) + b"\n")
        if number in {1, 2, LINES, LINES + 1, 2 * LINES + 2}:
            assert journal.digest() == journal.digest(number) == lines.hexdigest()
    shorter = Journal()
    for event in journal.events[: LINES + 5]:
        shorter.emit(SENT, "producer-1", "work", event.message)
    assert journal.digest(LINES + 5) == shorter.digest()


def test_what_is_forgotten_has_had_its_number() -> None:
    journal = Journal()
    assert [journal.emit(SENT, message=name) for name in ("a1", "a2")] == [1, 2]
    journal.forget()
    assert journal.emit(SENT, message="a3") == 3
    assert [(event.n, event.message) for event in journal.events] == [(3, "a3")]
