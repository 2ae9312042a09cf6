"""Metrics, made ready to be read."""

from __future__ import annotations

from functools import lru_cache

from mailrail_patterns.projections.measures import Measure, Number
from mailrail_patterns.run import Run
from mailrail_patterns.sizes import exact_size, write_size

from .frames import MetricRow
from .narration import seconds


def measures_of(run: Run) -> dict[str, Measure]:
    """Return what there is to know of each metric: the common ones, then the pattern's own."""
    picture = run.picture
    return {m.name: m for m in (*picture.common.measures, *picture.own.measures)}


def metric_rows(run: Run) -> tuple[MetricRow, ...]:
    """Return every metric as of the playhead: the common ones, then the pattern's own."""
    measures = measures_of(run)
    rows = []
    for name, value in run.metrics().items():
        measure = measures.get(name)
        unit = measure.unit if measure else ""
        rows.append(MetricRow(name, number(value, unit), measure.about if measure else "", unit))
    return tuple(rows)


def number_text(value: Number) -> str:
    """Write a metric's value; ``–`` where there is none yet."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value}"
    return f"{value:.3f}".rstrip("0").rstrip(".")


@lru_cache(4096, typed=True)  # most values of a frame are those of the frame before
def amount(value: Number, unit: str) -> tuple[str, str]:
    """Write a metric's value and the unit it is told in: ``30`` and ``MB``, not 30000000 bytes."""
    if unit != "B" or value is None:
        return number_text(value), unit
    text, _, unit = write_size(value).partition(" ")
    return text, unit


def number(value: Number | str, unit: str = "") -> str:
    """Write a measured value: seconds, rates and sizes with their unit, ``–`` for none."""
    if isinstance(value, str):
        return value
    if value is None:
        return number_text(value)
    if unit == "s":
        return seconds(value)
    if unit == "B" and isinstance(value, int):
        return exact_size(value)
    text = number_text(value)
    return f"{text}/s" if unit == "/s" else text
