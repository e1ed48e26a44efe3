"""Orders as a Django application."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders."""

    name = "app.orders"
