"""Signing in: the password is checked, and how often that is tried is counted."""

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
        await self.throttle.attempt(email, self.address)
        user = await authenticate(self.database, self.passwords, email, login.password)
        await self.throttle.succeeded(email, self.address)
        return user


async def _signing_in(
    request: Request, database: DatabaseDep, passwords: PasswordsDep, throttle: LoginThrottleDep
) -> SigningIn:
    address = request.client.host if request.client else ""
    return SigningIn(database, passwords, throttle, address)


SigningInDep = Annotated[SigningIn, Depends(_signing_in)]
