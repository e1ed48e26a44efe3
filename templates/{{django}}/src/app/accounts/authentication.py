"""Who asks: the user whose access token stands in the Authorization header."""

from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from app.accounts.models import Session, User
from app.accounts.tokens import is_good, read_access, revoked
from app.core.errors import NotAuthenticatedError

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """Reads the token and looks for its session, with every request.

    So a session that has ended is over at once, as is one of a user who was deactivated or has
    another password. A token that is no good is an error where signing in is optional too: without
    it, a signed-in user would see what is meant for somebody else.
    """

    def authenticate(self, request: Request) -> tuple[User, UUID] | None:
        """Return the user and the session, or nothing where there is no header.

        Raises:
            NotAuthenticatedError: The header has another form, or its token is no good.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, token = str(header).partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise NotAuthenticatedError(
                'The Authorization header must be "Bearer" and an access token.',
                code="token_invalid",
            )
        claims = read_access(token.strip())
        found = Session.objects.select_related("user").filter(pk=claims.session).first()
        if found is None or not is_good(found):
            raise revoked()
        return found.user, found.pk

    def authenticate_header(self, request: Request) -> str:
        """How to sign in: RFC 6750."""
        del request
        return "Bearer"
