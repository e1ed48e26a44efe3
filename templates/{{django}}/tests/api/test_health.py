"""Health over HTTP: what a load balancer and a person on call are told."""

import logging
from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from support import Api

READY = (200, {"status": "ok"})
NOT_MIGRATED = (503, {"status": "database not migrated"})
UNAVAILABLE = (503, {"status": "database unavailable"})


def asked(api: Api, path: str, **headers: str) -> tuple[int, Any]:
    response = api.get(path, **headers)
    return response.status_code, response.json()


@pytest.mark.django_db
def test_a_migrated_database_is_ready(api: Api) -> None:
    assert asked(api, "/health/ready") == READY


@pytest.mark.django_db
def test_tables_that_are_newer_than_the_program_are_ready(api: Api) -> None:
    MigrationRecorder(connection).record_applied("accounts", "9999_of_the_next_version")
    assert asked(api, "/health/ready") == READY


@pytest.mark.django_db
def test_tables_that_are_older_than_the_program_are_not_ready(api: Api) -> None:
    MigrationRecorder(connection).record_unapplied("accounts", "0001_users_and_sessions")
    assert asked(api, "/health/ready") == NOT_MIGRATED


@pytest.mark.django_db
def test_a_database_without_any_tables_is_not_ready(api: Api) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
    assert asked(api, "/health/ready") == NOT_MIGRATED


@pytest.mark.django_db
def test_looking_takes_one_statement(api: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        api.get("/health/ready")


@pytest.mark.django_db
def test_without_its_database_it_is_alive_but_not_ready(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    assert asked(api, "/health/live") == READY
    assert asked(api, "/health/ready") == UNAVAILABLE
    (logged,) = [record for record in caplog.records if record.name == "app.core.health"]
    assert (logged.levelno, logged.getMessage()) == (logging.WARNING, "database not ready")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.django_db
def test_a_probe_may_ask_by_any_name_and_without_encryption(
    api: Api, path: str, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert asked(api, path, host="10.1.2.3:8000") == READY
