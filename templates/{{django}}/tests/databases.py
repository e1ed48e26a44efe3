"""Databases for tests that migrate or start processes: made and dropped here, under fresh names."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from app.core.databases import database_settings


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
    def lent(self, *, copy_of: str | None = None) -> Iterator[str]:
        """Make a database for a while: an empty one, or a copy of one that nobody uses just now."""
        name = f"test_{uuid4().hex}"
        if self.server is None:
            file = self.folder / f"{name}.db"
            if copy_of:
                shutil.copyfile(copy_of.removeprefix("sqlite:///"), file)
            yield f"sqlite:///{file}"
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
            return
        template = urlsplit(copy_of).path.strip("/") if copy_of else "template1"
        self._ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield urlsplit(self.server)._replace(path=f"/{name}").geturl()
        finally:
            # Whoever is connected to it.
            self._ask(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.server or "", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Have Django use another database for a while, as if the settings named it."""
    before = connections[DEFAULT_DB_ALIAS]
    settings = connections.configure_settings({DEFAULT_DB_ALIAS: database_settings(url)})
    backend = load_backend(settings[DEFAULT_DB_ALIAS]["ENGINE"])
    connection = backend.DatabaseWrapper(settings[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connection.close()
        connections[DEFAULT_DB_ALIAS] = before


def tables(url: str) -> set[str]:
    """The names of a database's tables."""
    with connected(url):
        return set(connections[DEFAULT_DB_ALIAS].introspection.table_names())
