"""Fixtures for tests of several files: a feed, and mail servers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from feeds import feed_at
from postbox import Postbox

from app.core.database import Database


@pytest.fixture
async def feed(fresh_url: str) -> AsyncIterator[Database]:
    """A feed of activity, in a database without other tables."""
    async with feed_at(fresh_url) as database:
        yield database


@pytest.fixture
async def down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Postbox:
    """A mail server that is trusted, has its port, and is down."""
    box = Postbox()
    monkeypatch.setenv("SSL_CERT_FILE", box.write_authority(tmp_path))
    async with box.open():
        pass
    return box


@pytest.fixture
async def box(down: Postbox) -> AsyncIterator[Postbox]:
    """A mail server that is trusted, and works."""
    async with down.open():
        yield down
