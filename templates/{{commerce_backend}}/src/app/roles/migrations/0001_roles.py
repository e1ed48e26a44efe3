"""The groups that are roles, with what each may do."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Django makes the rows of permissions after all migrations have run, which is too late for a
# migration that gives them to groups. So those that are needed are made here, as Django would.
NAMES = {
    "accounts.add_user": "Can add user",
    "accounts.change_user": "Can change user",
    "accounts.view_user": "Can view user",
    "catalogue.add_category": "Can add category",
    "catalogue.change_category": "Can change category",
    "catalogue.delete_category": "Can delete category",
    "catalogue.view_category": "Can view category",
    "catalogue.add_product": "Can add product",
    "catalogue.change_product": "Can change product",
    "catalogue.view_product": "Can view product",
    "orders.view_order": "Can view order",
    "orders.cancel_order": "Can cancel orders of others",
    "orders.ship_order": "Can send orders off, and say that they arrived",
    "orders.refund_order": "Can give money back",
    "payments.view_payment": "Can view payment",
}
CATALOGUE = [name for name in NAMES if name.startswith("catalogue.")]
ROLES = {
    "support": ["orders.view_order", "orders.cancel_order", "payments.view_payment"],
    "merchandiser": CATALOGUE,
    "administrator": [*NAMES],
}


def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the groups, and what permissions they need."""
    # Of the database that is migrated, which need not be the one that is used otherwise.
    rows = partial(_rows, apps, editor.connection.alias)
    permissions = {name: _permission(rows, name, label) for name, label in NAMES.items()}
    for role, names in ROLES.items():
        group, _ = rows("auth", "Group").get_or_create(name=role)
        group.permissions.set([permissions[name] for name in names])


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the groups. Permissions stay: they belong to the models."""
    _rows(apps, editor.connection.alias, "auth", "Group").filter(name__in=ROLES).delete()


def _rows(apps: Apps, database: str, app_label: str, model: str) -> Any:
    return apps.get_model(app_label, model).objects.using(database)


def _permission(rows: Callable[[str, str], Any], name: str, label: str) -> Any:
    app_label, codename = name.split(".")
    content_type, _ = rows("contenttypes", "ContentType").get_or_create(
        app_label=app_label, model=codename.split("_")[1]
    )
    permission, _ = rows("auth", "Permission").get_or_create(
        content_type=content_type, codename=codename, defaults={"name": label}
    )
    return permission


class Migration(migrations.Migration):
    """Roles."""

    dependencies = (
        ("accounts", "0001_users_and_sessions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalogue", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("orders", "0001_initial"),
        ("payments", "0001_initial"),
    )

    operations = (migrations.RunPython(make, remove),)
