"""Databases for tests that migrate or start processes: made and dropped here, under fresh names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from django.db import connections

from app.core.databases import database_settings

OTHER = "other"


@dataclass(frozen=True)
class Databases:
    """Makes databases: SQLite files, or databases on a PostgreSQL server.

    Attributes:
        folder: Where files are made.
        server: A URL of the server to use instead; the database that it names is left alone.
    """

    folder: Path
    server: str | None

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Make an empty database for a while."""
        name = f"test_{uuid4().hex}"
        if self.server is None:
            yield f"sqlite:///{self.folder / name}.db"
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
            return
        self._ask(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(self.server)._replace(path=f"/{name}").geturl()
        finally:
            # Whoever is connected to it.
            self._ask(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.server or "", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def connected(url: str) -> Iterator[str]:
    """Have Django know a database for a while; return the alias under which it does."""
    connections.settings[OTHER] = connections.configure_settings(
        {"default": {}, OTHER: database_settings(url)}
    )[OTHER]
    try:
        yield OTHER
    finally:
        connections[OTHER].close()
        del connections[OTHER]
        del connections.settings[OTHER]


def tables(url: str) -> set[str]:
    """The names of a database's tables."""
    with connected(url) as alias:
        return set(connections[alias].introspection.table_names())
