"""Databases: what the setting `DATABASE_URL` means for Django, and which errors pass by themselves.

How SQLite and PostgreSQL differ is described in docs/decisions/0071-two-databases.md.
"""

from typing import Any
from urllib.parse import unquote

from django.db import DatabaseError, Error, InterfaceError, OperationalError

from app.core.environment import SettingsError
from app.core.passing import code_of, is_passing_code

BUSY_SECONDS = 20
CONNECT_SECONDS = 5
KEEP_SECONDS = 300
PATIENCE = {
    "connect_timeout": CONNECT_SECONDS,
    "options": "-c statement_timeout=30s",
    # Of a server that is cut off nothing comes, not even an error: ask whether it is there.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def database_settings(url: str) -> dict[str, Any]:
    """Say in Django's words which database a URL means.

    Args:
        url: As in the setting `DATABASE_URL`, whose scheme has been checked.

    Raises:
        SettingsError: PostgreSQL's client does not understand it, or it names no database.
    """
    if url.startswith("sqlite:"):
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    return _postgresql(url)


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": KEEP_SECONDS,
        "OPTIONS": {
            # A second writer waits instead of failing.
            "timeout": BUSY_SECONDS,
            # A transaction that reads first and then writes would fail at once, without waiting,
            # where another has written in between: https://www.sqlite.org/isolation.html
            "transaction_mode": "IMMEDIATE",
            # Readers go on while one connection writes.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    # Only who uses PostgreSQL needs its driver. It reads the URL itself: it knows what providers
    # put there, such as sslmode.
    from psycopg import ProgrammingError  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        options: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError:
        # What the client says can repeat a part of the password.
        raise SettingsError(
            "DATABASE_URL: PostgreSQL's client does not understand it. After the ? stand parameters"
            " that libpq knows, such as sslmode=require; a password's own % is written %25."
        ) from None
    name = options.pop("dbname", None) or options.get("user", "")
    if not name and "service" not in options:
        raise SettingsError(
            "DATABASE_URL: must name a database, as postgresql://user:password@host/name does"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "CONN_MAX_AGE": KEEP_SECONDS,
        # A connection that a restarted server closed is replaced.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PATIENCE, **options},
    }


def is_passing(error: Error) -> bool:
    """Whether the database is at fault, and not the statement: the same again may do."""
    if code := code_of(error.__cause__):
        return is_passing_code(code)
    # The server has not got as far as an answer.
    return isinstance(error, OperationalError | InterfaceError)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error of any kind says that the database does not answer."""
    return isinstance(error, DatabaseError | InterfaceError) and is_passing(error)
