"""Benchmarks: each figure is a ratio inside one run on one machine, never a timed test."""
