"""Whether a queue deletes what it hands over: then no lock is lost, and nothing comes twice."""

from __future__ import annotations

from ..broker_rules import read_declared
from ..kernel.events import Event
from ..port import Mode


def deletes(declared: Event) -> bool:
    """Say whether a queue, as it was declared, deletes what it hands over."""
    return read_declared(declared.text).mode == Mode.RECEIVE_AND_DELETE.value
