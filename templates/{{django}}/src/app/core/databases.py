"""Databases: what the setting `DATABASE_URL` means for Django, and which errors pass by themselves.

How SQLite and PostgreSQL differ is described in docs/decisions/0071-two-databases.md.
"""

from typing import Any
from urllib.parse import unquote

from django.db import DatabaseError, Error, InterfaceError, OperationalError

BUSY_SECONDS = 20
CONNECT_SECONDS = 5
KEEP_SECONDS = 300
STATEMENT_TIMEOUT = "-c statement_timeout=30s"

# Nothing is wrong with the statement, and the same again may do.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING_STATES = (
    "08",  # connection
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53",  # out of connections, memory, disk
    "55P03",  # a lock that was not to be had in time
    "57",  # shutting down, timed out
)
# https://www.sqlite.org/rescode.html
_PASSING_NAMES = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_LOCKED")


def database_settings(url: str) -> dict[str, Any]:
    """Say in Django's words which database a URL means.

    Args:
        url: As in the setting `DATABASE_URL`, which has been checked.
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
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    options: dict[str, Any] = dict(conninfo_to_dict(url))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname", None) or options.get("user", ""),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "CONN_MAX_AGE": KEEP_SECONDS,
        # A connection that a restarted server closed is replaced.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "options": STATEMENT_TIMEOUT, **options},
    }


def is_passing(error: Error) -> bool:
    """Whether the database is at fault, and not the statement: the same again may do."""
    cause = error.__cause__
    if state := getattr(cause, "sqlstate", None):
        return str(state).startswith(_PASSING_STATES)
    if name := getattr(cause, "sqlite_errorname", None):
        return str(name).startswith(_PASSING_NAMES)
    # The server has not got as far as an answer.
    return isinstance(error, OperationalError | InterfaceError)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error of any kind says that the database does not answer."""
    return isinstance(error, DatabaseError | InterfaceError) and is_passing(error)
