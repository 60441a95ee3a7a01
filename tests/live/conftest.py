"""Fixtures of the room that keeps everyone current."""

from __future__ import annotations

from tests.brokers import broker, own_broker, running_broker

__all__ = ["broker", "own_broker", "running_broker"]
