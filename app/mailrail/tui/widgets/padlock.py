"""One lane of a convoy in words: who holds its lock, how long, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mailrail_patterns.projections.convoy_scene import (
    DELAYED,
    FROZEN,
    GAP,
    HELD,
    HIDDEN,
    LOOSE,
    OPEN,
    WAITING,
    ConvoyScene,
    LaneView,
)

from . import figures, glyphs
from .holdup import some, told
from .road import DEAF, Road

LASTS: Final = {
    WAITING: ("waits", "warn"),
    HIDDEN: ("HIDDEN", "broken"),
    OPEN: ("kept open", "warn"),
}
"""The states of which it matters how long they last, in a word, and their inks."""

WAITS_FOR: Final = {
    WAITING: ("nobody works on it: no worker is free", "warn"),
    HIDDEN: ("too far back in the queue: nobody can see it", "broken"),
    DELAYED: ("what was put off is not to be overtaken", "warn"),
}
"""What a lane waits for that nobody holds, and in which ink."""


HELD_BACK: Final = ("held back: a rebalance goes on", "warn")
"""The same while no lane is handed out."""
OUT: Final = ("nobody works on it: nobody reaches the broker", "warn")
"""The same while the broker is down."""


def holder_of(road: Road) -> tuple[str, str, str]:
    """Return sign, name and ink of who holds a lane."""
    actor = road.holder
    if actor is None:
        return "", "", "faint"
    if road.gone:
        return glyphs.state("crashed"), actor.name, "crashed"
    state = "idle" if road.lane.state == OPEN and actor.state == "idle" else actor.state
    return glyphs.state(state), actor.name, state


def word_of(road: Road, labels: Mapping[str, str], now: float) -> tuple[str, str]:
    """Say in a few words how a lane is doing, and in which ink."""
    lane = road.lane
    spent = now - lane.since
    if lane.state == FROZEN:
        return f"{glyphs.BROKEN} FROZEN {figures.left(spent)}", "crashed"
    if lane.parked:
        return f"{glyphs.DEAD} PARKED with {lane.dead[0] if lane.dead else '?'}", "dead"
    if lane.state in LASTS:
        word, ink = LASTS[lane.state]
        return f"{glyphs.WARN} {word} {figures.left(spent)}", ink
    if lane.state in (GAP, DELAYED):
        what = f"for {lane.missing}" if lane.state == GAP else "to retry"
        if lane.state == DELAYED and road.current:
            what = f"for {_named(road, labels)}"
        return f"{glyphs.WARN} waits {what}", "warn"
    if lane.state == LOOSE:
        if len(road.current) > 1:
            return f"{glyphs.BROKEN} {len(road.current)} AT ONCE", "broken"
        return "no lock", "faint"
    if lane.state == HELD:
        return f"{glyphs.HOLDS} in order", "holds"
    if lane.done or lane.dead:
        return f"{glyphs.DONE} done {figures.count(lane.done)}", "done"
    return "empty", "faint"


def _named(road: Road, labels: Mapping[str, str]) -> str:
    """Return what the picture calls the message that is in process in a lane."""
    name = road.current[0].name
    return labels.get(name, name)


def why_of(road: Road, scene: ConvoyScene, now: float) -> tuple[str, str]:
    """Say the same at more length: what a lane waits for, and what is missing in it."""
    lane, actor, labels = road.lane, road.holder, scene.labels
    hole = f"{glyphs.DEAD} hole at {', '.join(lane.dead[:3])}" if lane.dead else ""
    if lane.state == FROZEN and actor is not None:
        state = actor.state if actor.state in DEAF else "gone" if road.gone else "cut off"
        left = figures.left(lane.until - now)
        return f"{lane.holder} is {state}: nobody may touch it for {left}", "crashed"
    if lane.parked:
        return "set aside until B is redriven".replace("B", lane.key), "dead"
    if lane.aside and lane.state in (GAP, HELD):
        return _aside(lane, labels, now)
    if lane.state in WAITS_FOR:
        return _waits_for(road, scene, now)
    if lane.state == OPEN:
        return f"{lane.holder} waits here in case more comes", "warn"
    if lane.state == LOOSE and len(road.current) > 1:
        names = " and ".join(labels.get(m.name, m.name) for m in road.current[:3])
        return f"{names} at the same time", "broken"
    if hole:
        return hole, "dead"
    if lane.state == HELD and lane.waited > 0:
        return f"waited {figures.left(lane.waited)}", "text"
    if lane.state == HELD:
        return "one at a time", "faint"
    return "", "faint"


def _waits_for(road: Road, scene: ConvoyScene, now: float) -> tuple[str, str]:
    """Say what a lane waits for that nobody holds."""
    if road.lane.state == DELAYED and road.current:
        left, name = figures.left(road.current[0].until - now), _named(road, scene.labels)
        return f"{name} is in flight for {left}, or until it is settled", "warn"
    if road.lane.state == WAITING and road.out:
        return OUT
    held_back = road.lane.state == WAITING and scene.rebalancing is not None
    return HELD_BACK if held_back else WAITS_FOR[road.lane.state]


def _aside(lane: LaneView, labels: Mapping[str, str], now: float) -> tuple[str, str]:
    """Say which messages are set aside, and for which one they wait."""
    shown = some(lane.aside, lambda name: labels.get(name, name))
    if not lane.missing:
        return f"{shown} next", "text"
    return f"{glyphs.ASIDE} {told(shown, lane.missing, now - lane.since_gap)}", "warn"
