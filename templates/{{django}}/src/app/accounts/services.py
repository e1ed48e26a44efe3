"""What can be done with accounts and sessions."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from rest_framework.request import Request

from app.accounts import tokens
from app.accounts.hooks import signed_in
from app.accounts.models import (
    EMAIL_IS_UNIQUE,
    EMAIL_IS_UNIQUE_IN_ANY_CASE,
    Session,
    User,
)
from app.accounts.tokens import Tokens
from app.core.conflicts import conflicts
from app.core.errors import ConflictError, FieldProblem, NotAuthenticatedError
from app.core.text import email_key
from app.core.validation import invalid_fields

_email_taken = partial(
    ConflictError,
    "There is an account with this e-mail address already. Sign in instead.",
    code="email_taken",
)
TAKEN = {EMAIL_IS_UNIQUE: _email_taken, EMAIL_IS_UNIQUE_IN_ANY_CASE: _email_taken}
PATIENCE = timedelta(seconds=10)
"""For how long after a refresh token was used it may come again without suspicion.

Two tabs of one browser may use it at the same moment: one of them succeeds, and that is no theft.
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in, and their tokens."""

    user: User
    tokens: Tokens


def user_register(*, email: str, password: str, request: Request) -> SignedIn:
    """Make an account, and sign in to it.

    Args:
        email: The address to sign in with.
        password: The password.
        request: The request, for the project's hooks.

    Raises:
        BadRequestError: The password is too simple.
        ConflictError: The address is taken.
    """
    user = User(email=email_key(email))
    _check_password(password, user)
    # Before the transaction: while one is open, it would keep others waiting.
    user.set_password(password)
    with transaction.atomic():
        with conflicts(TAKEN):
            user.save(force_insert=True)
        return _open(user, request)


def user_authenticate(*, email: str, password: str) -> User:
    """Find who has this address and this password.

    Nothing is held while the password is checked: no transaction, no lock.

    Raises:
        NotAuthenticatedError: Nobody. Neither words nor time tell which of both is wrong.
    """
    user = User.objects.filter(email=email_key(email)).first()
    if user is None:
        # As long as it takes to check one.
        User().set_password(password)
    if user is None or not user.check_password(password) or not user.is_active:
        raise wrong_credentials()
    return user


def session_open(*, user: User, request: Request) -> SignedIn:
    """Sign somebody in who has shown who they are.

    Args:
        user: Who, as they were when their password was checked.
        request: The request, for the project's hooks.

    Raises:
        NotAuthenticatedError: Another request has changed the password meanwhile.
    """
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
        if current is None or current.password != user.password or not current.is_active:
            raise wrong_credentials()
        return _open(current, request)


def session_refresh(*, refresh: str) -> Tokens:
    """Give new tokens for a refresh token, once.

    Of several requests with the same token, one gets new ones. The others are refused; if they come
    later than can be explained, the token was stolen from one or the other, and the session ends.

    Raises:
        NotAuthenticatedError: The token is no good, or has been used before.
    """
    claims = tokens.read_refresh(refresh)
    session = Session.objects.select_related("user").filter(pk=claims.session).first()
    if session is None or not tokens.is_good(session):
        raise tokens.revoked()
    moment, new = now(), tokens.new_refresh()
    this = Session.objects.filter(pk=session.pk)
    # One statement, so whoever comes second finds another identifier there.
    renewed = this.filter(refresh_id=claims.token).update(
        refresh_id=new.id, renewed_at=moment, expires_at=new.expires_at
    )
    if not renewed:
        this.exclude(refresh_id=claims.token).filter(renewed_at__lt=moment - PATIENCE).delete()
        raise NotAuthenticatedError(
            "This token has been used before. Use the one that you got for it, or sign in again.",
            code="token_reused",
        )
    return tokens.issue(session.pk, new)


def session_revoke(*, refresh: str) -> None:
    """Sign out: the session's tokens are no good any more, at once.

    Raises:
        NotAuthenticatedError: The token is not one of ours, or its time is over.
    """
    # Any token of the session will do, also one that has been used: who has it may end it.
    Session.objects.filter(pk=tokens.read_refresh(refresh).session).delete()


def sessions_prune() -> int:
    """Remove sessions whose time is over; return how many."""
    return Session.objects.filter(expires_at__lte=now()).delete()[0]


def user_rename(*, user: User, name: str) -> User:
    """Change what somebody is called."""
    user.name = name
    user.save(update_fields=["name"])
    return user


def password_change(*, user: User, current: str, new: str) -> User:
    """Change a password. It ends all sessions, the one that asks for it too.

    Raises:
        BadRequestError: The current password is wrong, or the new one is too simple.
        NotAuthenticatedError: Another request has changed the password meanwhile.
    """
    if not user.check_password(current):
        raise invalid_fields([FieldProblem("current_password", "is wrong")])
    checked = user.password
    _check_password(new, user)
    user.set_password(new)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, password=checked).update(password=user.password)
        if not changed:
            raise tokens.revoked()
        Session.objects.filter(user=user).delete()
    return user


def wrong_credentials() -> NotAuthenticatedError:
    """The answer to an address and a password that do not belong together."""
    return NotAuthenticatedError(
        "The e-mail address or the password is wrong.", code="wrong_credentials"
    )


def _open(user: User, request: Request) -> SignedIn:
    moment, refresh = now(), tokens.new_refresh()
    user.last_login = moment
    user.save(update_fields=["last_login"])
    # There is nobody else to clean up, and few have many.
    Session.objects.filter(user=user, expires_at__lte=moment).delete()
    session = Session.objects.create(
        user=user,
        refresh_id=refresh.id,
        password_mark=user.get_session_auth_hash(),
        renewed_at=moment,
        expires_at=refresh.expires_at,
    )
    signed_in(request, user)
    return SignedIn(user, tokens.issue(session.pk, refresh))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise invalid_fields(
            [FieldProblem("password", message) for message in error.messages]
        ) from None
