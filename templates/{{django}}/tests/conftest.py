"""Fixtures for tests of every folder.

Tests that ask the database are marked with `django_db`; nothing of what they write is left. Those
that need transactions for real are marked with `django_db(transaction=True)`. Tests that migrate,
or that start processes, take `fresh_url` or `migrated_url`.
"""

import logging
from collections.abc import Iterator

import hypothesis
import pytest
from databases import Databases, connected
from django.core.management import call_command
from isolated_settings import TEST_SERVER
from pytest_django import DjangoDbBlocker
from support import Api

from app.core.throttling import login_throttle


@pytest.fixture(scope="session", autouse=True)
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No `.env` of this folder reaches the tests. Variables do not either: `isolated_settings`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        yield


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """What a test sets up for logging ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def forgetful_throttle() -> None:
    """Nobody has tried to sign in before."""
    login_throttle.cache_clear()


@pytest.fixture
def api() -> Api:
    """Somebody who sends requests, and is not signed in."""
    return Api()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes databases: on the PostgreSQL server at TEST_DATABASE_URL, else SQLite files."""
    return Databases(tmp_path_factory.mktemp("databases"), TEST_SERVER)


@pytest.fixture
def fresh_url(databases: Databases) -> Iterator[str]:
    """The URL of a database without tables, for this test alone."""
    with databases.lent() as url:
        yield url


@pytest.fixture(scope="session")
def pattern(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a migrated database that is only copied: migrating takes longer than copying."""
    with databases.lent() as url:
        with django_db_blocker.unblock(), connected(url):
            call_command("migrate", verbosity=0)
        yield url


@pytest.fixture
def migrated_url(databases: Databases, pattern: str) -> Iterator[str]:
    """The URL of a migrated database without rows, for this test alone."""
    with databases.lent(copy_of=pattern) as url:
        yield url


# What Hypothesis tries is the same each time, and may take as long as this machine needs.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")
