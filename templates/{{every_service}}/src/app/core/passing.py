"""Errors of databases that pass: nothing is wrong with the statement, and the same again may do."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = (
    "08",  # connection
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53",  # out of connections, memory, disk
    "55P03",  # a lock that was not to be had in time
    "57",  # shutting down, timed out
)
# https://www.sqlite.org/rescode.html
_NAMES = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_LOCKED")


def code_of(error: BaseException | None) -> str:
    """What a driver calls an error: an SQLSTATE, or SQLite's name; empty where it says neither."""
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""


def is_passing_code(code: str) -> bool:
    """Whether the database was at fault, and not the statement."""
    return code.startswith((*_STATES, *_NAMES))
