"""How the garbage collector is kept from holding frames up.

What is dropped is mostly freed at once. The collector looks for the rest, which refers to itself,
and a frame waits meanwhile: for as long as all takes that it looks through. Its own defaults suit
a program that makes little at a time. A frame makes some thousand objects and drops as many of the
one before, so that they are looked through several times a frame, and everything every few seconds.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

YOUNG: Final = 5_000
"""Objects more than there were, after which the new ones are looked through: more than a frame at
200x60 makes, so that this is not done in every frame, and few enough to take two milliseconds or
three."""

AGAIN: Final = 1
"""How often that is done before those that have stayed are looked through once more: soon, as
there are more of them each time, and a frame waits for all of them."""

ALL: Final = 50
"""How often that is done in turn before everything is looked through, so that what refers to
itself does not pile up for ever: half a million objects at the most, with these numbers."""


@contextmanager
def spared_frames() -> Iterator[None]:
    """Leave aside what is loaded by now, and look through the rest rarely, until this is left."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what is loaded stays: there is nothing to be found in it
    gc.set_threshold(YOUNG, AGAIN, ALL)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
