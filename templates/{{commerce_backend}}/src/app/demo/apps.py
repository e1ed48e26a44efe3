"""The demo as a Django application."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo."""

    name = "app.demo"
