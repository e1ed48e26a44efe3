"""While a password was hashed, a connection or SQLite's lock was held.

Hashing takes a tenth of a second on purpose, and few are done at once. Dozens of sign-ins waited in
line, each with a connection from the pool, and requests that only wanted to read waited for them.
Changing a password did the same with the lock that every writer needs.
"""

import anyio
import people
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import change_password, enter, sign_in

from app.core.passwords import Passwords


@pytest.fixture
def hashing(own_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> anyio.Event:
    """Hashing and checking take until this is set."""
    passwords: Passwords = own_app.state.passwords
    let_go = anyio.Event()
    verify, hash_ = passwords.verify, passwords.hash

    async def slow_verify(stored: str | None, password: str) -> bool:
        await let_go.wait()
        return await verify(stored, password)

    async def slow_hash(password: str) -> str:
        await let_go.wait()
        return await hash_(password)

    monkeypatch.setattr(passwords, "verify", slow_verify)
    monkeypatch.setattr(passwords, "hash", slow_hash)
    return let_go


async def test_others_read_and_write_while_passwords_are_hashed(
    own_client: AsyncClient, own_app: FastAPI, request: pytest.FixtureRequest
) -> None:
    ada, bob = await enter(own_client, "ada"), await enter(own_client, "bob")
    hashing: anyio.Event = request.getfixturevalue("hashing")
    pool = own_app.state.database.engine.pool.size()

    async with anyio.create_task_group() as group:
        for number in range(2 * pool):
            group.start_soon(sign_in, own_client, f"nobody{number}")
        for _ in range(2 * pool):
            group.start_soon(change_password, ada, "another password")
        await anyio.wait_all_tasks_blocked()
        try:
            with anyio.fail_after(5):
                method, path, body = people.WRITTEN
                assert (await bob.request(method, path, json=body)).status_code == 201
                assert (await bob.get(people.OWN)).status_code == 200
        finally:
            hashing.set()
