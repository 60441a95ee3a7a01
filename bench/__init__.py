"""Measurements, each run by hand: ``python -m bench.NAME``."""
