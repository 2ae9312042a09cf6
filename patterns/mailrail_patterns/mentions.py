"""Names that a setting mentions and that something else has to bring about: subscriptions.

A subscription comes with whoever subscribes: under the name of the actor, or instead under that of
the group it was given. So a name under which nobody subscribes, not now and by no step to come, is
a slip of the pen, even if there is an actor of that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .declaration import AnyPattern
from .names import BadInput, suggest
from .port import Options
from .roles import Role

GROUP: Final = "group"
"""What a role is given the name of a shared subscription by."""


def subscribes(role: Role[Any]) -> bool:
    """Say whether the actors of a role subscribe, under a name of their own or of a group."""
    return any(each.name == GROUP for each in role.takes)


def subscriptions_of(role: Role[Any], name: str, options: Options) -> tuple[str, ...]:
    """Return the subscription of an actor: that of its group, else its own; none: it has none.

    Args:
        role: Its role.
        name: What it is called.
        options: What it was given.
    """
    return (options.get(GROUP) or name,) if subscribes(role) else ()


def check_mentions(pattern: AnyPattern, settings: Any, names: Iterable[str]) -> None:
    """Refuse settings that mention what is not there and will not be.

    Args:
        pattern: The pattern.
        settings: Its settings.
        names: Subscriptions, now and later.

    Raises:
        BadInput: Names the setting and the nearest name there is.
    """
    mentioned = pattern.mentions(settings)
    if not mentioned:
        return
    known = [*(role.name for role in pattern.roles if subscribes(role)), *names]
    for setting, name in mentioned:
        if name not in known:
            raise BadInput(f"{setting}: there is no subscription {name!r}; {suggest(name, known)}")
