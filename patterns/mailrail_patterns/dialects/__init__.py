"""Broker dialects: the rules and defaults of real brokers. Models, not the products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..broker_rules import PLAIN, AtLimit, Dialect, Rules
from ..names import BadInput, suggest
from . import (
    amazon_sqs,
    amazon_sqs_fifo,
    azure_service_bus,
    kafka_share_group,
    nats_jetstream,
    rabbitmq_quorum,
)
from .preset import Preset

PRESETS: Mapping[Dialect, Preset] = {
    module.PRESET.dialect: module.PRESET
    for module in (
        azure_service_bus,
        amazon_sqs,
        amazon_sqs_fifo,
        rabbitmq_quorum,
        nats_jetstream,
        kafka_share_group,
    )
}
"""Every dialect but mailrail's own, which has no rules beyond the ordinary ones."""

SPECIAL = frozenset(name for preset in PRESETS.values() for name in preset.own)
"""Settings that not every broker knows; mailrail's own dialect knows all."""


def find(name: str) -> Preset:
    """Return a dialect by its name.

    Raises:
        BadInput: If there is none of that name; names the nearest.
    """
    for dialect, preset in PRESETS.items():
        if dialect.value == name:
            return preset
    names = [dialect.value for dialect in PRESETS]
    raise BadInput(f"unknown dialect {name!r}; {suggest(name, names)}")


def defaults(dialect: Dialect) -> Mapping[str, str]:
    """Return the settings a dialect gives where nobody says otherwise, as they are typed."""
    preset = PRESETS.get(dialect)
    return {} if preset is None else preset.settings


def rules(dialect: Dialect, at_limit: AtLimit) -> Rules:
    """Return the rules of a dialect, with what happens at the limit as it is set."""
    preset = PRESETS.get(dialect)
    own = PLAIN if preset is None else preset.rules
    if own.at_limit is at_limit:
        return own
    fields = {name: getattr(own, name) for name in Rules.__struct_fields__}
    return Rules(**{**fields, "at_limit": at_limit})


def check(settings: Any) -> None:
    """Refuse settings the broker does not have, and such as contradict each other.

    Raises:
        BadInput: Names the setting, the reason and what to do.
    """
    preset = PRESETS.get(settings.dialect)
    if preset is None:
        return
    if settings.at_limit not in preset.ends:
        ends = " or ".join(each.value for each in preset.ends)
        raise BadInput(f"at_limit: {preset.title} knows no {settings.at_limit.value}; set {ends}")
    for name in SPECIAL - set(preset.own):
        if getattr(settings, name):
            known = " or ".join(each.title for each in PRESETS.values() if name in each.own)
            raise BadInput(f"{name}: {preset.title} has nothing like it, {known} has; leave it off")
    for bound in preset.bounds:
        if not bound.low <= getattr(settings, bound.setting) <= bound.high:
            raise BadInput(f"{bound.setting}: {bound.why}")


__all__ = ["PRESETS", "Preset", "check", "defaults", "find", "rules"]
