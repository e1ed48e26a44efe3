"""Routes: registration, signing in and out, the account."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts import services
from app.accounts.models import User
from app.accounts.serializers import (
    AccountInput,
    LoginInput,
    RefreshInput,
    RegistrationInput,
    SignedInOutput,
    TokensOutput,
    UserOutput,
)
from app.accounts.services import SignedIn
from app.core.clients import client_address
from app.core.openapi import errors
from app.core.requests import read
from app.core.text import email_key
from app.core.throttling import login_throttle


class Register(APIView):
    """Making an account."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register",
        request=RegistrationInput,
        responses={201: SignedInOutput, **errors(409, 429)},
    )
    def post(self, request: Request) -> Response:
        """Make an account, and sign in to it."""
        data = read(RegistrationInput, request)
        login_throttle().registration(client_address(request))
        signed_in = services.user_register(**data, request=request)
        return Response(_signed_in(signed_in), 201)


class Login(APIView):
    """Signing in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="login",
        request=LoginInput,
        responses={200: SignedInOutput, **errors(401, 429)},
    )
    def post(self, request: Request) -> Response:
        """Sign in, and get two tokens."""
        data = read(LoginInput, request)
        account, address = email_key(data["email"]), client_address(request)
        login_throttle().attempt(account, address)
        user = services.user_authenticate(**data)
        login_throttle().succeeded(account, address)
        return Response(_signed_in(services.session_open(user=user, request=request)))


class Refresh(APIView):
    """Staying signed in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="refresh",
        request=RefreshInput,
        responses={200: TokensOutput, **errors(401)},
    )
    def post(self, request: Request) -> Response:
        """Get two new tokens for a refresh token, which is of no more use then."""
        new = services.session_refresh(**read(RefreshInput, request))
        return Response(TokensOutput(new).data)


class Logout(APIView):
    """Signing out."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="logout",
        request=RefreshInput,
        responses={204: None, **errors(401)},
    )
    def post(self, request: Request) -> Response:
        """End the session of a refresh token; its access tokens are of no more use then either."""
        services.session_revoke(**read(RefreshInput, request))
        return Response(status=204)


class Account(APIView):
    """The account of whoever is signed in."""

    @extend_schema(operation_id="get_account", responses=UserOutput)
    def get(self, request: Request) -> Response:
        """Get the account."""
        return Response(UserOutput(cast(User, request.user)).data)

    @extend_schema(
        operation_id="update_account",
        request=AccountInput,
        responses={200: UserOutput, **errors(429)},
    )
    def patch(self, request: Request) -> Response:
        """Change the name, or the password. A new password ends all sessions."""
        data = read(AccountInput, request)
        user = cast(User, request.user)
        if "password" in data:
            # Whoever got hold of a token must not find out the password by trying.
            address = client_address(request)
            login_throttle().attempt(user.email, address)
            services.password_change(
                user=user, current=data["current_password"], new=data["password"]
            )
            login_throttle().succeeded(user.email, address)
        if "name" in data:
            services.user_rename(user=user, name=data["name"])
        return Response(UserOutput(user).data)


def _signed_in(signed_in: SignedIn) -> object:
    return SignedInOutput(
        {
            "access": signed_in.tokens.access,
            "refresh": signed_in.tokens.refresh,
            "user": signed_in.user,
        }
    ).data
