"""Metrics, made ready to be read."""

from __future__ import annotations

from mailrail_patterns.projections.measures import Number
from mailrail_patterns.run import Run
from mailrail_patterns.sizes import exact_size

from .frames import MetricRow
from .narration import seconds


def metric_rows(run: Run) -> tuple[MetricRow, ...]:
    """Return every metric as of the playhead: the common ones, then the pattern's own."""
    picture = run.picture
    measures = {m.name: m for m in (*picture.common.measures, *picture.own.measures)}
    rows = []
    for name, value in run.metrics().items():
        measure = measures.get(name)
        unit = measure.unit if measure else ""
        rows.append(MetricRow(name, number(value, unit), measure.about if measure else "", unit))
    return tuple(rows)


def number(value: Number | str, unit: str = "") -> str:
    """Write a measured value: seconds, rates and sizes with their unit, ``–`` for none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if unit == "s":
        return seconds(value)
    if unit == "B" and isinstance(value, int):
        return exact_size(value)
    text = str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")
    return f"{text}/s" if unit == "/s" else text
