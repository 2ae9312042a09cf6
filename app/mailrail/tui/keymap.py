"""The keys a person has chosen, laid over those an action has by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from mailrail_patterns.names import BadInput, suggest

from .actions import GALLERY, LAB, SHELF, TWIN, Act

PLACES: dict[str, tuple[Act, ...]] = {
    "lab": LAB, "gallery": GALLERY, "shelf": SHELF, "twin": TWIN,
}  # fmt: skip
"""The screens and what can be done on each."""

Chosen = Mapping[str, Mapping[str, str]]


def laid(place: str, chosen: Chosen) -> tuple[Act, ...]:
    """Return what can be done on a screen, with the keys a person has chosen."""
    own = chosen.get(place, {})
    return tuple(
        replace(act, keys=own[act.action]) if act.action in own else act for act in PLACES[place]
    )


def keymap(chosen: Chosen) -> dict[str, str]:
    """Return the chosen keys by the ids of the bindings, for Textual."""
    return {
        f"{place}.{action}": keys for place, own in chosen.items() for action, keys in own.items()
    }


def check(chosen: Chosen) -> None:
    """See that the chosen keys can be used.

    Raises:
        BadInput: If a screen or an action is unknown, or one key would do two things.
    """
    for place, own in chosen.items():
        if place not in PLACES:
            raise BadInput(f"unknown screen; {suggest(place, PLACES)}", f"keys.{place}")
        known = [act.action for act in PLACES[place]]
        for action in own:
            if action not in known:
                raise BadInput(
                    f"unknown action; {suggest(action, known)}", f"keys.{place}.{action}"
                )
        _no_key_twice(place, laid(place, chosen))


def _no_key_twice(place: str, acts: Sequence[Act]) -> None:
    taken: dict[str, str] = {}
    for act in acts:
        for key in (each.strip() for each in act.keys.split(",")):
            if key in taken:
                raise BadInput(
                    f"{key!r} would be both {taken[key]} and {act.action}",
                    f"keys.{place}.{act.action}",
                )
            taken[key] = act.action
