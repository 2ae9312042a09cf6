"""What Hypothesis draws of a pattern: settings within their ranges, faults with aim and amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from mailrail_patterns.commands import Inject
from mailrail_patterns.declaration import AnyPattern, Fault
from mailrail_patterns.names import BadInput
from mailrail_patterns.settings import Setting, change, describe, written

OFFERED = {
    "duration": ("0s", "300ms", "1s", "2500ms", "7s", "20s"),
    "rate": ("1/s", "4/s"),
    "number": ("0", "0.1", "0.5", "1", "3"),
    "count": ("0", "1", "2", "3", "7"),
    "bound": ("none", "0", "1", "3"),
    "flag": ("on", "off"),
    "distribution": ("400ms", "1s", "3s", "exponential(1s)", "uniform(100ms, 4s)"),
    "size": ("1kB", "300kB"),
    "bandwidth": ("0B/s", "200kB/s"),
    "text": (),
    "lock_steps": ("2s 5s", "1s 3s 20s"),
}
"""What is tried for each kind of setting; for text, which each reads in its own way, by name."""

AMOUNTS = ("1", "2", "5", "20")
GIVES_UP: dict[str, tuple[str, frozenset[str]]] = {
    "mode": (
        "What is deleted on receipt is gone with its handler, whatever that was about to do.",
        frozenset({"done-or-dead", "items-accounted", "no-workflow-vanishes", "no-zombie-records"}),
    ),
    "ttl": (
        "An event that outlives its time is not told, and what waits for it waits for ever.",
        frozenset({"no-workflow-vanishes"}),
    ),
    "marker_retention": (
        "Who forgets that something was done does it again when it comes later than that.",
        frozenset({"effect-once", "charged-once", "processed-means-charged"}),
    ),
    "retry_missing": (
        "A store that settles takes a while to find what was put; who does not try again gives up.",
        frozenset({"found-or-gone"}),
    ),
    "scan_limit": (
        "A lane behind the messages that are looked through is served by nobody.",
        frozenset({"lanes-served"}),
    ),
}
"""Settings that by design give up something promised: why, and which guarantees."""


def given_up(pattern: AnyPattern, settings: Mapping[str, str]) -> frozenset[str]:
    """Return the guarantees that settings give up by what they are meant to do."""
    usual = written(pattern, pattern.settings())
    names = (name for name, text in settings.items() if name in GIVES_UP and text != usual[name])
    return frozenset().union(*(GIVES_UP[name][1] for name in names))


def offered(pattern: AnyPattern, setting: Setting) -> list[str]:
    """Return what may be said of one setting alone."""
    found = []
    for text in setting.choices or OFFERED.get(setting.name) or OFFERED[setting.kind]:
        try:
            change(pattern, pattern.settings(), setting.name, text)
        except BadInput:
            continue
        found.append(text)
    return found


def said(pattern: AnyPattern, most: int = 4) -> st.SearchStrategy[dict[str, str]]:
    """Return a few settings, each within its range.

    Left as they are: safeguards, and what switches the idea of the pattern off.
    """
    idea = pattern.switch.partition("=")[0]
    kept = {idea, *(each.setting for each in pattern.safeguards)}
    pairs = [
        (setting.name, text)
        for setting in describe(pattern)
        if setting.name not in kept
        for text in offered(pattern, setting)
    ]
    return st.lists(st.sampled_from(pairs), max_size=most).map(dict)


def injections(
    fault: Fault, actors: Sequence[tuple[str, str, str]], messages: Sequence[str]
) -> st.SearchStrategy[Inject]:
    """Return injections of a fault.

    Args:
        fault: The fault.
        actors: Name, role and kind of each actor.
        messages: Messages it may be meant for.
    """
    if fault.target == "message":
        targets = list(messages)
    else:
        targets = [name for name, *parts in actors if fault.concerns(*parts)]
    amounts = AMOUNTS if fault.amount else ()
    return st.builds(
        Inject, st.just(fault.name), st.sampled_from(["", *targets]),
        st.sampled_from(["", *amounts]),
    )  # fmt: skip
