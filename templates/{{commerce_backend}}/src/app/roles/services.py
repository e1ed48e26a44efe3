"""Giving roles, and taking them back."""

from enum import StrEnum

from django.contrib.auth.models import Group
from django.db import transaction

from app.accounts.models import User


class Role(StrEnum):
    """What somebody is to the shop. The migration `0001_roles` says what each may do."""

    CUSTOMER = "customer"
    SUPPORT = "support"
    MERCHANDISER = "merchandiser"
    ADMINISTRATOR = "administrator"


STAFF = (Role.SUPPORT, Role.MERCHANDISER, Role.ADMINISTRATOR)
"""These have a group each, and may sign in to the admin. A customer needs neither."""


def role_set(*, user: User, role: Role) -> None:
    """Give somebody one role in the place of those that they had."""
    with transaction.atomic():
        user.groups.remove(*Group.objects.filter(name__in=STAFF))
        if role in STAFF:
            user.groups.add(Group.objects.get(name=role))
        user.is_staff = role in STAFF
        user.save(update_fields=["is_staff"])
