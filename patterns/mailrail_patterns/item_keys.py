"""Keys and numbers of items: two ways to keep the order although a filter has many instances."""

from __future__ import annotations

import enum
from typing import Any, Protocol

from msgspec.structs import replace

from .messages import Message, Mode, QueueSpec, Sessions
from .names import BadInput
from .port import Port


class ItemOrder(enum.Enum):
    """How the instances of the filters keep the order of what belongs together.

    Keyed: each has the items of one key at a time, for as long as there are any. Resequenced:
    they share the items as they come, and what comes out of order is put right at the sink.
    """

    OFF = "off"
    KEYED = "keyed"
    RESEQUENCED = "resequenced"


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

    @property
    def by_number(self) -> bool:
        """Whether the sink goes by the numbers of items."""
        ...

    @property
    def sink(self) -> str:
        """The pipe before the sink."""
        ...

    @property
    def mode(self) -> Mode:
        """Whether items are received under a lock."""
        ...


def check_keys(settings: KeySettings) -> None:
    """Refuse to share by keys what has none, and to set aside what cannot be.

    Raises:
        BadInput: Names the setting, the reason and what to do.
    """
    if settings.order is ItemOrder.KEYED and not settings.keys:
        raise BadInput("order: items without a key cannot be shared by key; set keys")
    if settings.by_number and not settings.keys:
        raise BadInput(
            "order: items are numbered within their key; set keys=1 for one order of all"
        )
    if settings.by_number and settings.mode is Mode.RECEIVE_AND_DELETE:
        raise BadInput("order: what is deleted on receipt cannot be set aside; set mode=peek-lock")


def keyed(port: Port[Any], message: Message) -> Message:
    """Return a source's item with its key, which goes round the keys, and its number in it.

    All sources take the numbers of a key from one count, so that these say what comes after what
    whichever way it goes through the pipeline.
    """
    settings: KeySettings = port.settings
    if not message.group and settings.keys:
        message = replace(message, group=f"k{(port.stamped - 1) % settings.keys + 1}")
    if not message.group or not settings.by_number:
        return message
    return replace(message, sequence=port.number(message.group))


def shared_by_key(settings: KeySettings, spec: QueueSpec) -> QueueSpec:
    """Return a pipe as the settings say: with a lane for each key, or without lanes.

    A sink that goes by numbers has lanes whatever the other pipes have: without a lock on the
    key it could not tell an item that is missing from one that another instance has in hand.
    """
    if not settings.keys:
        return spec
    lanes = settings.order is ItemOrder.KEYED or (settings.by_number and spec.name == settings.sink)
    return replace(spec, sessions=Sessions(on=lanes))
