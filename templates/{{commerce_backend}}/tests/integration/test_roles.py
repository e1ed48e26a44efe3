"""Roles: what the migration gives to each, exactly, and how somebody gets one."""

from collections.abc import Iterator
from io import StringIO

import pytest
from databases import connected
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from pytest_django import DjangoDbBlocker
from shop import join, snapshot
from support import member

from app.accounts.models import User
from app.core.errors import ConflictError
from app.roles.services import STAFF, Role, role_set

CATALOGUE = {
    "catalogue.add_category",
    "catalogue.change_category",
    "catalogue.delete_category",
    "catalogue.view_category",
    "catalogue.add_product",
    "catalogue.change_product",
    "catalogue.view_product",
}
SUPPORT = {"orders.view_order", "orders.cancel_order", "payments.view_payment"}
RIGHTS = {
    "support": SUPPORT,
    "merchandiser": CATALOGUE,
    "administrator": CATALOGUE
    | SUPPORT
    | {
        "orders.ship_order",
        "orders.refund_order",
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_user",
    },
}


def rights() -> dict[str, set[str]]:
    """The groups, and what they may."""
    return {
        group.name: {
            f"{app}.{codename}"
            for app, codename in group.permissions.values_list(
                "content_type__app_label", "codename"
            )
        }
        for group in Group.objects.all()
    }


@pytest.mark.django_db
def test_each_role_has_these_rights_and_no_others() -> None:
    assert rights() == RIGHTS


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_whoever_has_a_role_has_its_rights(role: Role) -> None:
    person = join("sam", role).user
    assert person
    assert person.get_all_permissions() == RIGHTS[role]


@pytest.mark.django_db
def test_nothing_in_the_migration_is_named_otherwise_than_the_models_name_it() -> None:
    """Django makes rows of permissions later; it must find those that the migration made."""
    before = snapshot()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert snapshot() == before


@pytest.fixture
def migrated(migrated_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django uses a database whose tables nobody else needs."""
    with django_db_blocker.unblock(), connected(migrated_url):
        yield


@pytest.mark.usefixtures("migrated")
def test_the_migration_leads_down_and_up_again() -> None:
    assert rights() == RIGHTS
    Group.objects.create(name="of-our-own")
    call_command("migrate", "roles", "zero", verbosity=0)
    assert rights() == {"of-our-own": set()}
    call_command("migrate", verbosity=0)
    assert rights() == {**RIGHTS, "of-our-own": set()}


@pytest.mark.usefixtures("migrated")
def test_each_application_leads_down_with_what_needs_it_and_up_again() -> None:
    up = tables()
    for app, prefixes in {
        "carts": ("carts_",),
        "payments": ("payments_",),
        "catalogue": ("catalogue_", "carts_", "orders_", "payments_"),
    }.items():
        call_command("migrate", app, "zero", verbosity=0)
        assert tables() == {name for name in up if not name.startswith(prefixes)}
        call_command("migrate", verbosity=0)
        assert tables() == up
        assert rights() == RIGHTS


def tables() -> set[str]:
    return set(connection.introspection.table_names())


@pytest.mark.django_db
def test_a_role_takes_the_place_of_another_and_leaves_other_groups() -> None:
    user = member()
    user.groups.add(Group.objects.create(name="of-our-own"))
    for role in (*STAFF, Role.CUSTOMER, *reversed(STAFF)):
        role_set(user=user, role=role)
        user.refresh_from_db()
        names = {group.name for group in user.groups.all()}
        assert names == {"of-our-own"} | ({role.value} if role in STAFF else set())
        assert user.is_staff is (role in STAFF)


def role(*arguments: str) -> str:
    output = StringIO()
    call_command("role", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["ada@example.com", "Ada@Example.COM", " ADA@example.com "])
def test_the_command_gives_a_role_to_an_address_however_it_is_written(email: str) -> None:
    member("ada@example.com")
    member("bob@example.com")
    assert role(email, "support") == "ada@example.com is now: support\n"
    assert User.objects.get(email="ada@example.com").has_perm("orders.cancel_order")
    assert not User.objects.filter(email="bob@example.com", is_staff=True).exists()
    assert role(email, "customer") == "ada@example.com is now: customer\n"
    assert not User.objects.filter(is_staff=True).exists()


@pytest.mark.django_db
def test_somebody_who_is_not_there_gets_no_role() -> None:
    before = snapshot()
    with pytest.raises(CommandError) as caught:
        role("nobody@example.com", "support")
    assert str(caught.value) == (
        "There is nobody with the address nobody@example.com. They register first."
    )
    assert snapshot() == before


@pytest.mark.django_db
def test_an_unknown_role_is_refused() -> None:
    member()
    before = snapshot()
    with pytest.raises(CommandError, match="invalid choice: 'king'"):
        role("ada@example.com", "king")
    assert snapshot() == before


@pytest.mark.django_db
def test_where_a_group_is_missing_it_says_how_to_make_it_and_nothing_is_changed() -> None:
    user = join("sam", Role.SUPPORT).user
    assert user
    Group.objects.filter(name="merchandiser").delete()
    before = snapshot()
    message = (
        "There is no group merchandiser. `python -m app migrate roles zero` and then"
        " `python -m app migrate` make the groups anew."
    )
    with pytest.raises(CommandError) as caught:
        role(user.email, "merchandiser")
    assert str(caught.value) == message
    with pytest.raises(ConflictError) as refused:
        role_set(user=user, role=Role.MERCHANDISER)
    assert (refused.value.message, refused.value.code) == (message, "group_missing")
    assert snapshot() == before


@pytest.mark.django_db
def test_a_superuser_who_gets_a_role_is_none_any_more() -> None:
    root = User.objects.create_superuser("root@example.com", "x")
    role_set(user=root, role=Role.SUPPORT)
    assert User.objects.get().get_all_permissions() == SUPPORT
