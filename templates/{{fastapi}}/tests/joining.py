"""Registering and signing in, by the means that `people.py` says the project has."""

import people
from httpx2 import AsyncClient, Response
from visitors import Visitor

PASSWORD = "correct horse battery"


async def register(client: AsyncClient, name: str, *, email: str | None = None) -> Response:
    """Send a registration."""
    body = people.registration(name, email or f"{name}@example.com", PASSWORD)
    return await Visitor(client).post(people.REGISTER, body)


async def sign_in(client: AsyncClient, name: str, password: str = PASSWORD) -> Response:
    """Send a login of somebody who registered."""
    return await log_in(client, f"{name}@example.com", password)


async def log_in(client: AsyncClient, email: str, password: str = PASSWORD) -> Response:
    """Send a login with an address."""
    return await Visitor(client).post(people.LOGIN, people.login(email, password))


async def enter(client: AsyncClient, name: str) -> Visitor:
    """Register somebody, who then sends requests."""
    return Visitor(client, name, people.token_of(await register(client, name)))


async def change_password(visitor: Visitor, new: str, current: str = PASSWORD) -> Response:
    """Change somebody's password."""
    method, path, body = people.new_password(new, current)
    return await visitor.request(method, path, json=body)
