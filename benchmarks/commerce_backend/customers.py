"""Make customers who are signed in and have a cart. Runs in the project's Python.

    python customers.py COUNT     with the project's environment variables set

Prints a line for each: the access token, and the keys of the session, the user and the cart.
"""

import sys
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django
from django.utils.timezone import now


def make(count: int) -> list[tuple[str, Any, Any, int]]:
    """Write the rows, as registering and filling a cart would have."""
    from app.accounts import tokens  # noqa: PLC0415 - Django has to be set up
    from app.accounts.models import Session, User  # noqa: PLC0415
    from app.carts.models import Cart  # noqa: PLC0415

    # The one password that nobody has: hashing takes long on purpose.
    users = [User(email=f"customer-{number}@example.com", password="!") for number in range(count)]
    User.objects.bulk_create(users)
    moment = now()
    sessions = [
        Session(
            user=user,
            refresh_id=uuid4().hex,
            password_mark=user.get_session_auth_hash(),
            expires_at=moment + timedelta(days=1),
        )
        for user in users
    ]
    Session.objects.bulk_create(sessions)
    carts = Cart.objects.bulk_create(Cart(customer=user) for user in users)
    return [
        (tokens.issue(session.pk, tokens.new_refresh()).access, session.pk, user.pk, cart.pk)
        for session, user, cart in zip(sessions, users, carts, strict=True)
    ]


if __name__ == "__main__":
    django.setup()
    for customer in make(int(sys.argv[1])):
        print(*customer)
