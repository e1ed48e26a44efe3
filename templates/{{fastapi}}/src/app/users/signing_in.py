"""Signing in: the password is checked, and how often that is tried is counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.core.database import Database
from app.core.dependencies import DatabaseDep, LoginThrottleDep, PasswordsDep
from app.core.passwords import Passwords
from app.core.text import email_key
from app.core.throttling import LoginThrottle
from app.users.credentials import authenticate
from app.users.fields import Login
from app.users.models import User


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Checks who somebody at an address says to be."""

    database: Database
    passwords: Passwords
    throttle: LoginThrottle
    address: str

    async def check(self, login: Login) -> User:
        """Find who this is.

        Raises:
            NotAuthenticatedError: Nobody has this address and this password.
            TooManyRequestsError: It was tried too often.
        """
        email = email_key(login.email)
        async with self.attempt(email):
            return await authenticate(self.database, self.passwords, email, login.password)

    @asynccontextmanager
    async def attempt(self, email: str) -> AsyncIterator[None]:
        """Count the block as an attempt with a password; it was the right one if nothing is raised.

        Args:
            email: The address of the account, as `email_key` writes it.

        Raises:
            TooManyRequestsError: It was tried too often.
        """
        await self.throttle.attempt(email, self.address)
        yield
        await self.throttle.succeeded(email, self.address)


async def _signing_in(
    request: Request, database: DatabaseDep, passwords: PasswordsDep, throttle: LoginThrottleDep
) -> SigningIn:
    address = request.client.host if request.client else ""
    return SigningIn(database, passwords, throttle, address)


SigningInDep = Annotated[SigningIn, Depends(_signing_in)]
