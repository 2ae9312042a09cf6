"""What is known of a broker: its rules, its defaults, and a sheet for people."""

from __future__ import annotations

import msgspec

from ..broker_rules import AtLimit, Dialect, Rules


class Bound(msgspec.Struct, frozen=True):
    """A setting the broker allows within narrower limits than mailrail does.

    Attributes:
        setting: The setting.
        low: Smallest value it allows.
        high: Largest value it allows.
        why: The broker's reason and what to do, as half a sentence.
    """

    setting: str
    low: float
    high: float
    why: str


class Sheet(msgspec.Struct, frozen=True):
    """What a person should know before believing the model.

    Attributes:
        about: The broker in one sentence.
        calls: What the broker calls things, by what they are called here.
        lock: The lock and how long it lasts.
        counts: What bumps the delivery count.
        at_limit: The limit, and what happens beyond it.
        returned: Where a returned message goes.
        late: What becomes of an acknowledgement that comes too late.
        order: Within what the order of messages is kept.
        priorities: What it makes of the priority of a message.
        modelled: What else follows the broker's rules here.
        left_out: What does not.
        sources: Where it can be read.
    """

    about: str
    calls: tuple[tuple[str, str], ...]
    lock: str
    counts: str
    at_limit: str
    returned: str
    late: str
    order: str
    priorities: str
    modelled: tuple[str, ...]
    left_out: tuple[str, ...]
    sources: tuple[str, ...]


class Preset(msgspec.Struct, frozen=True):
    """One dialect.

    Attributes:
        dialect: Its name.
        title: The broker's name, and the version whose rules these are if they have changed.
        rules: What no setting changes.
        settings: The defaults of the settings it governs, as they are typed; whatever a scenario
            or a person says goes before them.
        bounds: What the broker does not allow.
        ends: What can become of a message at the limit.
        own: Settings that few brokers know, and this one does.
        sheet: What a person should know.
    """

    dialect: Dialect
    title: str
    rules: Rules
    settings: dict[str, str]
    sheet: Sheet
    bounds: tuple[Bound, ...] = ()
    ends: tuple[AtLimit, ...] = tuple(AtLimit)
    own: tuple[str, ...] = ()
