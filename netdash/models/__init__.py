"""The rows netdash owns. What an engine says is never a row; it is a snapshot."""

from __future__ import annotations

from .cleanup import CleanupPolicy, CleanupRun
from .engines import Engine
from .jobs import Job, JobItem
from .journal import JournalEntry
from .setup import SetupLink, hash_token

__all__ = [
    "CleanupPolicy",
    "CleanupRun",
    "Engine",
    "Job",
    "JobItem",
    "JournalEntry",
    "SetupLink",
    "hash_token",
]
