"""Migrations: up and down, none missing, and several processes at once."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from databases import connected, tables
from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connection
from processes import run
from pytest_django import DjangoDbBlocker


@pytest.fixture(autouse=True)
def any_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """These tests have databases of their own."""
    with django_db_blocker.unblock():
        yield


def migrate(url: str, *target: str) -> None:
    with connected(url):
        call_command("migrate", *target, verbosity=0)


def ours() -> list[AppConfig]:
    """Our applications that have migrations. Those of libraries need not lead down."""
    return [
        config
        for config in apps.get_app_configs()
        if config.name.startswith("app.") and (Path(config.path) / "migrations").is_dir()
    ]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output)
    except SystemExit:
        pytest.fail(f"Models and migrations differ:\n{output.getvalue()}")


def test_migrations_lead_up_and_down_and_up_again(fresh_url: str) -> None:
    own = {model._meta.db_table for config in ours() for model in config.get_models()}
    assert {"accounts_user", "accounts_session"} <= own
    migrate(fresh_url)
    up = tables(fresh_url)
    assert own < up
    for config in ours():
        migrate(fresh_url, config.label, "zero")
    assert tables(fresh_url).isdisjoint(own)
    migrate(fresh_url)
    assert tables(fresh_url) == up


def test_migrating_again_does_nothing(fresh_url: str) -> None:
    migrate(fresh_url)
    output = StringIO()
    with connected(fresh_url):
        call_command("migrate", stdout=output)
    assert "No migrations to apply." in output.getvalue()


def test_several_containers_that_start_at_once_migrate_once(fresh_url: str, tmp_path: Path) -> None:
    if fresh_url.startswith("sqlite"):
        return  # one machine, one process that migrates

    def migrate_there() -> subprocess.CompletedProcess[str]:
        return run("migrate", folder=tmp_path, DATABASE_URL=fresh_url)

    with ThreadPoolExecutor() as pool:
        ended = [future.result() for future in [pool.submit(migrate_there) for _ in range(3)]]
    assert [(each.returncode, each.stderr) for each in ended] == [(0, "")] * 3
    assert sum("Applying accounts." in each.stdout for each in ended) == 1


def test_a_migration_may_take_longer_than_a_request(fresh_url: str) -> None:
    if fresh_url.startswith("sqlite"):
        return

    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    class Watched(StringIO):
        def write(self, text: str) -> int:
            seen.add(limit())
            return len(text)

    seen: set[str] = set()
    with connected(fresh_url):
        assert limit() == "30s"
        call_command("migrate", stdout=Watched())
        assert seen == {"0"}
        assert limit() == "30s"
