"""Names that a setting mentions and that something else has to bring about: subscriptions.

A subscription comes with whoever subscribes: under the name of the actor, or of the group it was
given. So a name that nobody bears, not now and by no step to come, is a slip of the pen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .names import BadInput, suggest
from .pattern import AnyPattern
from .port import Options, Role

GROUP: Final = "group"
"""What a role is given the name of a shared subscription by."""


def subscribing(roles: Iterable[Role[Any]]) -> list[str]:
    """Return the roles whose actors subscribe, under a name of their own or that of a group."""
    return [role.name for role in roles if any(each.name == GROUP for each in role.takes)]


def group_of(options: Options) -> tuple[str, ...]:
    """Return the subscription an actor was told to share; none if it has its own."""
    name = options.get(GROUP)
    return (name,) if name else ()


def check_mentions(pattern: AnyPattern, settings: Any, names: Iterable[str]) -> None:
    """Refuse settings that mention what is not there and will not be.

    Args:
        pattern: The pattern.
        settings: Its settings.
        names: Actors and groups, now and later.

    Raises:
        BadInput: Names the setting and the nearest name there is.
    """
    mentioned = pattern.mentions(settings)
    if not mentioned:
        return
    known = [*subscribing(pattern.roles), *names]
    for setting, name in mentioned:
        if name not in known:
            raise BadInput(f"{setting}: there is no subscription {name!r}; {suggest(name, known)}")
