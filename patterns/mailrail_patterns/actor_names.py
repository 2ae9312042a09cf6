"""What actors are called: their role, a hyphen, and a number within the role.

A role may have hyphens of its own, as in ``ledger-processor-1``.
"""

from __future__ import annotations


def role_of(actor: str) -> str:
    """Return the role of the actor of that name; empty for a name that has no number."""
    return actor.rpartition("-")[0]


def number_of(actor: str) -> str:
    """Return the number in an actor's name, as it is written there."""
    return actor.rpartition("-")[2]
