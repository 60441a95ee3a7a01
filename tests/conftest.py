"""What every test finds: a quick configuration, users of each role, an engine with a reading."""

from __future__ import annotations

import os
from collections.abc import Callable

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from netdash.live import store
from netdash.models import Engine
from netdash.roles import give_role
from netdash.topology.snapshot import Snapshot
from tests.brokers import Broker, broker, own_broker, running_broker
from tests.builders import topology
from tests.engine_fixtures import real_engine, real_engine_of_session
from tests.policies import ci, ci_row
from tests.stored import row, tiers

__all__ = [
    "broker",
    "ci",
    "ci_row",
    "own_broker",
    "real_engine",
    "real_engine_of_session",
    "row",
    "running_broker",
    "tiers",
]

# A test run gives the same answer for the same tree; NETDASH_HYPOTHESIS=wild looks further.
hypothesis.settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile("wild", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("NETDASH_HYPOTHESIS") or "steady")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite in a file, as at work: threads that share it in memory do not wait, they fail."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(autouse=True)
def quick_settings(settings: Settings) -> None:
    """Hash passwords quickly and name static files without collecting them first."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}
    settings.WHITENOISE_AUTOREFRESH = True  # looks at a request, not at the folder before it
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]


@pytest.fixture
def sign_in(db: None) -> Callable[[str], Client]:
    """Give a function that signs in a new user of a role ("" for none) and returns the client."""

    def sign_in_as(role: str) -> Client:
        user = User.objects.create_user(f"a-{role or 'nobody'}", password="correct horse")
        if role:
            give_role(user, role)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in_as


@pytest.fixture
def viewer(sign_in: Callable[[str], Client]) -> Client:
    """Sign in who may look."""
    return sign_in("viewer")


@pytest.fixture
def operator(sign_in: Callable[[str], Client]) -> Client:
    """Sign in who may change networks."""
    return sign_in("operator")


@pytest.fixture
def administrator(sign_in: Callable[[str], Client]) -> Client:
    """Sign in who may do everything."""
    return sign_in("administrator")


@pytest.fixture
def engine_row(db: None) -> Engine:
    """An engine that nobody has read yet."""
    return Engine.objects.create(name="Local", slug="local", address="unix:///run/none.sock")


@pytest.fixture
def snapshot() -> Snapshot:
    """Three tiers: web on front, api between front and back, db on back."""
    return topology("web: front", "api: front back", "db: back")


@pytest.fixture
def stored_engine(engine_row: Engine, broker: Broker, snapshot: Snapshot) -> Engine:
    """An engine with a fresh reading of `snapshot` in the store."""
    store.save(engine_row.pk, snapshot)
    return engine_row
