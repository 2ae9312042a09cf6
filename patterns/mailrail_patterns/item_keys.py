"""Keys of items: instances of a filter that share the items by key keep the order within one."""

from __future__ import annotations

import enum
from typing import Protocol

from msgspec.structs import replace

from .messages import Message, QueueSpec, Sessions
from .names import BadInput


class ItemOrder(enum.Enum):
    """Whether the instances of a filter keep the order of what belongs together.

    Keyed: each has the items of one key at a time, for as long as there are any.
    """

    OFF = "off"
    KEYED = "keyed"


class KeySettings(Protocol):
    """The settings that say how instances share the items."""

    @property
    def order(self) -> ItemOrder:
        """How they do."""
        ...

    @property
    def keys(self) -> int:
        """Keys there are; 0: items have none."""
        ...


def check_keys(settings: KeySettings) -> None:
    """Refuse to share by keys what has none.

    Raises:
        BadInput: Names the setting, the reason and what to do.
    """
    if settings.order is ItemOrder.KEYED and not settings.keys:
        raise BadInput("order: items without a key cannot be shared by key; set keys")


def keyed(settings: KeySettings, message: Message, number: int) -> Message:
    """Return a source's item with its key: its ``number``, from 1, goes round the keys."""
    if message.group or not settings.keys:
        return message
    return replace(message, group=f"k{(number - 1) % settings.keys + 1}")


def shared_by_key(settings: KeySettings, spec: QueueSpec) -> QueueSpec:
    """Return a pipe as the settings say: with a lane for each key, or without lanes."""
    if not settings.keys:
        return spec
    return replace(spec, sessions=Sessions(on=settings.order is ItemOrder.KEYED))
