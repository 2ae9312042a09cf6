"""What holds for one subscription only: how its copies are received, retried, kept and locked.

A broker gives each subscription a queue of its own, so what is promised for a copy is decided
there: ``billing max_deliveries=3 lock=5s, dash mode=receive-and-delete``. What a subscription does
not say is as the settings of all queues are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, Protocol

from msgspec.structs import replace

from .actor_names import number_of, role_of
from .broker_rules import AtLimit
from .messages import Mode, QueueSpec
from .names import BadInput, suggest
from .quantities import LONGEST, format_duration, parse_duration
from .retries import RetrySettings, attempts

Terms = Mapping[str, Any]
"""What one subscription says of its queue, by the name of the field."""

MOST: Final = 1000
"""The highest limit of deliveries that can be set, as for all queues."""


class TermSettings(RetrySettings, Protocol):
    """The settings that terms go before, and must fit."""

    @property
    def terms(self) -> str:
        """What is said of single subscriptions, as written."""
        ...

    @property
    def latency(self) -> float:
        """The way to the broker, in seconds."""
        ...

    @property
    def at_limit(self) -> AtLimit:
        """What becomes of a message that has used up its deliveries."""
        ...


def _mode(text: str) -> Mode:
    modes = {mode.value: mode for mode in Mode}
    if text not in modes:
        raise BadInput(f"expected one of {', '.join(modes)}, not {text!r}; {suggest(text, modes)}")
    return modes[text]


def _deliveries(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST:
        raise BadInput(f"expected 0 to {MOST} deliveries, not {text!r}")
    return int(text)


def _lock(text: str) -> float:
    seconds = parse_duration(text)
    if not 0.001 <= seconds <= LONGEST:
        raise BadInput(f"expected 0.001 to {LONGEST:g} s, not {seconds:g}")
    return seconds


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise BadInput(f"expected on or off, not {text!r}")
    return text == "on"


READS: Final[dict[str, Callable[[str], Any]]] = {
    "mode": _mode,
    "max_deliveries": _deliveries,
    "lock": _lock,
    "ttl": parse_duration,
    "dead_letter_expired": _switch,
}
"""What can be said of one subscription, and how each is read."""


@lru_cache(maxsize=64)
def parse_terms(text: str) -> Mapping[str, Terms]:
    """Read what is said of single subscriptions, by their names.

    Raises:
        BadInput: If a name has no terms, or is there twice, or a term is unknown or its value
            cannot be used.
    """
    found: dict[str, Terms] = {}
    for part in text.split(",") if text else ():
        name, *words = part.split() or [""]
        if not name or "=" in name or not words:
            example = "'billing ttl=5s max_deliveries=3, dash mode=receive-and-delete'"
            raise BadInput(f"expected a subscription and what holds for it, such as {example}, "
                           f"not {part.strip()!r}")  # fmt: skip
        if name in found:
            raise BadInput(f"{name} is there twice; say all of it at once")
        found[name] = dict(_term(name, word) for word in words)
    return found


def _term(name: str, word: str) -> tuple[str, Any]:
    key, equals, value = word.partition("=")
    key = key.replace("-", "_")
    if not equals or key not in READS:
        raise BadInput(f"{name}: no term {key!r}; {suggest(key, READS)}")
    try:
        return key, READS[key](value)
    except BadInput as problem:
        raise BadInput(f"{name}: {key}: {problem.problem}") from None


def _of(text: str, name: str) -> Terms:
    """Return what is said of a subscription: by its own name, or by that of its kind."""
    said = parse_terms(text)
    of_kind = said.get(role_of(name)) if number_of(name).isdecimal() else None
    return said.get(name) or of_kind or {}


def on_terms(text: str, spec: QueueSpec) -> QueueSpec:
    """Return the queue of a subscription with its own terms instead of everybody's."""
    said = _of(text, spec.name)
    own: Terms = {"lock_steps": ()} if "lock" in said else {}
    return replace(spec, **said, **own)


def told_terms(text: str, name: str) -> tuple[str, ...]:
    """Return a subscription's own terms in words, shortest to read first; none: as all others."""
    said = _of(text, name)
    found = [said["mode"].value] if "mode" in said else []
    if "max_deliveries" in said:
        limit = said["max_deliveries"]
        found.append(
            f"{limit} {'delivery' if limit == 1 else 'deliveries'}" if limit else "no limit"
        )
    if "lock" in said:
        found.append(f"lock {format_duration(said['lock'])}")
    if "ttl" in said:
        found.append(f"ttl {format_duration(said['ttl'])}" if said["ttl"] else "kept for ever")
    if "dead_letter_expired" in said:
        found.append("expired to †" if said["dead_letter_expired"] else "expired are dropped")
    return tuple(found)


def mentioned(settings: TermSettings) -> tuple[tuple[str, str], ...]:
    """Return the subscriptions of which something is said, each with the setting that does."""
    return tuple(("terms", name) for name in parse_terms(settings.terms))


def check_terms(settings: TermSettings) -> None:
    """Refuse terms that cannot be kept.

    Raises:
        BadInput: Names the subscription, the reason and what to do.
    """
    try:
        said = parse_terms(settings.terms)
    except BadInput as problem:
        raise problem.inside("terms") from None
    tries, letters = attempts(settings), settings.at_limit is AtLimit.DEAD_LETTER
    for name, terms in said.items():
        if terms.get("lock", LONGEST) <= 2 * settings.latency:
            raise BadInput(f"terms: {name}: lock is shorter than the way to the broker and back")
        if 0 < terms.get("max_deliveries", 0) < tries:
            raise BadInput(f"terms: {name}: the broker would end what a handler tries {tries} "
                           "times; raise max_deliveries, or set it to 0")  # fmt: skip
        if terms.get("dead_letter_expired") and not letters:
            raise BadInput(f"terms: {name}: there are no dead letters; set at_limit=dead-letter")
