"""Access tokens: JSON Web Tokens (RFC 7519), signed with the setting `SECRET_KEY`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import jwt

from app.core.errors import NotAuthenticatedError

ALGORITHM = "HS256"
EXPIRED = "token_expired"
"""The code of the error about a token that was good once."""


class Tokens:
    """Issues and reads tokens, whose claims are whole numbers: of a user, of a session, ...

    A token is only read as one that has all the claims asked for. So tokens for different purposes
    need claims of different names, and none of them passes for another.

    Args:
        secret: The key that signs them; who knows it can sign in as anybody.
        lifetime: How long a token is good.
    """

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._secret = secret
        self._lifetime = lifetime

    def issue(self, *, lifetime: timedelta | None = None, **claims: int) -> str:
        """Make a token that is good from now on.

        Args:
            lifetime: How long, if not as long as others.
            **claims: What it says.
        """
        issued = datetime.now(UTC)
        payload = {
            # The registered claim is text: RFC 7519, section 4.1.2.
            **{name: str(value) if name == "sub" else value for name, value in claims.items()},
            "iat": issued,
            "exp": issued + (lifetime or self._lifetime),
        }
        return jwt.encode(payload, self._secret, ALGORITHM)

    def read(self, token: str, *names: str) -> tuple[int, ...]:
        """Check a token's signature and time, and return what it says.

        Args:
            token: The token.
            *names: The claims that are wanted.

        Returns:
            Their values, in this order.

        Raises:
            NotAuthenticatedError: It is not one of ours, or its time is over.
        """
        try:
            payload = jwt.decode(
                token,
                self._secret,
                # Never the algorithm that the token itself names: RFC 8725, section 3.1.
                algorithms=[ALGORITHM],
                options={"require": [*names, "iat", "exp"]},
            )
            return tuple(int(payload[name]) for name in names)
        except jwt.ExpiredSignatureError:
            raise NotAuthenticatedError(
                "The token has expired. Sign in again.", code=EXPIRED
            ) from None
        except (jwt.InvalidTokenError, TypeError, ValueError):
            raise NotAuthenticatedError(
                "The token is not valid. Sign in again.", code="token_invalid"
            ) from None


def token_from_header(authorization: str, schemes: Sequence[str]) -> str:
    """Take the token out of an Authorization header.

    Args:
        authorization: The header.
        schemes: The words that may stand before a token, the usual one first.

    Raises:
        NotAuthenticatedError: It has another form.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() not in {each.lower() for each in schemes} or not token.strip():
        raise NotAuthenticatedError(
            f'The Authorization header must be "{schemes[0]}" and your token.', code="token_invalid"
        )
    return token.strip()
