"""Giving roles, and taking them back."""

from enum import StrEnum

from django.contrib.auth.models import Group
from django.db import transaction

from app.accounts.models import User
from app.core.errors import ConflictError


class Role(StrEnum):
    """What somebody is to the shop. The migration `0001_roles` says what each may do."""

    CUSTOMER = "customer"
    SUPPORT = "support"
    MERCHANDISER = "merchandiser"
    ADMINISTRATOR = "administrator"


STAFF = (Role.SUPPORT, Role.MERCHANDISER, Role.ADMINISTRATOR)
"""These have a group each, and may sign in to the admin. A customer needs neither."""


def role_set(*, user: User, role: Role) -> None:
    """Give somebody one role in the place of those that they had; a superuser is none any more.

    Raises:
        ConflictError: The groups are not there, because somebody has deleted them.
    """
    with transaction.atomic():
        groups = {group.name: group for group in Group.objects.filter(name__in=STAFF)}
        if role in STAFF and role not in groups:
            raise ConflictError(
                f"There is no group {role}. `python -m app migrate roles zero` and then"
                " `python -m app migrate` make the groups anew.",
                code="group_missing",
            )
        user.groups.remove(*groups.values())
        if role in STAFF:
            user.groups.add(groups[role])
        user.is_staff, user.is_superuser = role in STAFF, False
        user.save(update_fields=["is_staff", "is_superuser"])
