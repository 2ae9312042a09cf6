"""What a shell offers when Tab is pressed; the engine is loaded only then."""

from __future__ import annotations

import typer

Offers = list[tuple[str, str]]


def names(incomplete: str) -> Offers:
    """Offer patterns and bundled scenarios; files are left to the shell."""
    from mailrail_patterns import catalog  # noqa: PLC0415

    found = [(name, catalog.pattern(name).title) for name in catalog.MODULES]
    found += [(name, "scenario") for name in catalog.bundled()]
    return [offer for offer in found if offer[0].startswith(incomplete)]


def patterns(incomplete: str) -> Offers:
    """Offer patterns and broker dialects."""
    from .dialect_sheets import every  # noqa: PLC0415

    found = [offer for offer in names(incomplete) if "/" not in offer[0]]
    dialects = [(each.name, each.title) for each in every()[1:]]
    return found + [offer for offer in dialects if offer[0].startswith(incomplete)]


def sets(context: typer.Context, incomplete: str) -> Offers:
    """Offer the settings of the pattern that was named, then the values of the one begun."""
    from mailrail_patterns import catalog  # noqa: PLC0415
    from mailrail_patterns.settings import describe  # noqa: PLC0415

    pattern = _pattern(context)
    if pattern is None:
        return []
    key, equals, _ = incomplete.partition("=")
    settings = describe(catalog.pattern(pattern))
    if not equals:
        return [(f"{each.name}=", each.knob.about) for each in settings]
    values = {each.name: _values(each.kind, each.choices) for each in settings}
    return [(f"{key}={value}", "") for value in values.get(key.replace("-", "_"), ())]


def _values(kind: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    return ("on", "off") if kind == "flag" else choices


def commands(incomplete: str) -> Offers:
    """Offer the verbs of ``--do`` once a time has been typed."""
    from mailrail_patterns.commands import SYNTAX  # noqa: PLC0415

    when, space, verb = incomplete.partition(" ")
    if not space:
        return [(f"{when or '10s'} {each}", syntax) for each, syntax in SYNTAX.items()]
    return [(f"{when} {each}", SYNTAX[each]) for each in SYNTAX if each.startswith(verb)]


def expectations(context: typer.Context, incomplete: str) -> Offers:
    """Offer the metrics and guarantees of the pattern that was named."""
    pattern = _pattern(context)
    if pattern is None:
        return []
    from .shown import shown  # noqa: PLC0415

    page = shown(pattern)
    return [(metric.name, metric.about) for metric in page.metrics] + [
        (guarantee.name, guarantee.promise) for guarantee in page.guarantees
    ]


def themes(incomplete: str) -> Offers:
    """Offer themes."""
    from .screen import theme_names  # noqa: PLC0415

    return [(name, "theme") for name in theme_names()]


def everywhere(incomplete: str) -> Offers:
    """Offer where a sweep can strike."""
    return [("every-event", "once for each")] if "every-event".startswith(incomplete) else []


def _pattern(context: typer.Context) -> str | None:
    """Return the pattern a half-typed command line is about; None if it cannot be told."""
    from mailrail_patterns.names import BadInput  # noqa: PLC0415

    from .preparation import scenario_of  # noqa: PLC0415

    # An option that still lacks its value leaves what stands before it unread.
    unread = [word for word in context.args if not word.startswith("-")]
    name = context.params.get("name") or next(iter(unread), None)
    try:
        return scenario_of(name).pattern if name else None
    except BadInput:
        return None
