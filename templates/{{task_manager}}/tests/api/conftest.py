"""Scenes that tests of several files begin with."""

import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from team import Pair, team
from ticking import moments


@pytest.fixture
async def pair(client: AsyncClient, database: RolledBack) -> Pair:
    """An owner, Ada, and a member, Bob."""
    ada, bob = await team(client, database, ada="owner", bob="member")
    return ada, bob


@pytest.fixture
async def commenters(pair: Pair) -> Pair:
    """The same two, and a task of Ada's."""
    await pair[0].add()
    return pair


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks are written a second after each other."""
    times = moments()
    monkeypatch.setattr("app.tasks.service.now", lambda: next(times))
