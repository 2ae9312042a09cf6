"""The payload of a message on its sheet: its locker, who still needs it, and when it goes."""

from __future__ import annotations

from typing import Final

from mailrail.sheet import Entry, facts
from mailrail.wording import seconds
from mailrail_patterns.projections.cloakroom import Cloakroom, LockerView
from mailrail_patterns.run import Run
from mailrail_patterns.sizes import write_size

STATES: Final = {
    "live": "live: somebody is to read it",
    "orphan": "orphan: no ticket points to it any more",
    "settled": "done: nobody needs it any more",
    "gone": "gone, though tickets point to it",
}
"""What the states of a locker mean."""


def payload(run: Run, message: str) -> tuple[str, tuple[Entry, ...]]:
    """Tell the locker of a message; of no entries if it has none, or the pattern knows none."""
    scene = run.picture.own.scene(run.now)
    lockers = scene.lockers if isinstance(scene, Cloakroom) else ()
    locker = next((each for each in lockers if each.message == message), None)
    return "payload", () if locker is None else _told(locker, run.now)


def _told(locker: LockerView, now: float) -> tuple[Entry, ...]:
    counted = locker.left >= 0
    refs = locker.left if counted else locker.tickets
    how = "holders that have not released it" if counted else "subscriptions that are to read it"
    left = max(0.0, locker.until - now)
    lapses = f"in {seconds(round(left, 1))}, at {seconds(round(locker.until, 1))}"
    tone = "plain" if locker.state in ("live", "settled") else "warn"
    return facts(
        ("locker", f"{locker.number}, {write_size(locker.size)}"),
        Entry(STATES[locker.state], "state", tone),
        Entry("somebody has altered it", "altered", "bad") if locker.altered else None,
        ("refs", f"{refs}: {how}"),
        ("stored", f"by {locker.owner}, {seconds(round(now - locker.since, 1))} ago"),
        ("read last", f"by {locker.reader}" if locker.reader else ""),
        ("lapses", lapses if locker.until and locker.state != "gone" else ""),
    )
