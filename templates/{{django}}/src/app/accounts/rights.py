"""Rights: what staff may do, in the words of Django's permissions."""

from django.contrib.auth.models import AnonymousUser

from app.accounts.models import User


def may(user: User | AnonymousUser, right: str) -> bool:
    """Whether somebody has a right, such as `orders.view_order`.

    Rights are for staff. All others have none, which costs no look into the database.
    """
    return user.is_staff and user.has_perm(right)
