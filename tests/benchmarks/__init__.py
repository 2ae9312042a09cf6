"""Ratios against peers measured in the same run; by hand: ``python tests/benchmarks``."""
