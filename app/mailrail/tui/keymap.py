"""The keys a person has chosen, laid over those an action has by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace
from textual.dom import DOMNode

from mailrail_patterns.names import BadInput, suggest

from .actions import GALLERY, LAB, SHELF, TWIN, Act
from .dialog_actions import FORM, JOURNEY, JUMP, MENU, PICK, SETTINGS, SHEET, THEMES
from .keynames import check_name, split
from .pane_actions import CODE, PANE, ROWS, SCENARIOS, WALK

PLACES: Final[dict[str, tuple[Act, ...]]] = {
    "lab": LAB, "gallery": GALLERY, "shelf": SHELF, "twin": TWIN,
    "picture": WALK, "pane": PANE, "rows": ROWS, "code": CODE, "scenarios": SCENARIOS,
    "menu": MENU, "settings": SETTINGS, "dialects": SHEET, "themes": THEMES,
    "journey": JOURNEY, "form": FORM, "choice": PICK, "jump": JUMP,
}  # fmt: skip
"""The screens, windows and lists, and what can be done in each."""

TOGETHER: Final[tuple[tuple[str, ...], ...]] = (
    *((place,) for place in PLACES),
    ("scenarios", "shelf"), ("pane", "rows"), ("pane", "code"), ("choice", "form"),
    ("menu", "settings"), ("menu", "dialects"), ("menu", "themes"),
)  # fmt: skip
"""Places that hear the same keys at the same time: none of them may use a key of another.

The panes are not there with the lab: a pane that was entered has its keys before the lab has.
"""

FIRST: Final = {
    "ctrl+c": "help_quit", "ctrl+q": "app.quit", "ctrl+p": "app.command_palette",
}  # fmt: skip
"""Keys that the application hears before any screen does, and what they do everywhere."""

Chosen = Mapping[str, Mapping[str, str]]


def laid(place: str, chosen: Chosen) -> tuple[Act, ...]:
    """Return what can be done at a place, with the keys a person has chosen."""
    own = chosen.get(place, {})
    return tuple(
        replace(act, keys=",".join(split(own[act.action]))) if act.action in own else act
        for act in PLACES[place]
    )


def acts_at(node: DOMNode, *places: str) -> tuple[Act, ...]:
    """Return what can be done at places of the running application, with the keys as chosen."""
    chosen: Chosen = getattr(node.app, "chosen_keys", {})
    return tuple(act for place in places for act in laid(place, chosen))


def key_of(acts: Sequence[Act], action: str) -> str:
    """Return the first key of an action, as it is shown; empty: it cannot be done there."""
    return next((act.key for act in acts if act.action == action), "")


def keymap(chosen: Chosen) -> dict[str, str]:
    """Return the chosen keys by the ids of the bindings, for Textual."""
    return {
        f"{place}.{action}": ",".join(split(keys))
        for place, own in chosen.items()
        for action, keys in own.items()
    }


def check(chosen: Chosen) -> None:
    """See that the chosen keys can be used.

    Raises:
        BadInput: If a place, an action or a key is unknown, or one key would do two things.
    """
    for place, own in chosen.items():
        if place not in PLACES:
            raise BadInput(f"unknown screen; {suggest(place, PLACES)}", f"keys.{place}")
        known = [act.action for act in PLACES[place]]
        for action, keys in own.items():
            where = f"keys.{place}.{action}"
            if action not in known:
                raise BadInput(f"unknown action; {suggest(action, known)}", where)
            _check_keys(place, action, keys, where)
    for places in TOGETHER:
        if any(place in chosen for place in places):
            _no_key_twice(places, chosen)


def _check_keys(place: str, action: str, keys: str, where: str) -> None:
    try:
        for key in split(keys):
            check_name(key)
            if FIRST.get(key, action) != action:
                what = "opens the palette" if "palette" in FIRST[key] else "leaves"
                raise BadInput(f"{key!r} {what} from everywhere; choose another key")
            if place == "jump" and len(key) == 1:
                raise BadInput(f"{key!r} is a letter to jump by; choose another key")
    except BadInput as problem:
        raise BadInput(problem.problem, where) from None


def _no_key_twice(places: Sequence[str], chosen: Chosen) -> None:
    taken: dict[str, tuple[str, str]] = {}
    for place in places:
        for act in laid(place, chosen):
            for key in split(act.keys):
                if key in taken:
                    other, action = taken[key]
                    first = action if other == place else f"{action} of {other}"
                    mine = place if act.action in chosen.get(place, {}) else other
                    what = act.action if mine == place else action
                    raise BadInput(
                        f"{key!r} would be both {first} and {act.action}",
                        f"keys.{mine}.{what}",
                    )
                taken[key] = (place, act.action)
