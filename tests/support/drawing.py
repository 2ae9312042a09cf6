"""What Hypothesis draws of a pattern: settings within their ranges, faults with aim and amount."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from mailrail_patterns.commands import Inject
from mailrail_patterns.names import BadInput
from mailrail_patterns.pattern import AnyPattern, Fault
from mailrail_patterns.settings import Setting, change, describe

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
}
"""What is tried for each kind of setting."""

AMOUNTS = ("1", "2", "5", "20")
GIVE_UP = frozenset({"marker_retention", "mode", "scan_limit", "ttl"})
"""Settings that by design give up something promised: messages, markers, a wider look."""


def offered(pattern: AnyPattern, setting: Setting) -> list[str]:
    """Return what may be said of one setting alone."""
    found = []
    for text in setting.choices or OFFERED[setting.kind]:
        try:
            change(pattern, pattern.settings(), setting.name, text)
        except BadInput:
            continue
        found.append(text)
    return found


def said(pattern: AnyPattern, most: int = 4) -> st.SearchStrategy[dict[str, str]]:
    """Return a few settings, each within its range.

    Left as they are: safeguards, what switches the idea of the pattern off, and what gives a
    promise up by design.
    """
    idea = pattern.switch.partition("=")[0]
    kept = {*GIVE_UP, idea, *(each.setting for each in pattern.safeguards)}
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
        targets = [name for name, *parts in actors if fault.target in parts]
    amounts = AMOUNTS if fault.amount else ()
    return st.builds(
        Inject, st.just(fault.name), st.sampled_from(["", *targets]),
        st.sampled_from(["", *amounts]),
    )  # fmt: skip
