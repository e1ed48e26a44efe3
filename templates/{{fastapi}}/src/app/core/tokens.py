"""Access tokens: JSON Web Tokens (RFC 7519), signed with the setting `SECRET_KEY`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from app.core.errors import NotAuthenticatedError

ALGORITHM = "HS256"
SCHEMES = frozenset({"token", "bearer"})


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says.

    Attributes:
        user: The number of the user it was issued to.
        version: The user's token version at that time; when it has moved on, the token is revoked.
    """

    user: int
    version: int


class Tokens:
    """Issues and reads tokens.

    Args:
        secret: The key that signs them; who knows it can sign in as anybody.
        lifetime: How long a token is good.
    """

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._secret = secret
        self._lifetime = lifetime

    def issue(self, claims: Claims) -> str:
        """Make a token that is good from now on."""
        issued = datetime.now(UTC)
        payload = {
            "sub": str(claims.user),
            "ver": claims.version,
            "iat": issued,
            "exp": issued + self._lifetime,
        }
        return jwt.encode(payload, self._secret, ALGORITHM)

    def read(self, token: str) -> Claims:
        """Check a token's signature and time, and return what it says.

        Raises:
            NotAuthenticatedError: It is not one of ours, or its time is over.
        """
        try:
            payload = jwt.decode(
                token,
                self._secret,
                # Never the algorithm that the token itself names: RFC 8725, section 3.1.
                algorithms=[ALGORITHM],
                options={"require": ["sub", "ver", "iat", "exp"]},
            )
            return Claims(int(payload["sub"]), int(payload["ver"]))
        except jwt.ExpiredSignatureError:
            raise NotAuthenticatedError("The token has expired. Sign in again.") from None
        except (jwt.InvalidTokenError, ValueError):
            raise NotAuthenticatedError("The token is not valid. Sign in again.") from None


def token_from_header(authorization: str) -> str:
    """Take the token out of an Authorization header: `Token ...` or `Bearer ...`.

    Raises:
        NotAuthenticatedError: It has another form.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() not in SCHEMES or not token.strip():
        raise NotAuthenticatedError('The Authorization header must be "Token" and your token.')
    return token.strip()
