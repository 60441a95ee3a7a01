"""What is told when a job has ended, once its row says so."""

from __future__ import annotations

from django.dispatch import Signal

job_ended = Signal()
"""Sent with ``job``; a receiver that fails stops nobody else (``send_robust``)."""
