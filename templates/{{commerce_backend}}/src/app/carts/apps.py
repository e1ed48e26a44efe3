"""Carts as a Django application."""

from django.apps import AppConfig


class CartsConfig(AppConfig):
    """Carts."""

    name = "app.carts"
