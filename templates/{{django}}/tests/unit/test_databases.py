"""What `DATABASE_URL` means to Django."""

import pytest

from app.core.databases import PATIENCE, database_settings
from app.core.environment import SettingsError


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///app.db", "app.db"),
        ("sqlite:///data/app.db", "data/app.db"),
        ("sqlite:////data/app.db", "/data/app.db"),
        ("sqlite:////with%20space/app.db", "/with space/app.db"),
    ],
)
def test_sqlite_is_a_file(url: str, path: str) -> None:
    found = database_settings(url)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", path)
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "shop",
    "USER": "app",
    "PASSWORD": "p@ss/wörd %",
    "HOST": "db.example.com",
    "PORT": "5433",
}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_is_read_as_its_own_client_reads_it(scheme: str) -> None:
    url = f"{scheme}://app:p%40ss%2Fw%C3%B6rd%20%25@db.example.com:5433/shop?sslmode=require"
    found = database_settings(url)
    assert {name: found[name] for name in POSTGRESQL} == POSTGRESQL
    assert found["OPTIONS"] == {**PATIENCE, "sslmode": "require"}
    assert found["CONN_HEALTH_CHECKS"]


def test_what_the_url_says_goes_before_our_choice() -> None:
    found = database_settings("postgresql://db/shop?connect_timeout=60&options=")
    assert (found["OPTIONS"]["connect_timeout"], found["OPTIONS"]["options"]) == ("60", "")


def test_a_database_is_named_after_its_user_if_it_has_no_name() -> None:
    assert database_settings("postgresql://app@db")["NAME"] == "app"


def test_a_database_may_be_named_by_the_clients_own_list_of_services() -> None:
    found = database_settings("postgresql:///?service=shop")
    assert (found["NAME"], found["OPTIONS"]["service"]) == ("", "shop")


NOT_UNDERSTOOD = (
    "PostgreSQL's client does not understand it. After the ? stand parameters that libpq knows,"
    " such as sslmode=require; a password's own % is written %25."
)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "postgresql://localhost",
            "must name a database, as postgresql://user:password@host/name does",
        ),
        ("postgresql://app:hunter2@db/shop?colour=red", NOT_UNDERSTOOD),
        ("postgresql://app:hunter2%zz@db/shop", NOT_UNDERSTOOD),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_the_password(url: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        database_settings(url)
    assert str(caught.value) == f"DATABASE_URL: {message}"


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://app@[2001:db8::1]:5432/shop", "2001:db8::1", "5432"),
        ("postgresql:///shop?host=/run/postgresql", "/run/postgresql", ""),
        ("postgresql://a,b/shop", "a,b", ","),
    ],
)
def test_hosts_may_be_of_any_kind(url: str, host: str, port: str) -> None:
    found = database_settings(url)
    assert (found["HOST"], found["PORT"]) == (host, port)
