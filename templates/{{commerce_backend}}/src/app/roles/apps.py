"""Roles as a Django application."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    """Roles."""

    name = "app.roles"
