"""The engines of these tests."""

from __future__ import annotations

from tests.engine_fixtures import (  # noqa: F401
    any_engine,
    any_engine_of_session,
    real_engine,
    real_engine_of_session,
)
