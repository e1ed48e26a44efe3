"""Accounts as one of Django's applications, and the admin that one signs in to with them."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    """Users and sessions."""

    name = "app.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default = True

    def ready(self) -> None:
        """Tell drf-spectacular about our tokens."""
        from app.accounts import openapi  # noqa: F401, PLC0415 - importing it is what registers it


class AdminConfig(admin.AdminConfig):
    """The admin, with our site. A project that has its own makes a class like this one."""

    default = False
    default_site = "app.accounts.sites.AdminSite"
