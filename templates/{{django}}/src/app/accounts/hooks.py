"""What a project wants to be done when somebody signs in.

The setting `ON_SIGN_IN` names functions. They are called one after the other, within the
transaction that opens the session: what they raise keeps it from being opened. Unlike with signals,
the settings say what happens.
"""

from collections.abc import Callable
from functools import cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from rest_framework.request import Request

from app.accounts.models import User

OnSignIn = Callable[[Request | HttpRequest, User], None]


def signed_in(request: Request | HttpRequest, user: User) -> None:
    """Call each function with the request and with who signs in."""
    for name in settings.ON_SIGN_IN:
        _function(name)(request, user)


@cache
def _function(name: str) -> OnSignIn:
    return cast(OnSignIn, import_string(name))
